package dev.tenancy.example.benchmarks.rls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenancy.example.benchmarks.harness.Effort;
import dev.tenancy.example.benchmarks.harness.Metric;
import dev.tenancy.example.benchmarks.harness.Settings;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RlsBenchmarkIT {
    @Test
    void everyPolicyOfOursIsMeasuredBesideEachPeer(@TempDir Path directory) {
        RlsBenchmark benchmark = new RlsBenchmark();

        List<Metric> metrics = benchmark.run(new Settings(benchmark.name(), Effort.SHAPE, directory));

        assertThat(metrics)
                .extracting(metric -> metric.name() + " " + metric.peerName())
                .containsExactly(
                        "lookup.initplan where-by-hand",
                        "lookup.initplan bare-current-setting",
                        "lookup.initplan or-for-admin",
                        "lookup.sealed where-by-hand",
                        "lookup.sealed initplan",
                        "lookup.sealed bare-current-setting",
                        "lookup.sealed or-for-admin",
                        "scan.initplan where-by-hand",
                        "scan.initplan bare-current-setting",
                        "scan.initplan or-for-admin",
                        "scan.sealed where-by-hand",
                        "scan.sealed initplan",
                        "scan.sealed bare-current-setting",
                        "scan.sealed or-for-admin");
        assertThat(metrics)
                .allSatisfy(
                        metric -> assertThat(metric.ours().values()).hasSize(1).allMatch(value -> value > 0));
    }
}
