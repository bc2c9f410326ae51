package dev.tenancy.ratelimit;

import dev.tenancy.TenantId;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Counts what tenants use, in this process.
 *
 * <p>A token bucket for each tenant, kept as the one time at which it will be full again (the generic cell rate
 * algorithm), so that a denial changes nothing. It keeps one number for each tenant that was ever asked for.
 * Thread-safe, without locks.
 *
 * @since 0.1
 */
public final class RateLimiter {

    /** The time to wait for what is never granted: more permits than the burst. */
    public static final long NEVER = Long.MAX_VALUE;

    private final ConcurrentMap<TenantId, AtomicLong> fullAgainAt = new ConcurrentHashMap<>();
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
        long capacity = limit.burst() * limit.nanosPerPermit();
        AtomicLong cell = cellOf(tenant);
        while (true) {
            long now = nanoTime.getAsLong();
            long full = cell.get();
            // Times of a monotonic clock are compared by their difference only; it may overflow.
            long debt = Math.max(full - now, 0);
            long wait = debt + cost - capacity;
            if (wait > 0) {
                return wait;
            }
            if (cell.compareAndSet(full, now + debt + cost)) {
                return 0;
            }
        }
    }

    /** Gives back permits that were taken under {@code limit} and not used. */
    void giveBack(TenantId tenant, RateLimit limit, long permits) {
        if (permits > 0 && !limit.isUnlimited()) {
            cellOf(tenant).addAndGet(-permits * limit.nanosPerPermit());
        }
    }

    /** {@return what a tenant has left of a limit now} */
    public Standing standing(TenantId tenant, RateLimit limit) {
        if (limit.isUnlimited() || limit.permits() == 0) {
            return new Standing(limit.burst(), 0);
        }
        long debt = Math.max(cellOf(tenant).get() - nanoTime.getAsLong(), 0);
        long free = limit.burst() * limit.nanosPerPermit() - debt;
        return new Standing(Math.max(free, 0) / limit.nanosPerPermit(), debt);
    }

    private AtomicLong cellOf(TenantId tenant) {
        AtomicLong cell = fullAgainAt.get(tenant);
        return cell != null ? cell : fullAgainAt.computeIfAbsent(tenant, fresh -> new AtomicLong(nanoTime.getAsLong()));
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
