package dev.tenancy.event;

/**
 * Handles the events of one subscription.
 *
 * <p>Its methods are called with the identity that subscribed as the current one, never two at a time, and each sees
 * what the one before it did, on whatever thread. They may block, which holds up this subscriber and, while as many of
 * its tenant do so as {@link TenantChannel.Builder#handlersPerTenant} says, the others of its tenant; nobody else.
 *
 * @param <T> the events
 * @since 0.1
 */
@FunctionalInterface
public interface Subscriber<T> {

    /**
     * Handles an event.
     *
     * @param event is shared with other subscribers; not to be changed
     * @throws Exception if that fails, which is logged and ends the subscription with {@link SubscriptionEnd#FAILED}
     */
    void onEvent(T event) throws Exception;

    /**
     * Is told that the subscription is over. Called exactly once, after the last event. What it throws is logged.
     *
     * <p>The subscription counts no more by now: it may subscribe again.
     */
    default void onEnd(SubscriptionEnd end) {}
}
