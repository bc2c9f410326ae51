package dev.tenancy.example.benchmarks.jwt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenancy.Resolution;
import dev.tenancy.TenantId;
import dev.tenancy.example.benchmarks.harness.Effort;
import dev.tenancy.example.benchmarks.harness.Metric;
import dev.tenancy.example.benchmarks.harness.Settings;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JwtBenchmarkTest {
    @TempDir
    private Path directory;

    @Test
    void everyMetricHasFiguresOfBoth() {
        JwtBenchmark benchmark = new JwtBenchmark();
        List<Metric> metrics = benchmark.run(new Settings(benchmark.name(), Effort.SHAPE, directory));

        assertThat(metrics)
                .extracting(Metric::name)
                .containsExactly(
                        "rs256.cached.ns",
                        "rs256.uncached.ns",
                        "es256.cached.ns",
                        "es256.uncached.ns",
                        "rs256.cached.alloc.bytes",
                        "rs256.uncached.alloc.bytes");
        assertThat(metrics).allSatisfy(metric -> {
            assertThat(metric.peerName()).isEqualTo("nimbus-default-jwt-processor");
            assertThat(metric.ours().median()).isPositive();
            assertThat(metric.peer().median()).isPositive();
        });
    }

    @Test
    void whatIsMeasuredIsATokenThatBothAccept() throws Exception {
        for (Resolve measured : List.of(new Rs256(), new Rs256Remembered(), new Es256(), new Es256Remembered())) {
            for (int time = 1; time <= 2; time++) {
                assertThat(measured.ours())
                        .isInstanceOfSatisfying(
                                Resolution.Resolved.class,
                                resolved -> assertThat(resolved.identity().tenantId())
                                        .isEqualTo(TenantId.of("org_9ybsU1dN2dKfDkBi")));
            }
            assertThat(measured.nimbus().getClaimAsString("org_id")).isEqualTo("org_9ybsU1dN2dKfDkBi");
        }
    }
}
