package dev.tenancy.example.benchmarks.limiter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenancy.example.benchmarks.harness.Effort;
import dev.tenancy.example.benchmarks.harness.Metric;
import dev.tenancy.example.benchmarks.harness.Settings;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LimiterBenchmarkTest {
    @TempDir
    private Path directory;

    @Test
    void everyMetricHasFiguresOfOursAndOfEachPeer() {
        LimiterBenchmark benchmark = new LimiterBenchmark();
        List<Metric> metrics = benchmark.run(new Settings(benchmark.name(), Effort.SHAPE, directory));

        assertThat(metrics)
                .extracting(metric -> metric.name() + " " + metric.peerName())
                .containsExactlyElementsOf(Stream.of(
                                "hot.1thread.ns",
                                "hot.2threads.ns",
                                "tenants10k.ns",
                                "tenants10k.2threads.ns",
                                "alloc.bytes",
                                "idle-tenant.bytes")
                        .flatMap(name ->
                                Stream.of("bucket4j", "resilience4j", "guava").map(peer -> name + " " + peer))
                        .toList());
        assertThat(metrics)
                .filteredOn(metric -> metric.unit().equals("ns"))
                .allSatisfy(metric -> assertThat(metric.ours().median()).isPositive());
    }

    @Test
    void whoeverAsksIsGrantedByAll() {
        Hot hot = new Hot();
        hot.begin();
        Walk walk = new Walk();
        for (int i = 0; i < 1_000; i++) {
            assertThat(hot.ours(walk)).isZero();
            assertThat(hot.bucket4j(walk)).isTrue();
            assertThat(hot.resilience4j(walk)).isTrue();
        }
        assertThat(hot.guava(walk)).isTrue();
    }
}
