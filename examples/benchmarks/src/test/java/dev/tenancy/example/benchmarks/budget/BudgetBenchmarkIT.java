package dev.tenancy.example.benchmarks.budget;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenancy.example.benchmarks.harness.Effort;
import dev.tenancy.example.benchmarks.harness.Metric;
import dev.tenancy.example.benchmarks.harness.Settings;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BudgetBenchmarkIT {
    @TempDir
    private Path directory;

    @Test
    void nothingIsOverspentWhereCheckThenRecordOverspends() {
        BudgetBenchmark benchmark = new BudgetBenchmark();
        List<Metric> metrics = benchmark.run(new Settings(benchmark.name(), Effort.SHAPE, directory));

        assertThat(metrics)
                .extracting(Metric::name)
                .containsExactly(
                        "hot.per-second",
                        "hot.per-second",
                        "spread.per-second",
                        "spread.per-second",
                        "spread.500us.per-second",
                        "spread.500us.per-second",
                        "overspend");
        assertThat(metrics.get(6).ours().median()).isZero();
        assertThat(metrics.get(6).peer().median()).isPositive();
    }
}
