package dev.tenancy.ratelimit;

import dev.tenancy.TenantId;
import dev.tenancy.UnavailableException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Lets tenants have so many permits, and tells who is denied how long to wait.
 *
 * <p>A limiter in memory neither locks nor allocates when it is asked for a tenant's permits. Thread-safe.
 *
 * @since 0.1
 */
public final class RateLimiter {

    /** The time to wait for what is never granted: more permits than the burst. */
    public static final long NEVER = Long.MAX_VALUE;

    private final BucketStore store;
    private final Function<? super TenantId, @Nullable RateLimits> limits;
    private final RateLimitListener[] listeners;

    private RateLimiter(Builder builder) {
        this.store = builder.store == null ? InMemoryBucketStore.create() : builder.store;
        this.limits = builder.limits;
        this.listeners = builder.listeners.toArray(RateLimitListener[]::new);
    }

    /** {@return a limiter in memory, for limits that are named in each call} */
    public static RateLimiter inMemory() {
        return builder().build();
    }

    /**
     * {@return a limiter in memory, for limits that are named in each call}
     *
     * @param nanoTime a monotonic clock in nanoseconds of any origin
     */
    public static RateLimiter inMemory(LongSupplier nanoTime) {
        return builder()
                .store(InMemoryBucketStore.builder().nanoTime(nanoTime).build())
                .build();
    }

    /** {@return a builder of a limiter in memory in which no tenant has limits} */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Takes permits, all or none, under the limits that this limiter knows for the tenant.
     *
     * @param permits how many, 1 or more
     * @return 0 if they were taken; else none were, and this is the time in nanoseconds after which they would be
     *     granted if nobody else took any, or {@link #NEVER}
     * @throws IllegalArgumentException if {@code permits} is less than 1
     * @throws UnavailableException if the tenant has no limits, or it cannot be counted now
     */
    public long tryAcquire(TenantId tenant, long permits) {
        RateLimits known = limits.apply(tenant);
        if (known == null) {
            throw new UnavailableException("tenant " + tenant + " has no rate limit", null);
        }
        return tryAcquire(tenant, known, permits);
    }

    /**
     * Takes permits, all or none, under one limit.
     *
     * @param permits how many, 1 or more
     * @return as {@link #tryAcquire(TenantId, long)}
     * @throws IllegalArgumentException if {@code permits} is less than 1
     * @throws UnavailableException if it cannot be counted now
     */
    public long tryAcquire(TenantId tenant, RateLimit limit, long permits) {
        return tryAcquire(tenant, limit.alone(), permits);
    }

    /**
     * Takes permits, all or none, under several limits.
     *
     * @param permits how many, 1 or more
     * @return as {@link #tryAcquire(TenantId, long)}
     * @throws IllegalArgumentException if {@code permits} is less than 1
     * @throws UnavailableException if it cannot be counted now
     */
    public long tryAcquire(TenantId tenant, RateLimits several, long permits) {
        // Read now: after the store's write it would be waited for.
        RateLimitListener[] told = listeners;
        long wait = store.tryAcquire(tenant, several, permits);
        Listeners.tell(told, tenant, permits, wait);
        return wait;
    }

    /**
     * Takes permits, all or none, of a tenant for something that has a name, or of one of its subjects.
     *
     * @param permits how many, 1 or more
     * @return as {@link #tryAcquire(TenantId, long)}
     * @throws IllegalArgumentException if {@code permits} is less than 1
     * @throws UnavailableException if it cannot be counted now
     */
    public long tryAcquire(BucketKey key, RateLimits several, long permits) {
        long wait = store.tryAcquire(key, several, permits);
        Listeners.tell(listeners, key.tenant(), permits, wait);
        return wait;
    }

    /**
     * Takes permits, all or none, and tells what is left.
     *
     * @param permits how many, 1 or more
     * @throws IllegalArgumentException if {@code permits} is less than 1
     * @throws UnavailableException if it cannot be counted now
     */
    public Acquisition acquire(BucketKey key, RateLimits several, long permits) {
        Acquisition acquisition = store.acquire(key, several, permits);
        Listeners.tell(listeners, key.tenant(), permits, acquisition.waitNanos());
        return acquisition;
    }

    /**
     * Gives back permits that were taken and not used, as far as they have not come back by themselves.
     *
     * @param acquisition one of this limiter that was granted; to be given back once
     */
    public void giveBack(Acquisition acquisition) {
        store.giveBack(acquisition);
    }

    /**
     * {@return what a tenant has left of a limit now}
     *
     * @throws UnavailableException if that cannot be known now
     */
    public Standing standing(TenantId tenant, RateLimit limit) {
        List<Standing> standings = standing(BucketKey.of(tenant), limit.alone());
        return standings.isEmpty() ? new Standing(limit, limit.burst(), 0, 0) : standings.get(0);
    }

    /**
     * {@return what is left now of each limit that is not unlimited, those of the tenant first}
     *
     * @throws UnavailableException if that cannot be known now
     */
    public List<Standing> standing(BucketKey key, RateLimits several) {
        return store.standing(key, several);
    }

    /**
     * Collects the settings. Not thread-safe.
     *
     * @since 0.1
     */
    public static final class Builder {
        private final List<RateLimitListener> listeners = new ArrayList<>();
        private @Nullable BucketStore store;
        private Function<? super TenantId, @Nullable RateLimits> limits = tenant -> null;

        private Builder() {}

        /** Sets where it is counted; whoever made the store closes it. */
        public Builder store(BucketStore counts) {
            this.store = Objects.requireNonNull(counts, "store");
            return this;
        }

        /**
         * Sets where limits come from, for {@link RateLimiter#tryAcquire(TenantId, long)}; asked each time, by many
         * threads at once.
         *
         * @param lookup the limits of a tenant, or null for one that has none, which is refused
         */
        public Builder limits(Function<? super TenantId, @Nullable RateLimits> lookup) {
            this.limits = Objects.requireNonNull(lookup, "limits");
            return this;
        }

        /** Adds a listener. */
        public Builder listener(RateLimitListener listener) {
            listeners.add(Objects.requireNonNull(listener, "listener"));
            return this;
        }

        /** {@return the limiter} */
        public RateLimiter build() {
            return new RateLimiter(this);
        }
    }
}
