package dev.tenancy.example.benchmarks.tenants;

import dev.tenancy.example.benchmarks.harness.Effort;

/** An effort in terms of this benchmark. */
enum TenantsEffort {
    FULL(1_000_000, 1_000_000, 9, 2_000),
    QUICK(1_000_000, 50_000, 3, 500),
    SHAPE(1_000, 100, 1, 20);

    private final int tenants;
    private final int remembered;
    private final int rounds;
    private final int units;

    TenantsEffort(int tenants, int remembered, int rounds, int units) {
        this.tenants = tenants;
        this.remembered = remembered;
        this.rounds = rounds;
        this.units = units;
    }

    static TenantsEffort of(Effort effort) {
        return valueOf(effort.name());
    }

    /** How many tenants there are where there are many. */
    int tenants() {
        return tenants;
    }

    /** Of how many of them the memory is measured. */
    int remembered() {
        return remembered;
    }

    int rounds() {
        return rounds;
    }

    int units() {
        return units;
    }
}
