package dev.tenancy.example.benchmarks.roundtrips;

import java.time.Duration;

/** How far the database is away. */
enum Wire {
    /** The same machine. */
    NONE("0us", Duration.ZERO, 10),
    /** The same data centre. */
    SHORT("500us", Duration.ofNanos(500_000), 3),
    /** Another data centre of the region. */
    LONG("2ms", Duration.ofMillis(2), 1);

    private final String label;
    private final Duration latency;
    private final int repetitions;

    Wire(String label, Duration latency, int repetitions) {
        this.label = label;
        this.latency = latency;
        this.repetitions = repetitions;
    }

    String label() {
        return label;
    }

    /** What a round trip takes longer for it. */
    Duration latency() {
        return latency;
    }

    /** How much more often a unit is measured than on the slowest wire: the quicker it is, the more it is disturbed. */
    int repetitions() {
        return repetitions;
    }
}
