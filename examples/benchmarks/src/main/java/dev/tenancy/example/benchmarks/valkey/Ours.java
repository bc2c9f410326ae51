package dev.tenancy.example.benchmarks.valkey;

import dev.tenancy.TenantId;
import dev.tenancy.ratelimit.RateLimiter;
import dev.tenancy.ratelimit.RateLimits;
import dev.tenancy.ratelimit.lettuce.ValkeyBucketStore;
import dev.tenancy.ratelimit.lettuce.ValkeyBucketStoreBuilder;
import java.time.Duration;
import java.util.stream.IntStream;

/** The library. */
final class Ours implements Limiter {
    private final ValkeyBucketStore store;
    private final RateLimiter limiter;
    private final TenantId[] tenants;

    private Ours(ValkeyBucketStoreBuilder builder, int number, RateLimits limits) {
        this.store = builder.timeout(Duration.ofSeconds(5)).build();
        this.limiter =
                RateLimiter.builder().store(store).limits(tenant -> limits).build();
        this.tenants = IntStream.range(0, number)
                .mapToObj(tenant -> TenantId.of("tenant-" + tenant))
                .toArray(TenantId[]::new);
    }

    static Limiter on(String uri, int tenants, RateLimits limits) {
        return new Ours(ValkeyBucketStore.builder().uri(uri), tenants, limits);
    }

    static Limiter leasing(String uri, int tenants, RateLimits limits) {
        return new Ours(ValkeyBucketStore.builder().uri(uri).lease(100, Duration.ofSeconds(1)), tenants, limits);
    }

    @Override
    public boolean tryAcquire(int tenant) {
        return limiter.tryAcquire(tenants[tenant], 1) == 0;
    }

    @Override
    public void close() {
        store.close();
    }
}
