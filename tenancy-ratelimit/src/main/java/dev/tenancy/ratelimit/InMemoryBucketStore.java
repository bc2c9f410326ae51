package dev.tenancy.ratelimit;

import dev.tenancy.TenantId;
import dev.tenancy.UnavailableException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Counts in this process.
 *
 * <p>One tenant with one limit takes about 70 bytes, and a call that takes permits allocates nothing and waits for
 * nobody. Time is the JVM's monotonic clock: that of the wall may jump. Up to a maximum of tenants are counted; beyond
 * it those are forgotten that have their whole burst, which makes no difference, and if there are none a newcomer is
 * refused as {@linkplain UnavailableException unavailable}. What is counted by name or subject has a room of its own,
 * of which no tenant gets more than its part. Thread-safe.
 *
 * @since 0.1
 */
public final class InMemoryBucketStore implements BucketStore {
    private final LongSupplier nanoTime;
    private final BucketTable<TenantId> tenants;
    private final BucketTable<BucketKey> named;
    private final BucketTable<BucketKey> subjects;

    private InMemoryBucketStore(Builder builder) {
        this.nanoTime = builder.nanoTime;
        this.tenants = new BucketTable<>(id -> id, builder.tenants, builder.tenants, nanoTime);
        this.named = new BucketTable<>(BucketKey::tenant, builder.keys, builder.keysOfTenant, nanoTime);
        this.subjects = new BucketTable<>(BucketKey::tenant, builder.keys, builder.keysOfTenant, nanoTime);
    }

    /** {@return a store with the default maxima, in which every tenant has its whole burst} */
    public static InMemoryBucketStore create() {
        return builder().build();
    }

    /** {@return a builder of a store for 1,000,000 tenants, and names and subjects of a hundred thousand a tenant} */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public long tryAcquire(TenantId tenant, RateLimits limits, long permits) {
        if (permits < 1) {
            throw fewerThanOne(permits);
        }
        if (permits > limits.mostAtOnce()) {
            return RateLimiter.NEVER;
        }
        RateLimit only = limits.only();
        if (only != null) {
            Cell cell = tenants.get(tenant);
            if (cell != null && cell.next == null && cell.limit.countsLike(only)) {
                long wait = cell.take(permits, nanoTime);
                if (wait != Cell.GONE) {
                    return wait;
                }
            }
        }
        return take(tenant, null, limits, permits, null);
    }

    @Override
    public long tryAcquire(BucketKey key, RateLimits limits, long permits) {
        if (key.isTenantOnly()) {
            return tryAcquire(key.tenant(), limits, permits);
        }
        if (permits < 1) {
            throw fewerThanOne(permits);
        }
        return permits > limits.mostAtOnce() ? RateLimiter.NEVER : take(key.tenant(), key, limits, permits, null);
    }

    @Override
    public Acquisition acquire(BucketKey key, RateLimits limits, long permits) {
        if (permits < 1) {
            throw fewerThanOne(permits);
        }
        if (permits > limits.mostAtOnce()) {
            return Acquisition.of(key, limits, permits, RateLimiter.NEVER, standing(key, limits));
        }
        Receipt receipt = new Receipt(nanoTime.getAsLong());
        long wait = take(key.tenant(), key, limits, permits, receipt);
        return Acquisition.of(key, limits, permits, wait, receipt.standings(limits), receipt);
    }

    @Override
    public void giveBack(Acquisition acquisition) {
        if (!acquisition.isGranted()) {
            return;
        }
        Receipt receipt = acquisition
                .receipt()
                .filter(Receipt.class::isInstance)
                .map(Receipt.class::cast)
                .orElseThrow(() -> new IllegalArgumentException(
                        "the acquisition is not of this store; allowed: what acquire returned"));
        BucketKey key = acquisition.key();
        giveBack(acquisition.limits().ofTenant(), () -> cellsOf(key), receipt, acquisition.permits());
        giveBack(acquisition.limits().ofSubject(), () -> subjects.get(key), receipt, acquisition.permits());
    }

    private interface Lookup {
        @Nullable
        Cell cells();
    }

