package dev.tenancy.example.benchmarks.harness;

import java.util.List;

/** One capability of the library, measured beside what one would use instead. */
public interface Benchmark {
    /** {@return what it is called on the command line} */
    String name();

    /** {@return what was measured, by ours and by each peer in the same run} */
    List<Metric> run(Settings settings);
}
