package dev.tenancy.example.benchmarks.limiter;

/** Asks for permits of 10,000 tenants. */
public class Spread extends AcquireOfAll {
    /** Makes the tenants. */
    public Spread() {
        super(10_000);
    }
}
