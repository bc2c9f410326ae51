package dev.tenancy.micrometer;

import dev.tenancy.Problem;
import dev.tenancy.TenancyListener;
import dev.tenancy.TenantIdentity;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * Counts requests in a Micrometer registry.
 *
 * <table>
 * <caption>Counters</caption>
 * <tr><th>name</th><th>tags</th></tr>
 * <tr><td>{@value #REQUESTS}</td><td>{@code outcome} (admitted, refused), {@code status} and {@code problem} (HTTP
 * status and the end of the problem's type; none if admitted), {@code resolver} (who proved the tenant; none if nobody
 * did)</td></tr>
 * <tr><td>{@value #FINISHED}</td><td>{@code outcome} (succeeded, failed)</td></tr>
 * </table>
 *
 * <p>No tag names a tenant or subject: they are too many for a metric, and a metric is read by people who need not know
 * them. At most {@value #MOST_COUNTERS} combinations of tags are kept apart; those beyond have {@code other} as problem
 * and resolver. Thread-safe.
 *
 * @since 0.1
 */
public final class TenancyMetrics implements TenancyListener {

    /** The name of the counter of requests that were admitted or refused. */
    public static final String REQUESTS = "tenancy.requests";

    /** The name of the counter of admitted requests that have been handled. */
    public static final String FINISHED = "tenancy.requests.finished";

    /** Resolvers and guards are anybody's code, and may name themselves and their problems anew for each request. */
    static final int MOST_COUNTERS = 500;

    private static final String NONE = "none";
    private static final String OTHER = "other";

    private final ConcurrentMap<Tags, Counter> counters = new ConcurrentHashMap<>();
    private final MeterRegistry registry;
    private final Counter succeeded;
    private final Counter failed;

    private TenancyMetrics(MeterRegistry registry) {
        this.registry = registry;
        this.succeeded = finished(registry, "succeeded");
        this.failed = finished(registry, "failed");
    }

    /** {@return a listener that counts in {@code registry}} */
    public static TenancyMetrics of(MeterRegistry registry) {
        return new TenancyMetrics(Objects.requireNonNull(registry, "registry"));
    }

    @Override
    public void admitted(TenantIdentity identity) {
        count(new Tags("admitted", NONE, NONE, identity.resolver()));
    }

    @Override
    public void refused(Problem problem) {
        count(Tags.refused(problem, NONE));
    }

    @Override
    public void refused(TenantIdentity identity, Problem problem) {
        count(Tags.refused(problem, identity.resolver()));
    }

    @Override
    public void finished(TenantIdentity identity, boolean well) {
        (well ? succeeded : failed).increment();
    }

    private void count(Tags tags) {
        Counter counter = counters.get(tags);
        (counter == null ? firstOf(tags) : counter).increment();
    }

    private synchronized Counter firstOf(Tags tags) {
        boolean kept = counters.containsKey(tags) || counters.size() < MOST_COUNTERS;
        return counters.computeIfAbsent(kept ? tags : tags.withoutNames(), this::counter);
    }

    private Counter counter(Tags tags) {
        return Counter.builder(REQUESTS)
                .description("Requests that were admitted or refused")
                .tag("outcome", tags.outcome)
                .tag("status", tags.status)
                .tag("problem", tags.problem)
                .tag("resolver", tags.resolver)
                .register(registry);
    }

    private static Counter finished(MeterRegistry registry, String outcome) {
        return Counter.builder(FINISHED)
                .description("Admitted requests that have been handled")
                .tag("outcome", outcome)
                .register(registry);
    }

    private record Tags(String outcome, String status, String problem, String resolver) {

        static Tags refused(Problem problem, String resolver) {
            String type = problem.type().toString();
            String slug = type.substring(type.lastIndexOf('/') + 1);
            return new Tags("refused", Integer.toString(problem.status()), slug.isEmpty() ? OTHER : slug, resolver);
        }

        Tags withoutNames() {
            return new Tags(outcome, status, OTHER, OTHER);
        }
    }
}
