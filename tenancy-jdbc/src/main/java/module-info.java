/** The database enforces: connections bound to a tenant, row-level security. */
module dev.tenancy.jdbc {
    requires static transitive org.jspecify;
    requires transitive dev.tenancy.core;
    requires transitive java.sql;
    requires org.slf4j;
    requires static org.postgresql.jdbc;
    requires static org.jdbi.v3.core;
    requires static micrometer.core;
    requires static org.junit.jupiter.api;
    // The classes of the PostgreSQL driver are annotated with it; without it the compiler warns.
    requires static org.checkerframework.checker.qual;

    exports dev.tenancy.jdbc;
    exports dev.tenancy.jdbc.audit;
    exports dev.tenancy.jdbc.conversion;
    exports dev.tenancy.jdbc.jdbi;
    exports dev.tenancy.jdbc.micrometer;
    exports dev.tenancy.jdbc.testing;
}
