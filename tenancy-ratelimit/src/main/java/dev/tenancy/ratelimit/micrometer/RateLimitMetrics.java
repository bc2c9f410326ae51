package dev.tenancy.ratelimit.micrometer;

import dev.tenancy.TenantId;
import dev.tenancy.ratelimit.RateLimitListener;
import dev.tenancy.ratelimit.WhenAway;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * Counts what became of requests for permits in a Micrometer registry.
 *
 * <table>
 * <caption>Counters</caption>
 * <tr><th>name</th><th>tags</th></tr>
 * <tr><td>{@value #DECISIONS}</td><td>{@code outcome} (admitted, denied)</td></tr>
 * <tr><td>{@value #AWAY}</td><td>{@code answer} (deny, share, allow): decisions that were made without the server</td></tr>
 * </table>
 *
 * <p>No tag names a tenant. For {@value #AWAY} it is to be a listener of the store, for {@value #DECISIONS} one of the
 * limiter; it may be both. Thread-safe.
 *
 * @since 0.1
 */
public final class RateLimitMetrics implements RateLimitListener {

    /** The name of the counter of decisions. */
    public static final String DECISIONS = "tenancy.ratelimit.decisions";

    /** The name of the counter of decisions that were made without the server. */
    public static final String AWAY = "tenancy.ratelimit.away";

    private final Counter admitted;
    private final Counter denied;
    private final Map<WhenAway, Counter> away = new EnumMap<>(WhenAway.class);

    private RateLimitMetrics(MeterRegistry registry) {
        this.admitted = decisions(registry, "admitted");
        this.denied = decisions(registry, "denied");
        for (WhenAway answer : WhenAway.values()) {
            away.put(
                    answer,
                    Counter.builder(AWAY)
                            .description("Decisions that were made while the server that counts was away")
                            .tag("answer", answer.name().toLowerCase(Locale.ROOT))
                            .register(registry));
        }
    }

    /** {@return a listener that counts in {@code registry}} */
    public static RateLimitMetrics of(MeterRegistry registry) {
        return new RateLimitMetrics(Objects.requireNonNull(registry, "registry"));
    }

    @Override
    public void admitted(TenantId tenant, long permits) {
        admitted.increment();
    }

    @Override
    public void denied(TenantId tenant, long permits, long waitNanos) {
        denied.increment();
    }

    @Override
    public void away(TenantId tenant, WhenAway answer) {
        Objects.requireNonNull(away.get(answer)).increment();
    }

    private static Counter decisions(MeterRegistry registry, String outcome) {
        return Counter.builder(DECISIONS)
                .description("Requests for permits")
                .tag("outcome", outcome)
                .register(registry);
    }
}
