package dev.tenancy.ratelimit;

import dev.tenancy.TenantId;
import dev.tenancy.UnavailableException;
import java.util.List;

/**
 * Where it is counted what tenants have taken: in memory ({@link InMemoryBucketStore}), or on a server that all
 * replicas of the host share.
 *
 * <p>Under any concurrency never more is granted than each limit says; permits are taken from all limits or from none;
 * a denial takes nothing. When the limits of a key change, what was taken stays taken, also if they change back.
 * Thread-safe. {@code BucketStoreContract} in {@code dev.tenancy.ratelimit.testing} tests all that.
 *
 * @since 0.1
 */
public interface BucketStore extends AutoCloseable {

    /**
     * {@return whether permits were taken, and what is left}
     *
     * @param permits how many, 1 or more
     * @throws IllegalArgumentException if {@code permits} is less than 1
     * @throws UnavailableException if it cannot be counted now
     */
    Acquisition acquire(BucketKey key, RateLimits limits, long permits);

    /**
     * {@return {@link Acquisition#waitNanos()} of {@link #acquire}, for who needs to know no more}
     *
     * @param permits how many, 1 or more
     * @throws IllegalArgumentException if {@code permits} is less than 1
     * @throws UnavailableException if it cannot be counted now
     */
    default long tryAcquire(BucketKey key, RateLimits limits, long permits) {
        return acquire(key, limits, permits).waitNanos();
    }

    /**
     * {@return the same for the key that has nothing in it but {@code tenant}}
     *
     * @param permits how many, 1 or more
     * @throws IllegalArgumentException if {@code permits} is less than 1
     * @throws UnavailableException if it cannot be counted now
     */
    default long tryAcquire(TenantId tenant, RateLimits limits, long permits) {
        return tryAcquire(BucketKey.of(tenant), limits, permits);
    }

    /**
     * Gives back permits that were taken and not used. What has come back by itself meanwhile is not given back again:
     * nobody gets more in that way than if the permits had never been taken.
     *
     * @param acquisition one of this store, granted, and given back only once
     */
    void giveBack(Acquisition acquisition);

    /**
     * {@return what is left now of each limit that is counted, those of the tenant first}
     *
     * @throws UnavailableException if that cannot be known now
     */
    List<Standing> standing(BucketKey key, RateLimits limits);

    /** Ends the use of what the store holds; of what is not the store's own, nothing. */
    @Override
    default void close() {}
}
