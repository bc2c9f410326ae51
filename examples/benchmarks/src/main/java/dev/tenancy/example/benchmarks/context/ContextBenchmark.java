package dev.tenancy.example.benchmarks.context;

import static dev.tenancy.example.benchmarks.jmh.Figure.BYTES;
import static dev.tenancy.example.benchmarks.jmh.Figure.NANOSECONDS;

import dev.tenancy.example.benchmarks.harness.Benchmark;
import dev.tenancy.example.benchmarks.harness.Metric;
import dev.tenancy.example.benchmarks.harness.Settings;
import dev.tenancy.example.benchmarks.jmh.JmhRounds;
import java.util.List;

/** {@code context}: knowing the tenant of the current thread, and carrying it to another. */
public final class ContextBenchmark implements Benchmark {
    private static final List<Class<?>> MEASURED = List.of(
            CurrentTenant.class,
            CurrentNobody.class,
            OpenAndClose.class,
            OpenAndCloseWithMdc.class,
            HandedToExecutor.class);

    @Override
    public String name() {
        return "context";
    }

    @Override
    public List<Metric> run(Settings settings) {
        JmhRounds rounds = JmhRounds.run(settings, MEASURED);
        String bare = BareThreadLocal.NAME;
        return List.of(
                rounds.metric("current.ns", NANOSECONDS, CurrentTenant.class, "threadLocal", bare),
                rounds.metric("current.nobody.ns", NANOSECONDS, CurrentNobody.class, "threadLocal", bare),
                rounds.metric("current.alloc.bytes", BYTES, CurrentTenant.class, "threadLocal", bare),
                rounds.metric("open-close.ns", NANOSECONDS, OpenAndClose.class, "threadLocal", bare),
                rounds.metric("open-close.mdc.ns", NANOSECONDS, OpenAndCloseWithMdc.class, "threadLocal", bare),
                rounds.metric("open-close.alloc.bytes", BYTES, OpenAndClose.class, "threadLocal", bare),
                rounds.metric("wrapped-executor.ns", NANOSECONDS, HandedToExecutor.class, "executor", "bare-executor"),
                rounds.metric(
                        "wrapped-executor.ns",
                        NANOSECONDS,
                        HandedToExecutor.class,
                        "carriedByHand",
                        "carried-by-hand"));
    }
}
