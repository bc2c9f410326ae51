/** Tenancy in front of handlers of the JDK's HTTP server. */
module dev.tenancy.example.jdk {
    requires static org.jspecify;
    requires dev.tenancy.example.notes;
    requires jdk.httpserver;
    requires org.slf4j;
}
