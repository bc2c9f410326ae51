package dev.tenancy.jdbc;

import dev.tenancy.TenantId;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What was left of a tenant in one snapshot of the database. Immutable.
 *
 * <p>What it cannot tell is listed at {@link TenantOffboarding}.
 *
 * @param tenant which tenant
 * @param at when, by the clock of the database
 * @param rowsLeft how many rows of the tenant each table has that has the tenant column: every one of them, also
 *     materialized views and foreign tables, which are never erased; by name, qualified and quoted as SQL needs it
 * @param schemasLeft which schemas of the tenant are there
 * @since 0.1
 */
public record ErasureProof(TenantId tenant, Instant at, SortedMap<String, Long> rowsLeft, List<String> schemasLeft) {

    /** Keeps copies. */
    public ErasureProof {
        rowsLeft = Collections.unmodifiableSortedMap(new TreeMap<>(rowsLeft));
        schemasLeft = List.copyOf(schemasLeft);
    }

    /** {@return whether no row and no schema is left} */
    public boolean isErased() {
        return schemasLeft.isEmpty() && rowsLeft.values().stream().allMatch(rows -> rows == 0);
    }
}
