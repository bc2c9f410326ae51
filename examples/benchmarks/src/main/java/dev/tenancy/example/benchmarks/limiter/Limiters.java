package dev.tenancy.example.benchmarks.limiter;

import com.google.common.util.concurrent.RateLimiter;
import dev.tenancy.TenantId;
import dev.tenancy.ratelimit.RateLimit;
import dev.tenancy.ratelimit.RateLimitListener;
import dev.tenancy.ratelimit.RateLimits;
import io.github.bucket4j.Bucket;
import io.github.resilience4j.ratelimiter.RateLimiterConfig;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;

/**
 * The limiters, each as one would use it for many tenants with the same limit: ours with what a host has besides, a
 * lookup of limits of which a tenth of the tenants have their own, and a listener that counts; the others bare, in a
 * map.
 */
final class Limiters {
    static final String BUCKET4J = "bucket4j";
    static final String RESILIENCE4J = "resilience4j";
    static final String GUAVA = "guava";

    /** So many that whoever asks as fast as it can is still granted them. */
    static final int PER_SECOND = 100_000_000;

    private static final RateLimits STANDARD = RateLimits.of(RateLimit.of(PER_SECOND, Duration.ofSeconds(1)));
    private static final int TENANTS_PER_OVERRIDE = 10;

    private static final RateLimiterConfig RESILIENCE4J_CONFIG = RateLimiterConfig.custom()
            .limitForPeriod(PER_SECOND)
            .limitRefreshPeriod(Duration.ofSeconds(1))
            .timeoutDuration(Duration.ZERO)
            .build();

    private Limiters() {}

    static TenantId[] tenants(int number) {
        return IntStream.range(0, number)
                .mapToObj(tenant -> TenantId.of("tenant-" + tenant))
                .toArray(TenantId[]::new);
    }

    static dev.tenancy.ratelimit.RateLimiter ours(TenantId[] tenants) {
        ConcurrentMap<TenantId, RateLimits> overrides = new ConcurrentHashMap<>();
        for (int tenant = 0; tenant < tenants.length; tenant += TENANTS_PER_OVERRIDE) {
            overrides.put(tenants[tenant], RateLimits.of(RateLimit.of(PER_SECOND, Duration.ofSeconds(1))));
        }
        return dev.tenancy.ratelimit.RateLimiter.builder()
                .limits(tenant -> overrides.getOrDefault(tenant, STANDARD))
                .listener(new Counting())
                .build();
    }

    private static final class Counting implements RateLimitListener {
        private final LongAdder admitted = new LongAdder();
        private final LongAdder denied = new LongAdder();

        @Override
        public void admitted(TenantId tenant, long permits) {
            admitted.increment();
        }

        @Override
        public void denied(TenantId tenant, long permits, long waitNanos) {
            denied.increment();
        }
    }

    static Bucket bucket4j(TenantId tenant) {
        return Bucket.builder()
                .addLimit(limit -> limit.capacity(PER_SECOND).refillGreedy(PER_SECOND, Duration.ofSeconds(1)))
                .build();
    }

    static io.github.resilience4j.ratelimiter.RateLimiter resilience4j(TenantId tenant) {
        return io.github.resilience4j.ratelimiter.RateLimiter.of(tenant.value(), RESILIENCE4J_CONFIG);
    }

    static RateLimiter guava(TenantId tenant) {
        return RateLimiter.create(PER_SECOND);
    }
}
