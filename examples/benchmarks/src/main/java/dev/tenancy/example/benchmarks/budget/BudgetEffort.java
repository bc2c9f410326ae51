package dev.tenancy.example.benchmarks.budget;

import dev.tenancy.example.benchmarks.harness.Effort;
import java.time.Duration;

/** An effort in terms of a server. */
enum BudgetEffort {
    FULL(7, Duration.ofSeconds(4)),
    QUICK(2, Duration.ofSeconds(1)),
    SHAPE(1, Duration.ofMillis(50));

    private final int rounds;
    private final Duration time;

    BudgetEffort(int rounds, Duration time) {
        this.rounds = rounds;
        this.time = time;
    }

    static BudgetEffort of(Effort effort) {
        return valueOf(effort.name());
    }

    int rounds() {
        return rounds;
    }

    /** How long each takes part in a round, and before the first. */
    Duration time() {
        return time;
    }
}
