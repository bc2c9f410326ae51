package dev.tenancy.example.benchmarks.context;

import dev.tenancy.TenantContext;
import dev.tenancy.TenantIdentity;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Asks who is current, on a thread that works for a tenant. */
@State(Scope.Thread)
public class CurrentTenant {
    @SuppressWarnings("NullAway.Init") // JMH calls begin() first.
    private TenantContext.Scope scope;

    /** Opens the scope, on the thread that is measured. */
    @Setup(Level.Iteration)
    public void begin() {
        scope = TenantContext.open(BareThreadLocal.ACME);
        BareThreadLocal.CURRENT.set(BareThreadLocal.ACME);
    }

    /** Closes the scope, which would fail on another thread. */
    @TearDown(Level.Iteration)
    public void end() {
        BareThreadLocal.CURRENT.remove();
        scope.close();
    }

    /** {@return who is current} */
    @Benchmark
    public Optional<TenantIdentity> ours() {
        return TenantContext.current();
    }

    /** {@return who is current} */
    @Benchmark
    public @Nullable TenantIdentity threadLocal() {
        return BareThreadLocal.CURRENT.get();
    }
}
