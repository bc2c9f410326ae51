/** Notes, as an application keeps them that knows no server. */
module dev.tenancy.example.notes {
    requires static transitive org.jspecify;
    requires com.fasterxml.jackson.databind;
    requires com.zaxxer.hikari;
    requires transitive dev.tenancy.core;
    requires transitive dev.tenancy.jdbc;
    requires transitive dev.tenancy.ratelimit;
    requires org.slf4j;

    exports dev.tenancy.example.notes;

    opens dev.tenancy.example.notes to
            com.fasterxml.jackson.databind;
}
