package dev.tenancy.example.benchmarks.harness;

/** How long a benchmark may measure. The metrics are the same whatever the effort. */
public enum Effort {
    /** Minutes: the figures may be quoted. */
    FULL,
    /** Within 40 seconds: the figures are a first impression. */
    QUICK,
    /** Seconds, in the JVM of the caller: the figures mean nothing. For tests of the report. */
    SHAPE
}
