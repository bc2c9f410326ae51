package dev.tenancy.example.benchmarks.context;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenancy.TenantContext;
import dev.tenancy.example.benchmarks.harness.Effort;
import dev.tenancy.example.benchmarks.harness.Metric;
import dev.tenancy.example.benchmarks.harness.Settings;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContextBenchmarkTest {
    @TempDir
    private Path directory;

    @Test
    void everyMetricHasFiguresOfOursAndOfThePeer() {
        ContextBenchmark benchmark = new ContextBenchmark();
        List<Metric> metrics = benchmark.run(new Settings(benchmark.name(), Effort.SHAPE, directory));

        assertThat(metrics)
                .extracting(metric -> metric.name() + " " + metric.unit() + " " + metric.peerName())
                .containsExactly(
                        "current.ns ns bare-thread-local",
                        "current.nobody.ns ns bare-thread-local",
                        "current.alloc.bytes bytes bare-thread-local",
                        "open-close.ns ns bare-thread-local",
                        "open-close.mdc.ns ns bare-thread-local",
                        "open-close.alloc.bytes bytes bare-thread-local",
                        "wrapped-executor.ns ns bare-executor",
                        "wrapped-executor.ns ns carried-by-hand");
        assertThat(metrics).filteredOn(metric -> metric.unit().equals("ns")).allSatisfy(metric -> {
            assertThat(metric.ours().values()).hasSize(1).allMatch(nanoseconds -> nanoseconds > 0);
            assertThat(metric.peer().values()).hasSize(1).allMatch(nanoseconds -> nanoseconds > 0);
        });
    }

    @Test
    void whatIsMeasuredIsWhatItSays() {
        CurrentTenant tenant = new CurrentTenant();
        tenant.begin();
        assertThat(tenant.ours()).contains(BareThreadLocal.ACME);
        assertThat(tenant.threadLocal()).isSameAs(BareThreadLocal.ACME);
        tenant.end();

        CurrentNobody nobody = new CurrentNobody();
        assertThat(nobody.ours()).isEmpty();
        assertThat(nobody.threadLocal()).isNull();

        HandedToExecutor handed = new HandedToExecutor();
        handed.begin();
        assertThat(List.of(handed.ours(), handed.executor(), handed.carriedByHand()))
                .containsExactly(1, 2, 3);
        assertThat(BareThreadLocal.CURRENT.get()).isSameAs(BareThreadLocal.ACME);
        handed.end();

        OpenAndClose openAndClose = new OpenAndClose();
        openAndClose.ours();
        openAndClose.threadLocal();
        assertThat(BareThreadLocal.CURRENT.get()).isNull();
        assertThat(TenantContext.current()).isEmpty();
    }
}
