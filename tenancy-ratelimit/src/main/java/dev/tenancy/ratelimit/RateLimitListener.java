package dev.tenancy.ratelimit;

import dev.tenancy.TenantId;

/**
 * Is told what became of requests for permits: for metrics and alerts. Called by many threads at once, on the thread
 * that asked; what it throws is logged and changes nothing.
 *
 * @since 0.1
 */
public interface RateLimitListener {

    /** Permits were taken. */
    default void admitted(TenantId tenant, long permits) {}

    /**
     * Permits were not taken.
     *
     * @param waitNanos the time after which they would be granted, or {@link RateLimiter#NEVER}
     */
    default void denied(TenantId tenant, long permits, long waitNanos) {}

    /**
     * The server that counts could not be asked, and {@code answer} was given instead. With {@link WhenAway#SHARE} and
     * {@link WhenAway#ALLOW}, {@link #admitted} or {@link #denied} is called as well.
     */
    default void away(TenantId tenant, WhenAway answer) {}
}
