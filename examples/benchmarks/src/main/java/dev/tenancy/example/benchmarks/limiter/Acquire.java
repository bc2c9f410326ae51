package dev.tenancy.example.benchmarks.limiter;

import dev.tenancy.TenantId;
import dev.tenancy.ratelimit.RateLimiter;
import io.github.bucket4j.Bucket;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Asks for a permit of one of so many tenants. */
@State(Scope.Benchmark)
public abstract class Acquire {
    private final TenantId[] tenants;
    private final RateLimiter ours;
    private final ConcurrentMap<TenantId, Bucket> bucket4j = new ConcurrentHashMap<>();

    Acquire(int number) {
        this.tenants = Limiters.tenants(number);
        this.ours = Limiters.ours(tenants);
    }

    /** Has everybody ask once; one limiter after the other, so that none of them lies scattered among the others. */
    @Setup
    public void begin() {
        for (TenantId tenant : tenants) {
            ours.tryAcquire(tenant, 1);
        }
        for (TenantId tenant : tenants) {
            bucket4j.put(tenant, Limiters.bucket4j(tenant));
        }
    }

    TenantId next(Walk walk) {
        return tenants[walk.next(tenants.length)];
    }

    /** {@return 0 for granted} */
    @Benchmark
    public long ours(Walk walk) {
        return ours.tryAcquire(next(walk), 1);
    }

    /** {@return whether it was granted} */
    @Benchmark
    public boolean bucket4j(Walk walk) {
        return bucket4j.computeIfAbsent(next(walk), Limiters::bucket4j).tryConsume(1);
    }
}
