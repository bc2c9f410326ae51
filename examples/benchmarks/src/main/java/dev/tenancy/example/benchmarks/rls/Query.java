package dev.tenancy.example.benchmarks.rls;

import java.util.Locale;

/** What is asked. */
enum Query {
    /** One row by its key. */
    LOOKUP("id = ?"),
    /** All rows of the table are looked at, for those of the tenant. */
    SCAN("amount >= ?");

    private final String condition;

    Query(String condition) {
        this.condition = condition;
    }

    String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    String sql(Protection protection, String tenant) {
        return "SELECT count(*) FROM " + protection.table() + " WHERE " + condition + " AND "
                + protection.restriction(tenant);
    }

    int times(RlsEffort effort) {
        return this == LOOKUP ? effort.lookups : effort.scans;
    }
}
