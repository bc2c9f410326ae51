package dev.tenancy.event;

import dev.tenancy.TenantId;
import dev.tenancy.TenantIdentity;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The lanes of the tenants that have subscriptions, and of no others. Thread-safe; its lock is held while lanes come
 * and go, and is taken before that of a lane, never after.
 *
 * @param <T> the events
 */
final class Lanes<T> {
    private final String channel;
    private final Lane.Limits limits;
    private final Runnable whenClosedAndEmpty;
    private final Map<TenantId, Lane<T>> byTenant = new ConcurrentHashMap<>();
    private volatile boolean closed;

    Lanes(String channel, Lane.Limits limits, Runnable whenClosedAndEmpty) {
        this.channel = channel;
        this.limits = limits;
        this.whenClosedAndEmpty = whenClosedAndEmpty;
    }

    /** {@return the lane of a tenant, or null if it has no subscriptions} */
    @Nullable
    Lane<T> find(TenantId tenant) {
        return byTenant.get(tenant);
    }

    /** {@return a view of all lanes} */
    Collection<Lane<T>> all() {
        return byTenant.values();
    }

    synchronized Mailbox<T> join(TenantIdentity identity, Subscriber<? super T> subscriber, Courier<T> courier) {
        refuseIfClosed();
        Lane<T> lane = byTenant.computeIfAbsent(identity.tenantId(), tenant -> new Lane<>(tenant, limits));
        Mailbox<T> mailbox = new Mailbox<>(identity, subscriber, lane, courier);
        if (!lane.join(mailbox)) { // so the lane has members, and was not made just now
            throw new TooManySubscribersException(channel, identity.tenantId(), limits.subscribers());
        }
        return mailbox;
    }

    void sweep(Lane<T> lane) {
        if (lane.isAbandoned()) {
            forget(lane);
        }
    }

    private synchronized void forget(Lane<T> lane) {
        if (lane.isAbandoned() && byTenant.remove(lane.tenantId, lane)) {
            tellIfClosedAndEmpty();
        }
    }

    void refuseIfClosed() {
        if (closed) {
            throw new IllegalStateException("channel '" + channel + "' is closed");
        }
    }

    /** Takes in nobody any more; gives the lanes whose members are to be told, none when called again. */
    synchronized List<Lane<T>> close() {
        if (closed) {
            return List.of();
        }
        closed = true;
        tellIfClosedAndEmpty();
        return List.copyOf(byTenant.values());
    }

    private void tellIfClosedAndEmpty() {
        if (closed && byTenant.isEmpty()) {
            whenClosedAndEmpty.run();
        }
    }
}
