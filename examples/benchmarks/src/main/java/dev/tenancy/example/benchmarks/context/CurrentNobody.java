package dev.tenancy.example.benchmarks.context;

import dev.tenancy.TenantContext;
import dev.tenancy.TenantIdentity;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;

/** Asks who is current, on a thread that works for nobody. */
public class CurrentNobody {
    /** {@return nobody} */
    @Benchmark
    public Optional<TenantIdentity> ours() {
        return TenantContext.current();
    }

    /** {@return nobody} */
    @Benchmark
    public @Nullable TenantIdentity threadLocal() {
        return BareThreadLocal.CURRENT.get();
    }
}
