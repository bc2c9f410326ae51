package dev.tenancy.example.benchmarks.limiter;

import org.openjdk.jmh.annotations.Threads;

/** Asks for permits of one tenant, by two threads at once. */
@Threads(2)
public class HotByTwo extends AcquireOfAll {
    /** Makes the tenants. */
    public HotByTwo() {
        super(1);
    }
}
