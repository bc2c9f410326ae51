package dev.tenancy.event;

/**
 * Why a subscription is over.
 *
 * @since 0.1
 */
public enum SubscriptionEnd {
    /** It was closed with {@link Subscription#close()}. What waited for it is dropped. */
    UNSUBSCRIBED(false),

    /** An event found its buffer full. What was published before that event is handled first. */
    TOO_SLOW(true),

    /** Its subscriber failed to handle an event. What waited for it is dropped. */
    FAILED(false),

    /** The executor of the channel takes no work. What waited for it is dropped. */
    REFUSED(false),

    /** The host ended it with {@link TenantChannel#endSubscriptions}. What waited for it is dropped. */
    REVOKED(false),

    /** The channel was closed. What was published before that is handled first. */
    CHANNEL_CLOSED(true);

    private final boolean afterWhatWaits;

    SubscriptionEnd(boolean afterWhatWaits) {
        this.afterWhatWaits = afterWhatWaits;
    }

    /** Whether events that wait are still handled. */
    boolean isAfterWhatWaits() {
        return afterWhatWaits;
    }
}
