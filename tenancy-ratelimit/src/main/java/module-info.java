/** The guard admits: rate limits and budgets of each tenant. */
module dev.tenancy.ratelimit {
    requires static transitive org.jspecify;
    requires transitive dev.tenancy.core;
    requires transitive java.sql;
    requires org.slf4j;
    requires static lettuce.core;
    requires static micrometer.core;
    requires static org.junit.jupiter.api;

    exports dev.tenancy.ratelimit;
    exports dev.tenancy.ratelimit.lettuce;
    exports dev.tenancy.ratelimit.micrometer;
    exports dev.tenancy.ratelimit.testing;
}
