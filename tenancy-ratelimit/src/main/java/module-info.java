/** The guard admits: rate limits and budgets of each tenant. */
module dev.tenancy.ratelimit {
    requires static transitive org.jspecify;
    requires transitive dev.tenancy.core;
    requires transitive java.sql;

    exports dev.tenancy.ratelimit;
}
