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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** Tells clients what happens to their tenant's data, as it happens: server-sent events. */
final class Events implements AutoCloseable {
    /** The most streams that a tenant may have open. */
    static final int STREAMS_PER_TENANT = 20;

    static final String PATH = "/events";
    static final String TOKEN_PARAMETER = "token";

    private static final Duration PULSE_EVERY = Duration.ofSeconds(10);
    private static final String PULSE = ": still open\n\n";

    private final TenantChannel<String> channel = TenantChannel.<String>builder("events")
            .subscribersPerTenant(STREAMS_PER_TENANT)
            .build();
    private final Set<Subscription> streams = ConcurrentHashMap.newKeySet();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "events-pulse");
        thread.setDaemon(true);
        return thread;
    });

    private final ScheduledFuture<?> pulsing;
    private volatile boolean stopping;

    Events() {
        this.pulsing = timer.scheduleWithFixedDelay(
                this::pulse, PULSE_EVERY.toMillis(), PULSE_EVERY.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Where a credential may stand: browsers cannot add a header field to a stream of events. */
    static List<CredentialSource> credentialSources() {
        return List.of(CredentialSource.bearer(), CredentialSource.queryParameter(TOKEN_PARAMETER, List.of(PATH)));
    }

    void addTo(RoutesConfig routes, Gate gate) {
        routes.get(PATH, gate.toAsync(this::stream));
    }

    /** Tells the current tenant's clients what the audit trail has recorded. */
    void publish(AuditTrail.Entry entry) {
        channel.publish("id: " + entry.id() + "\nevent: audit\ndata: " + Json.text(entry) + "\n\n");
    }

    private CompletionStage<Context> stream(Context ctx, Admitted admitted) throws IOException {
        ctx.contentType("text/event-stream").header("Cache-Control", "no-store").header("X-Accel-Buffering", "no");
        EventStream stream = new EventStream(ctx.res().getOutputStream());
        Subscription subscription = channel.subscribe(stream);
        streams.add(subscription);
        stream.open();
        if (stopping) {
            subscription.close();
        }
        return stream.over().thenApply(none -> {
            subscription.close();
            streams.remove(subscription);
            return ctx;
        });
    }

    /** Only who writes to a client learns that it is gone. */
    private void pulse() {
        Map<TenantId, TenantIdentity> listening = new HashMap<>();
        streams.forEach(stream -> listening.put(stream.identity().tenantId(), stream.identity()));
        listening.values().forEach(identity -> TenantContext.run(identity, () -> channel.publish(PULSE)));
    }

    /** Ends the streams, which a server that stops would wait for. */
    void endStreams() {
        stopping = true;
        pulsing.cancel(false);
        timer.shutdown();
        streams.forEach(Subscription::close);
    }

    @Override
    public void close() {
        endStreams();
        channel.close();
    }
}
