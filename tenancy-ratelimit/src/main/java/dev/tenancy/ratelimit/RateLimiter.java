package dev.tenancy.ratelimit;

import dev.tenancy.TenantId;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Counts what tenants use, in this process.
 *
 * <p>A token bucket for each tenant, kept as the one time at which it will be full again (the generic cell rate
 * algorithm), so that a denial changes nothing. When a tenant's limit changes, the permits it has spent stay spent. A
 * limiter counts one thing: it is not for two guards. It keeps a small object for each tenant that was ever asked for.
 * Thread-safe.
 *
 * @since 0.1
 */
public final class RateLimiter {

    /** The time to wait for what is never granted: more permits than the burst. */
    public static final long NEVER = Long.MAX_VALUE;

    private final ConcurrentMap<TenantId, Bucket> buckets = new ConcurrentHashMap<>();
    private final LongSupplier nanoTime;

    private RateLimiter(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** {@return a limiter in which every tenant has its whole burst} */
    public static RateLimiter inMemory() {
        return inMemory(System::nanoTime);
    }

    /**
     * {@return a limiter in which every tenant has its whole burst}
     *
     * @param nanoTime a monotonic clock in nanoseconds of any origin
     */
    public static RateLimiter inMemory(LongSupplier nanoTime) {
        return new RateLimiter(nanoTime);
    }

    /**
     * Takes permits, all or none.
     *
     * @param limit what the tenant may use
     * @param permits how many, 1 or more
     * @return 0 if they were taken; else none were, and this is the time in nanoseconds after which they would be
     *     granted if nobody else took any, or {@link #NEVER}
     * @throws IllegalArgumentException if {@code permits} is less than 1
     */
    public long tryAcquire(TenantId tenant, RateLimit limit, long permits) {
        requirePositive(permits);
        if (limit.isUnlimited()) {
            return 0;
        }
        if (permits > limit.burst()) {
            return NEVER;
        }
        long cost = permits * limit.nanosPerPermit();
        while (true) {
            long now = nanoTime.getAsLong();
            Bucket bucket = buckets.get(tenant);
            long debt = bucket == null ? 0 : bucket.debtAt(now, limit);
            long wait = debt + cost - capacity(limit);
            if (wait > 0) {
                return wait;
            }
            if (replace(tenant, bucket, new Bucket(now + debt + cost, limit))) {
                return 0;
            }
        }
    }

    /** Whether {@code before} was still the tenant's bucket, and {@code after} is now. */
    private boolean replace(TenantId tenant, @Nullable Bucket before, Bucket after) {
        return before == null ? buckets.putIfAbsent(tenant, after) == null : buckets.replace(tenant, before, after);
    }

    /** Gives back permits that were taken under {@code limit} and not used; never more than the bucket holds. */
    void giveBack(TenantId tenant, RateLimit limit, long permits) {
        if (permits > 0 && !limit.isUnlimited()) {
            long cost = permits * limit.nanosPerPermit();
            buckets.computeIfPresent(tenant, (id, bucket) -> {
                long now = nanoTime.getAsLong();
                return new Bucket(now + Math.max(bucket.debtAt(now, limit) - cost, 0), limit);
            });
        }
    }

    /** {@return what a tenant has left of a limit now} */
    public Standing standing(TenantId tenant, RateLimit limit) {
        if (limit.isUnlimited() || limit.permits() == 0) {
            return new Standing(limit.burst(), 0);
        }
        Bucket bucket = buckets.get(tenant);
        long debt = bucket == null ? 0 : bucket.debtAt(nanoTime.getAsLong(), limit);
        return new Standing((capacity(limit) - debt) / limit.nanosPerPermit(), debt);
    }

    private static long capacity(RateLimit limit) {
        return limit.burst() * limit.nanosPerPermit();
    }

    /**
     * When a tenant's bucket is full again, if it fills as {@code limit} says.
     *
     * @param fullAt by the monotonic clock, whose times are compared by their difference only; it may overflow
     */
    private record Bucket(long fullAt, RateLimit limit) {

        /**
         * The time until it is full again under the {@code current} limit: what was spent stays spent when the limit
         * changes.
         */
        long debtAt(long now, RateLimit current) {
            long debt = Math.max(fullAt - now, 0);
            if (current.nanosPerPermit() == limit.nanosPerPermit()) {
                return Math.min(debt, capacity(current));
            }
            double permits = (double) debt / limit.nanosPerPermit();
            double rescaled = Math.ceil(permits * current.nanosPerPermit());
            return Math.min((long) rescaled, capacity(current));
        }
    }

    private static void requirePositive(long permits) {
        if (permits < 1) {
            throw new IllegalArgumentException("permits is " + permits + "; allowed: 1 or more");
        }
    }

    /**
     * What is left of a limit.
     *
     * @param remaining permits that would be granted at once
     * @param nanosToFull nanoseconds until the whole burst is there again
     * @since 0.1
     */
    public record Standing(long remaining, long nanosToFull) {}
}
