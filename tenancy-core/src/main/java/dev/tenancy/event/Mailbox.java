package dev.tenancy.event;

import dev.tenancy.TenantIdentity;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * One subscription: whose it is, what waits for it, and whether it is over.
 *
 * @param <T> the events
 */
final class Mailbox<T> implements Subscription {

    enum State {
        /** Nothing is to be done for it. */
        IDLE,
        /** It stands in the queue of its lane. */
        QUEUED,
        /** A worker has it, and nobody else calls its subscriber. */
        SERVED,
        /** It has left its lane; its subscriber is told, or has been. */
        GONE
    }

    final TenantIdentity identity;
    final Subscriber<? super T> subscriber;
    private final Lane<T> lane;
    private final Courier<T> courier;

    /** Guarded, like all that follows, by the lock of the lane. */
    State state = State.IDLE;

    final Queue<T> events = new ArrayDeque<>();

    /** Why the subscription is over; no longer changed when it is {@link State#GONE}. */
    @Nullable
    SubscriptionEnd end;

    Mailbox(TenantIdentity identity, Subscriber<? super T> subscriber, Lane<T> lane, Courier<T> courier) {
        this.identity = identity;
        this.subscriber = subscriber;
        this.lane = lane;
        this.courier = courier;
    }

    @Override
    public TenantIdentity identity() {
        return identity;
    }

    @Override
    public boolean isEnded() {
        return lane.isEnded(this);
    }

    @Override
    public void close() {
        courier.unsubscribe(lane, this);
    }

    @Override
    public String toString() {
        return "Subscription[" + identity + "]";
    }
}
