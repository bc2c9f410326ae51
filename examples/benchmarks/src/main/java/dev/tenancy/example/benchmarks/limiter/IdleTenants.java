package dev.tenancy.example.benchmarks.limiter;

import dev.tenancy.TenantId;
import dev.tenancy.example.benchmarks.harness.Effort;
import dev.tenancy.example.benchmarks.harness.Metric;
import dev.tenancy.example.benchmarks.harness.Samples;
import dev.tenancy.example.benchmarks.harness.Settings;
import dev.tenancy.ratelimit.InMemoryBucketStore;
import dev.tenancy.ratelimit.RateLimiter;
import dev.tenancy.ratelimit.RateLimits;
import java.lang.ref.Reference;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;

/** What a tenant costs that was here once: bytes that stay in the heap, beside the tenant's id. */
final class IdleTenants {
    private static final int COLLECTIONS = 4;

    /** Bytes, of which one tenant's part is nothing. */
    private static final long NOISE = 100_000;

    private IdleTenants() {}

    static List<Metric> metrics(Settings settings) {
        TenantId[] tenants = Limiters.tenants(settings.effort() == Effort.SHAPE ? 1_000 : 200_000);
        int rounds = settings.effort() == Effort.FULL ? 3 : 1;
        List<Double> ours = new ArrayList<>();
        Map<String, Function<TenantId, Object>> peers = Map.of(
                Limiters.BUCKET4J, Limiters::bucket4j,
                Limiters.RESILIENCE4J, Limiters::resilience4j,
                Limiters.GUAVA, Limiters::guava);
        List<Metric> metrics = new ArrayList<>();
        bytes(tenants, () -> ours(tenants)); // once in vain: meanwhile the JVM forgets what it did before
        for (int round = 0; round < rounds; round++) {
            ours.add(bytes(tenants, () -> ours(tenants)));
        }
        for (String name : List.of(Limiters.BUCKET4J, Limiters.RESILIENCE4J, Limiters.GUAVA)) {
            Function<TenantId, Object> limiter = Objects.requireNonNull(peers.get(name));
            List<Double> theirs = new ArrayList<>();
            for (int round = 0; round < rounds; round++) {
                theirs.add(bytes(tenants, () -> peer(tenants, limiter)));
            }
            metrics.add(new Metric("idle-tenant.bytes", "bytes", name, new Samples(ours), new Samples(theirs)));
        }
        return metrics;
    }

    private static Object ours(TenantId[] tenants) {
        RateLimits limits = RateLimits.parse("600/1m burst 100");
        RateLimiter limiter = RateLimiter.builder()
                .store(InMemoryBucketStore.create())
                .limits(tenant -> limits)
                .build();
        for (TenantId tenant : tenants) {
            limiter.tryAcquire(tenant, 1);
        }
        return limiter;
    }

    private static Object peer(TenantId[] tenants, Function<TenantId, Object> limiter) {
        Map<TenantId, Object> limiters = new ConcurrentHashMap<>();
        for (TenantId tenant : tenants) {
            limiters.put(tenant, limiter.apply(tenant));
        }
        return limiters;
    }

    private static double bytes(TenantId[] tenants, Supplier<Object> filled) {
        long before = used();
        Object limiter = filled.get();
        try {
            return (double) (used() - before) / tenants.length;
        } finally {
            Reference.reachabilityFence(limiter);
        }
    }

    /** When collections find nothing more that others have left. */
    private static long used() {
        Runtime runtime = Runtime.getRuntime();
        long least = Long.MAX_VALUE;
        int inVain = 0;
        while (inVain < COLLECTIONS) {
            runtime.gc();
            long used = runtime.totalMemory() - runtime.freeMemory();
            inVain = used < least - NOISE ? 0 : inVain + 1;
            least = Math.min(least, used);
        }
        return least;
    }
}
