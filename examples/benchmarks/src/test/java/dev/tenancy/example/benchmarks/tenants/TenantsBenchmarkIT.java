package dev.tenancy.example.benchmarks.tenants;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenancy.example.benchmarks.harness.Effort;
import dev.tenancy.example.benchmarks.harness.Metric;
import dev.tenancy.example.benchmarks.harness.Settings;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TenantsBenchmarkIT {
    @TempDir
    private Path directory;

    @Test
    void everyMetricHasFiguresOfManyAndOfFew() {
        TenantsBenchmark benchmark = new TenantsBenchmark();
        List<Metric> metrics = benchmark.run(new Settings(benchmark.name(), Effort.SHAPE, directory));

        assertThat(metrics)
                .extracting(metric -> metric.name() + " " + metric.unit() + " " + metric.peerName())
                .containsExactly(
                        "latency.1m us 10-tenants",
                        "latency.1m.not-remembered us 10-tenants",
                        "bytes-per-tenant bytes 10-tenants");
        assertThat(metrics)
                .filteredOn(metric -> metric.unit().equals("us"))
                .allSatisfy(metric -> assertThat(metric.ours().values()).allMatch(micros -> micros > 0));
    }

    @Test
    void aTenantThatDoesNotSeeItsNoteEndsTheRun() throws SQLException {
        TenantsDatabase database = TenantsDatabase.create(3);
        try (Line line = new Line(database)) {
            line.run(2);
            database.database().asSuperuser("DELETE FROM notes WHERE tenant_id = 'tenant-3'");
            assertThatThrownBy(() -> line.run(2)).hasMessageContaining("saw 0");
        }
    }
}
