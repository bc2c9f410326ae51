package dev.tenancy.jdbc.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenancy.TenantId;
import dev.tenancy.TenantIdentity;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class DataSourceMetricsTest {
    private static final TenantIdentity ACME = TenantIdentity.of(TenantId.of("acme"), "test");

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final DataSourceMetrics metrics = DataSourceMetrics.of(registry, "requests");

    @Test
    void waitsAreTimedForTenantsAndForNobody() {
        metrics.borrowed(Optional.of(ACME), Duration.ofMillis(3));
        metrics.borrowed(Optional.of(ACME), Duration.ofMillis(4));
        metrics.borrowed(Optional.empty(), Duration.ofMillis(5));

        assertThat(timer("tenant").count()).isEqualTo(2);
        assertThat(timer("tenant").totalTime(TimeUnit.MILLISECONDS)).isEqualTo(7);
        assertThat(timer("nobody").totalTime(TimeUnit.MILLISECONDS)).isEqualTo(5);
    }

    @Test
    void whatGoesWrongIsCounted() {
        metrics.overShare(ACME);
        metrics.discarded(new IllegalStateException());
        metrics.discarded(new IllegalStateException());

        assertThat(registry.get("tenancy.connections.over-share")
                        .tag("source", "requests")
                        .counter()
                        .count())
                .isEqualTo(1);
        assertThat(registry.get("tenancy.connections.discarded")
                        .tag("source", "requests")
                        .counter()
                        .count())
                .isEqualTo(2);
    }

    @Test
    void noTagNamesATenant() {
        metrics.borrowed(Optional.of(ACME), Duration.ofMillis(3));
        metrics.overShare(ACME);

        assertThat(registry.getMeters())
                .hasSize(4)
                .allSatisfy(
                        meter -> assertThat(meter.getId().getTags().toString()).doesNotContain("acme"));
    }

    private Timer timer(String serves) {
        return registry.get("tenancy.connections.borrowed")
                .tags("source", "requests", "serves", serves)
                .timer();
    }
}
