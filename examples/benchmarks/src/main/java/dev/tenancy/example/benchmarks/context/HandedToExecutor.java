package dev.tenancy.example.benchmarks.context;

import dev.tenancy.TenantContext;
import dev.tenancy.TenantIdentity;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Hands a task to an executor that runs it at once, so that nothing but the hand-over is measured. */
@State(Scope.Thread)
@Fork(jvmArgsAppend = "-Dtenancy.context.mdc=false")
public class HandedToExecutor {
    private final Executor bare = Runnable::run;
    private final Executor wrapped = TenantContext.wrap(bare);
    private final Runnable task = this::work;
    private int done;

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

    /** {@return how many tasks were done; this one in the name of who handed it over} */
    @Benchmark
    public int ours() {
        wrapped.execute(task);
        return done;
    }

    /** {@return how many tasks were done; this one in nobody's name} */
    @Benchmark
    public int executor() {
        bare.execute(task);
        return done;
    }

    /** {@return how many tasks were done; this one with the thread-local carried along by hand} */
    @Benchmark
    public int carriedByHand() {
        TenantIdentity captured = BareThreadLocal.CURRENT.get();
        bare.execute(() -> {
            TenantIdentity before = BareThreadLocal.CURRENT.get();
            set(captured);
            try {
                task.run();
            } finally {
                set(before);
            }
        });
        return done;
    }

    private void work() {
        done++;
    }

    private static void set(@Nullable TenantIdentity identity) {
        if (identity == null) {
            BareThreadLocal.CURRENT.remove();
        } else {
            BareThreadLocal.CURRENT.set(identity);
        }
    }
}
