package dev.tenancy.example.benchmarks.limiter;

import com.google.common.util.concurrent.RateLimiter;
import dev.tenancy.TenantId;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.openjdk.jmh.annotations.Benchmark;

/** The same, of all peers. */
public abstract class AcquireOfAll extends Acquire {
    private final ConcurrentMap<TenantId, io.github.resilience4j.ratelimiter.RateLimiter> resilience4j =
            new ConcurrentHashMap<>();
    private final ConcurrentMap<TenantId, RateLimiter> guava = new ConcurrentHashMap<>();

    AcquireOfAll(int number) {
        super(number);
    }

    /** {@return whether it was granted} */
    @Benchmark
    public boolean resilience4j(Walk walk) {
        return resilience4j.computeIfAbsent(next(walk), Limiters::resilience4j).acquirePermission();
    }

    /** {@return whether it was granted} */
    @Benchmark
    public boolean guava(Walk walk) {
        return guava.computeIfAbsent(next(walk), Limiters::guava).tryAcquire();
    }
}
