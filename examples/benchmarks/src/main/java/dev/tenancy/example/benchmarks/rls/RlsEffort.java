package dev.tenancy.example.benchmarks.rls;

import dev.tenancy.example.benchmarks.harness.Effort;

/**
 * An effort in terms of this benchmark: the rows of each table, whose they are, how many rounds, and how many queries
 * of each kind in one.
 */
enum RlsEffort {
    FULL(1_000_000, 1_000, 9, 500, 5),
    QUICK(200_000, 200, 5, 200, 3),
    SHAPE(2_000, 10, 1, 5, 1);

    final int rows;
    final int tenants;
    final int rounds;
    final int lookups;
    final int scans;

    RlsEffort(int rows, int tenants, int rounds, int lookups, int scans) {
        this.rows = rows;
        this.tenants = tenants;
        this.rounds = rounds;
        this.lookups = lookups;
        this.scans = scans;
    }

    static RlsEffort of(Effort effort) {
        return valueOf(effort.name());
    }
}
