package dev.tenancy.example.benchmarks.valkey;

import dev.tenancy.example.benchmarks.harness.Effort;
import java.time.Duration;

/** An effort in terms of a server. */
enum ValkeyEffort {
    FULL(5, Duration.ofSeconds(3)),
    QUICK(2, Duration.ofMillis(900)),
    SHAPE(1, Duration.ofMillis(30));

    private final int rounds;
    private final Duration time;

    ValkeyEffort(int rounds, Duration time) {
        this.rounds = rounds;
        this.time = time;
    }

    static ValkeyEffort of(Effort effort) {
        return valueOf(effort.name());
    }

    int rounds() {
        return rounds;
    }

    /** How long each takes part in a round. */
    Duration time() {
        return time;
    }
}
