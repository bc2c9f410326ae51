package dev.tenancy.example.benchmarks.limiter;

/** Asks for permits of one tenant. */
public class Hot extends AcquireOfAll {
    /** Makes the tenants. */
    public Hot() {
        super(1);
    }
}