    private void giveBack(List<RateLimit> limits, Lookup lookup, Receipt receipt, long permits) {
        Cell first = limits.isEmpty() ? null : lookup.cells();
        while (first != null && !receipt.giveBack(first, permits, nanoTime)) {
            first = lookup.cells();
        }
    }

    @Override
    public List<Standing> standing(BucketKey key, RateLimits limits) {
        List<Standing> standings = new ArrayList<>();
        for (RateLimit limit : limits.ofTenant()) {
            standings.add(Receipt.standing(limit, debt(limit, () -> cellsOf(key))));
        }
        for (RateLimit limit : limits.ofSubject()) {
            standings.add(Receipt.standing(limit, debt(limit, () -> subjects.get(key))));
        }
        return standings;
    }

    private long debt(RateLimit limit, Lookup lookup) {
        while (true) {
            Cell first = lookup.cells();
            if (first == null) {
                return 0;
            }
            long debt = Cells.debtUnder(first, limit, nanoTime);
            if (debt != Cell.GONE) {
                return debt;
            }
        }
    }

    /** Takes permits, all or none. */
    private long take(
            TenantId tenant, @Nullable BucketKey key, RateLimits limits, long permits, @Nullable Receipt receipt) {
        while (true) {
            Cell shared = limits.ofTenant().isEmpty() ? null : open(tenant, key, limits.ofTenant());
            Cell own = limits.ofSubject().isEmpty()
                    ? null
                    : subjects.open(key == null ? BucketKey.of(tenant) : key, limits.ofSubject());
            // Only looked at, so that those who are denied do not get into each other's way.
            long wait = Taking.look(shared, own, permits, nanoTime, receipt);
            if (wait == 0) {
                wait = Taking.take(shared, own, permits, nanoTime, receipt);
            }
            if (wait != Cell.GONE) {
                return wait;
            }
        }
    }

    private Cell open(TenantId tenant, @Nullable BucketKey key, List<RateLimit> limits) {
        return key == null || key.name().equals(BucketKey.DEFAULT_NAME)
                ? tenants.open(tenant, limits)
                : named.open(key.withoutSubject(), limits);
    }

    private @Nullable Cell cellsOf(BucketKey key) {
        return key.name().equals(BucketKey.DEFAULT_NAME) ? tenants.get(key.tenant()) : named.get(key.withoutSubject());
    }

    private static IllegalArgumentException fewerThanOne(long permits) {
        return new IllegalArgumentException("permits is " + permits + "; allowed: 1 or more");
    }

    /** How many tenants, names and subjects are counted now. */
    int size() {
        return tenants.size() + named.size() + subjects.size();
    }

    /**
     * Collects the settings. Not thread-safe.
     *
     * @since 0.1
     */
    public static final class Builder {
        private int tenants = 1_000_000;
        private int keys = 1_000_000;
        private int keysOfTenant = 100_000;
        private LongSupplier nanoTime = System::nanoTime;

        private Builder() {}

        /**
         * Sets how many tenants are counted at most.
         *
         * @param most 1 or more
         */
        public Builder maxTenants(int most) {
            this.tenants = positive("maxTenants", most);
            return this;
        }

        /**
         * Sets how many names of tenants are counted at most, and how many subjects.
         *
         * @param most in all, 1 or more
         * @param mostOfTenant of one tenant, 1 or more
         */
        public Builder maxKeys(int most, int mostOfTenant) {
            this.keys = positive("maxKeys", most);
            this.keysOfTenant = positive("maxKeys of a tenant", mostOfTenant);
            return this;
        }

        /**
         * Sets the clock; for tests. Where it goes back, time stands still.
         *
         * @param clock nanoseconds of any origin
         */
        public Builder nanoTime(LongSupplier clock) {
            this.nanoTime = new MonotonicClock(clock);
            return this;
        }

        /** {@return the store} */
        public InMemoryBucketStore build() {
            return new InMemoryBucketStore(this);
        }

        private static int positive(String name, int number) {
            if (number < 1) {
                throw new IllegalArgumentException(name + " is " + number + "; allowed: 1 or more");
            }
            return number;
        }
    }
}
