package dev.tenancy.example.benchmarks.limiter;

import org.openjdk.jmh.annotations.Threads;

/** Asks for permits of 10,000 tenants, by two threads at once. */
@Threads(2)
public class SpreadByTwo extends AcquireOfAll {
    /** Makes the tenants. */
    public SpreadByTwo() {
        super(10_000);
    }
}
