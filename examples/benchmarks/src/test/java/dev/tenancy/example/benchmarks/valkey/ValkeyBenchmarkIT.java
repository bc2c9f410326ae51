package dev.tenancy.example.benchmarks.valkey;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenancy.example.benchmarks.harness.Effort;
import dev.tenancy.example.benchmarks.harness.Metric;
import dev.tenancy.example.benchmarks.harness.Settings;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ValkeyBenchmarkIT {
    @TempDir
    private Path directory;

    @Test
    void aDecisionIsOneRoundTripAndAKnownDenialNone() {
        ValkeyBenchmark benchmark = new ValkeyBenchmark();
        Map<String, Metric> metrics = benchmark.run(new Settings(benchmark.name(), Effort.SHAPE, directory)).stream()
                .collect(Collectors.toMap(Metric::name, metric -> metric));

        assertThat(metrics)
                .containsOnlyKeys(
                        "decisions-per-second",
                        "hot.decisions-per-second",
                        "leased.decisions-per-second",
                        "leased.hot.decisions-per-second",
                        "roundtrips-per-decision",
                        "denied.roundtrips-per-decision",
                        "leased.roundtrips-per-decision");
        assertThat(metric(metrics, "roundtrips-per-decision").ours().median()).isEqualTo(1.0);
        assertThat(metric(metrics, "roundtrips-per-decision").peer().median()).isGreaterThan(1.0);
        assertThat(metric(metrics, "denied.roundtrips-per-decision").ours().median())
                .isZero();
        assertThat(metric(metrics, "leased.roundtrips-per-decision").ours().median())
                .isLessThan(0.05);
    }

    private static Metric metric(Map<String, Metric> metrics, String name) {
        return Objects.requireNonNull(metrics.get(name), name);
    }
}
