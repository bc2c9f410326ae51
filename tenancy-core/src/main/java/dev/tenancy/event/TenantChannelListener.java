package dev.tenancy.event;

import dev.tenancy.TenantIdentity;

/**
 * Is told what becomes of subscriptions, for metrics and alerts. Called by many threads at once; what it throws is
 * logged and changes nothing.
 *
 * @since 0.1
 */
public interface TenantChannelListener {

    /** A subscription is over, and its subscriber has been told. */
    default void ended(String channel, TenantIdentity identity, SubscriptionEnd end) {}
}
