package dev.tenancy.example.benchmarks.roundtrips;

import dev.tenancy.TenantId;
import dev.tenancy.TenantIdentity;

/**
 * A tenant and its notes.
 *
 * @param identity the tenant
 * @param firstNote the first of the ids of its notes; no other tenant has these
 */
record Borrower(TenantIdentity identity, long firstNote) {
    /** How many notes each has. */
    static final int NOTES = 100;

    static final Borrower ACME = of("acme", 1);
    static final Borrower GLOBEX = of("globex", 1 + NOTES);

    private static Borrower of(String tenant, long firstNote) {
        return new Borrower(TenantIdentity.of(TenantId.of(tenant), "benchmark"), firstNote);
    }
}
