package dev.tenancy.example.benchmarks.roundtrips;

import dev.tenancy.example.benchmarks.harness.Samples;
import java.util.ArrayList;
import java.util.List;

/** What units of work of one kind, done in one way, took. */
final class Units {
    private static final double NANOS_PER_MICRO = 1_000;

    private final List<Double> roundTrips = new ArrayList<>();
    private final List<Double> micros = new ArrayList<>();

    void add(long itsRoundTrips, long itsNanos) {
        roundTrips.add((double) itsRoundTrips);
        micros.add(itsNanos / NANOS_PER_MICRO);
    }

    /** The median. */
    double roundTrips() {
        return new Samples(roundTrips).median();
    }

    /** The median. */
    double micros() {
        return new Samples(micros).median();
    }
}
