package dev.tenancy.example.benchmarks.limiter;

import org.openjdk.jmh.annotations.Fork;

/** Asks for permits of 1,000,000 tenants. */
@Fork(jvmArgsAppend = {"-Xms2g", "-Xmx2g"})
public class Million extends Acquire {
    /** Makes the tenants. */
    public Million() {
        super(1_000_000);
    }
}
