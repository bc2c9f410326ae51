package dev.tenancy.event;

import dev.tenancy.Problem;
import dev.tenancy.TenancyException;
import dev.tenancy.TenantId;
import java.time.Duration;

/**
 * The tenant has as many subscriptions as it may have. Answered with 429.
 *
 * @see TenantChannel.Builder#subscribersPerTenant(int)
 * @since 0.1
 */
public final class TooManySubscribersException extends TenancyException {
    private static final long serialVersionUID = 1L;

    /** Nobody knows when a subscription will end, so this only keeps callers from trying without pause. */
    private static final Duration RETRY_AFTER = Duration.ofSeconds(10);

    TooManySubscribersException(String channel, TenantId tenantId, int maximum) {
        super(
                "tenant " + tenantId + " has " + maximum + " subscriptions to channel '" + channel
                        + "', as many as it may",
                Problem.limited(
                        "subscriber-limit",
                        "Too many subscribers",
                        "This tenant has as many open subscriptions as it may have.",
                        RETRY_AFTER),
                null);
    }
}
