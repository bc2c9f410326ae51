package dev.tenancy.ratelimit;

import dev.tenancy.TenantId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells all listeners, none of which can keep a request or another listener from anything. Allocates nothing. */
final class Listeners {
    private static final Logger LOG = LoggerFactory.getLogger(Listeners.class);

    private Listeners() {}

    static void tell(RateLimitListener[] all, TenantId tenant, long permits, long waitNanos) {
        for (RateLimitListener listener : all) {
            try {
                if (waitNanos == 0) {
                    listener.admitted(tenant, permits);
                } else {
                    listener.denied(tenant, permits, waitNanos);
                }
            } catch (Throwable failure) { // an Error of a listener must not cost the request its answer
                LOG.error("listener {} failed", listener.getClass().getName(), failure);
            }
        }
    }
}
