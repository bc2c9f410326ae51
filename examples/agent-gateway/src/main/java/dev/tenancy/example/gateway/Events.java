package dev.tenancy.example.gateway;

import dev.tenancy.Admitted;
import dev.tenancy.CredentialSource;
import dev.tenancy.TenantContext;
import dev.tenancy.TenantId;
import dev.tenancy.TenantIdentity;
import dev.tenancy.event.Subscription;
import dev.tenancy.event.TenantChannel;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells clients what happens to their tenant's data, as it happens: server-sent events. */
final class Events implements Replicas.Listener, AutoCloseable {
    /** The most streams that a tenant may have open. */
    static final int STREAMS_PER_TENANT = 20;

    static final String PATH = "/events";
    static final String TOKEN_PARAMETER = "token";

    private static final Logger LOG = LoggerFactory.getLogger(Events.class);
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,18}");
    private static final String LAST_EVENT_ID = "Last-Event-ID";
    private static final Duration PULSE_EVERY = Duration.ofSeconds(10);

    private final TenantChannel<Long> channel = TenantChannel.<Long>builder("events")
            .subscribersPerTenant(STREAMS_PER_TENANT)
            .build();
    private final Set<Subscription> streams = ConcurrentHashMap.newKeySet();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "events-pulse");
        thread.setDaemon(true);
        return thread;
    });

    private final Predicate<TenantId> isActive;
    private final ScheduledFuture<?> pulsing;
    private volatile boolean stopping;

    /**
     * No streams yet.
     *
     * @param isActive whether a tenant may go on listening
     */
    Events(Predicate<TenantId> isActive) {
        this.isActive = isActive;
        this.pulsing = timer.scheduleWithFixedDelay(
                this::wakeAll, PULSE_EVERY.toMillis(), PULSE_EVERY.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Where a credential may stand: browsers cannot add a header field to a stream of events. */
    static List<CredentialSource> credentialSources() {
        return List.of(CredentialSource.bearer(), CredentialSource.queryParameter(TOKEN_PARAMETER, List.of(PATH)));
    }

    void addTo(RoutesConfig routes, Gate gate, AuditTrail trail) {
        routes.get(PATH, gate.toAsync((ctx, admitted) -> stream(ctx, admitted, trail)));
    }

    private CompletionStage<Context> stream(Context ctx, Admitted admitted, AuditTrail trail) throws IOException {
        EventStream stream = new EventStream(ctx.res().getOutputStream(), trail::after, position(ctx, trail.newest()));
        ctx.contentType("text/event-stream").header("Cache-Control", "no-store").header("X-Accel-Buffering", "no");
        Subscription subscription = channel.subscribe(stream);
        streams.add(subscription);
        stream.open();
        Optional<Future<?>> expiry = endAtExpiry(admitted.identity(), subscription);
        if (stopping) {
            subscription.close();
        }
        return stream.over().thenApply(none -> {
            subscription.close();
            streams.remove(subscription);
            expiry.ifPresent(ahead -> ahead.cancel(false));
            return ctx;
        });
    }

    /** After which record a stream goes on: that which the client had last, or the newest. */
    private static long position(Context ctx, long newest) {
        String last = ctx.header(LAST_EVENT_ID);
        if (last == null || last.isEmpty()) {
            return newest;
        }
        if (!NUMBER.matcher(last).matches()) {
            throw new MalformedRequestException(LAST_EVENT_ID + " is not the id of an event.");
        }
        return Math.min(Long.parseLong(last), newest);
    }

    /** A stream must not outlast the token that opened it. */
    private Optional<Future<?>> endAtExpiry(TenantIdentity identity, Subscription subscription) {
        if (identity.attributes().get("exp") instanceof Number expires) {
            long left = TimeUnit.SECONDS.toMillis(expires.longValue()) - System.currentTimeMillis();
            return Optional.of(timer.schedule(subscription::close, left, TimeUnit.MILLISECONDS));
        }
        return Optional.empty();
    }

    /** There are records of the tenant up to this number, or it has changed: its streams look for themselves. */
    @Override
    public void wake(TenantId tenant, long newest) {
        try {
            if (isActive.test(tenant)) {
                TenantContext.run(TenantIdentity.of(tenant, PATH), () -> channel.publish(newest));
            } else {
                channel.endSubscriptions(tenant);
            }
        } catch (RuntimeException failure) {
            LOG.warn("the streams of a tenant are not woken now, but with the next pulse", failure);
        }
    }

    /** Only who writes to a client learns that it is gone; and something may have been missed. */
    @Override
    public void wakeAll() {
        streams.stream()
                .map(stream -> stream.identity().tenantId())
                .distinct()
                .forEach(tenant -> wake(tenant, EventStream.PULSE));
    }

    /** Ends the streams, which a server that stops would wait for. */
    void endStreams() {
        stopping = true;
        pulsing.cancel(false);
        streams.forEach(Subscription::close);
    }

    @Override
    public void close() {
        endStreams();
        timer.shutdownNow();
        channel.close();
    }
}
