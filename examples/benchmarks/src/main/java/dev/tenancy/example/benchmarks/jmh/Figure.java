package dev.tenancy.example.benchmarks.jmh;

import static java.util.Objects.requireNonNull;

import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;

/** What of a JMH result is reported. */
public enum Figure {
    /** Time of one call. */
    NANOSECONDS("ns") {
        @Override
        double of(RunResult result) {
            return median(result.getPrimaryResult());
        }
    },

    /** What one call allocates, to a hundredth of a byte: the profiler itself allocates a little. */
    BYTES("bytes") {
        @Override
        double of(RunResult result) {
            return Math.round(median(requireNonNull(result.getSecondaryResults().get(ALLOCATED), ALLOCATED)) * 100)
                    / 100.0;
        }
    };

    private static final String ALLOCATED = "gc.alloc.rate.norm";

    private final String unit;

    Figure(String unit) {
        this.unit = unit;
    }

    String unit() {
        return unit;
    }

    abstract double of(RunResult result);

    private static double median(Result<?> result) {
        return result.getStatistics().getPercentile(50);
    }
}
