package dev.tenancy.jdbc.micrometer;

import dev.tenancy.TenantIdentity;
import dev.tenancy.jdbc.TenantDataSourceListener;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * Measures in a Micrometer registry how long borrowers wait for a connection of their tenant, and counts what goes
 * wrong.
 *
 * <table>
 * <caption>Meters</caption>
 * <tr><th>name</th><th>is</th><th>tags</th></tr>
 * <tr><td>{@value #BORROWED}</td><td>a timer, from the call to the bound connection</td><td>{@code source};
 * {@code serves} (tenant, nobody)</td></tr>
 * <tr><td>{@value #OVER_SHARE}</td><td>a counter of borrowers who waited in vain, since their tenant had all that one
 * may have</td><td>{@code source}</td></tr>
 * <tr><td>{@value #DISCARDED}</td><td>a counter of sessions that were thrown away</td><td>{@code source}</td></tr>
 * </table>
 *
 * <p>No tag names a tenant. With {@link dev.tenancy.jdbc.TenantBinding#transaction()} a tenant is bound together with
 * the first statement, which is not measured here. Thread-safe.
 *
 * @since 0.1
 */
public final class DataSourceMetrics implements TenantDataSourceListener {

    /** The name of the timer of borrowed connections. */
    public static final String BORROWED = "tenancy.connections.borrowed";

    /** The name of the counter of borrowers whose tenant had its share. */
    public static final String OVER_SHARE = "tenancy.connections.over-share";

    /** The name of the counter of sessions that were thrown away. */
    public static final String DISCARDED = "tenancy.connections.discarded";

    private final Timer forTenant;
    private final Timer forNobody;
    private final Counter overShare;
    private final Counter discarded;

    private DataSourceMetrics(MeterRegistry registry, String source) {
        this.forTenant = borrowed(registry, source, "tenant");
        this.forNobody = borrowed(registry, source, "nobody");
        this.overShare = Counter.builder(OVER_SHARE)
                .description("Borrowers who waited in vain, since their tenant had all that one may have")
                .tag("source", source)
                .register(registry);
        this.discarded = Counter.builder(DISCARDED)
                .description("Sessions that were thrown away")
                .tag("source", source)
                .register(registry);
    }

    /**
     * {@return a listener that measures in {@code registry}}
     *
     * @param source tells the data sources of one server apart, as the value of a tag; one of few
     */
    public static DataSourceMetrics of(MeterRegistry registry, String source) {
        return new DataSourceMetrics(
                Objects.requireNonNull(registry, "registry"), Objects.requireNonNull(source, "source"));
    }

    @Override
    public void borrowed(Optional<TenantIdentity> identity, Duration waited) {
        (identity.isPresent() ? forTenant : forNobody).record(waited);
    }

    @Override
    public void overShare(TenantIdentity identity) {
        overShare.increment();
    }

    @Override
    public void discarded(Throwable reason) {
        discarded.increment();
    }

    private static Timer borrowed(MeterRegistry registry, String source, String serves) {
        return Timer.builder(BORROWED)
                .description("From the call to the bound connection")
                .tag("source", source)
                .tag("serves", serves)
                .register(registry);
    }
}
