package dev.tenancy.example.benchmarks.limiter;

import static dev.tenancy.example.benchmarks.jmh.Figure.BYTES;
import static dev.tenancy.example.benchmarks.jmh.Figure.NANOSECONDS;

import dev.tenancy.example.benchmarks.harness.Benchmark;
import dev.tenancy.example.benchmarks.harness.Effort;
import dev.tenancy.example.benchmarks.harness.Metric;
import dev.tenancy.example.benchmarks.harness.Settings;
import dev.tenancy.example.benchmarks.jmh.Figure;
import dev.tenancy.example.benchmarks.jmh.JmhRounds;
import java.util.ArrayList;
import java.util.List;

/** {@code limiter}: a permit of one hot tenant, and of one of many, in memory. */
public final class LimiterBenchmark implements Benchmark {
    private static final List<String> PEERS = List.of(Limiters.BUCKET4J, Limiters.RESILIENCE4J, Limiters.GUAVA);

    @Override
    public String name() {
        return "limiter";
    }

    @Override
    public List<Metric> run(Settings settings) {
        List<Class<?>> measured = new ArrayList<>(List.of(Hot.class, HotByTwo.class, Spread.class, SpreadByTwo.class));
        boolean million = settings.effort() == Effort.FULL;
        if (million) {
            measured.add(Million.class);
        }
        JmhRounds rounds = JmhRounds.run(settings, measured);
        List<Metric> metrics = new ArrayList<>();
        metrics.addAll(ofAll(rounds, "hot.1thread.ns", NANOSECONDS, Hot.class));
        metrics.addAll(ofAll(rounds, "hot.2threads.ns", NANOSECONDS, HotByTwo.class));
        metrics.addAll(ofAll(rounds, "tenants10k.ns", NANOSECONDS, Spread.class));
        metrics.addAll(ofAll(rounds, "tenants10k.2threads.ns", NANOSECONDS, SpreadByTwo.class));
        if (million) {
            metrics.add(
                    rounds.metric("tenants1m.ns", NANOSECONDS, Million.class, Limiters.BUCKET4J, Limiters.BUCKET4J));
        }
        metrics.addAll(ofAll(rounds, "alloc.bytes", BYTES, Hot.class));
        metrics.addAll(IdleTenants.metrics(settings));
        return metrics;
    }

    private static List<Metric> ofAll(JmhRounds rounds, String name, Figure figure, Class<?> measured) {
        return PEERS.stream()
                .map(peer -> rounds.metric(name, figure, measured, peer, peer))
                .toList();
    }
}
