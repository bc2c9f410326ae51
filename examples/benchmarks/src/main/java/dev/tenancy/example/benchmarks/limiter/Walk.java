package dev.tenancy.example.benchmarks.limiter;

import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Goes through tenants in no order that a cache could foresee. */
@State(Scope.Thread)
public class Walk {
    private long at = System.nanoTime();

    int next(int tenants) {
        at = at * 6364136223846793005L + 1442695040888963407L;
        return (int) (((at >>> 33) * tenants) >>> 31);
    }
}
