package dev.tenancy.ratelimit.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenancy.TenantId;
import dev.tenancy.ratelimit.RateLimit;
import dev.tenancy.ratelimit.RateLimiter;
import dev.tenancy.ratelimit.WhenAway;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class RateLimitMetricsTest {
    private static final TenantId ACME = TenantId.of("acme");

    private final MeterRegistry registry = new SimpleMeterRegistry();
    private final RateLimitMetrics metrics = RateLimitMetrics.of(registry);

    @Test
    void decisionsAreCountedAndNobodyIsNamed() {
        RateLimiter limiter = RateLimiter.builder().listener(metrics).build();
        for (int i = 0; i < 5; i++) {
            limiter.tryAcquire(ACME, RateLimit.parse("3/1d"), 1);
        }
        metrics.away(ACME, WhenAway.SHARE);
        metrics.away(ACME, WhenAway.DENY);
        metrics.away(ACME, WhenAway.DENY);

        assertThat(registry.getMeters().stream()
                        .map(meter -> meter.getId().getName()
                                + meter.getId().getTags().stream()
                                        .map(tag -> " " + tag.getKey() + "=" + tag.getValue())
                                        .collect(Collectors.joining())
                                + " "
                                + meter.measure().iterator().next().getValue()))
                .containsExactlyInAnyOrder(
                        "tenancy.ratelimit.decisions outcome=admitted 3.0",
                        "tenancy.ratelimit.decisions outcome=denied 2.0",
                        "tenancy.ratelimit.away answer=deny 2.0",
                        "tenancy.ratelimit.away answer=share 1.0",
                        "tenancy.ratelimit.away answer=allow 0.0");
    }
}
