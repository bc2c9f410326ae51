package dev.tenancy.event;

import dev.tenancy.TenantIdentity;

/**
 * That somebody subscribed to a {@link TenantChannel}. Thread-safe.
 *
 * @since 0.1
 */
public sealed interface Subscription extends AutoCloseable permits Mailbox {

    /** {@return who subscribed, and as whom events are handled} */
    TenantIdentity identity();

    /** {@return whether it takes no further events; the subscriber may still handle what waits} */
    boolean isEnded();

    /**
     * Ends the subscription and drops what waits for it. Closing again does nothing.
     *
     * <p>Does not wait. While the subscriber handles an event, or is about to, it is told of the end after that event,
     * by the thread that handles it; this is always so if the subscriber itself closes. Otherwise this thread tells it,
     * and the subscriber is not called again once this has returned.
     */
    @Override
    void close();
}
