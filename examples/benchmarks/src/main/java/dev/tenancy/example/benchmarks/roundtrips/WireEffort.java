package dev.tenancy.example.benchmarks.roundtrips;

import dev.tenancy.example.benchmarks.harness.Effort;

/** An effort in terms of this benchmark: how many rounds, and how many units of work each way does in one. */
enum WireEffort {
    FULL(9, 100),
    QUICK(3, 20),
    SHAPE(1, 2);

    /** The driver has a statement kept by the server when it is executed for the fifth time. */
    private static final int FEWEST_TO_WARM_UP = 8;

    private final int rounds;
    private final int units;

    WireEffort(int rounds, int units) {
        this.rounds = rounds;
        this.units = units;
    }

    static WireEffort of(Effort effort) {
        return valueOf(effort.name());
    }

    int rounds() {
        return rounds;
    }

    int units(Wire wire) {
        return units * wire.repetitions();
    }

    int warmUpUnits(Wire wire) {
        return Math.max(FEWEST_TO_WARM_UP, units(wire));
    }
}
