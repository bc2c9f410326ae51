package dev.tenancy.example.benchmarks.valkey;

import dev.tenancy.example.benchmarks.harness.Effort;
import java.time.Duration;

/** An effort in terms of a server. */
enum ValkeyEffort {
    FULL(5, Duration.ofSeconds(3), Duration.ofSeconds(6)),
    QUICK(2, Duration.ofMillis(800), Duration.ofSeconds(4)),
    SHAPE(1, Duration.ofMillis(30), Duration.ofMillis(30));

    private final int rounds;
    private final Duration time;
    private final Duration warmUp;

    ValkeyEffort(int rounds, Duration time, Duration warmUp) {
        this.rounds = rounds;
        this.time = time;
        this.warmUp = warmUp;
    }

    static ValkeyEffort of(Effort effort) {
        return valueOf(effort.name());
    }

    int rounds() {
        return rounds;
    }

    /** How long each runs before anything is measured. */
    Duration warmUp() {
        return warmUp;
    }

    /** How long each takes part in a round. */
    Duration time() {
        return time;
    }
}
