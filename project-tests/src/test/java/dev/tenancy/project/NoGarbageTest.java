package dev.tenancy.project;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.tenancy.TenantId;
import dev.tenancy.ratelimit.BucketKey;
import dev.tenancy.ratelimit.RateLimit;
import dev.tenancy.ratelimit.RateLimitListener;
import dev.tenancy.ratelimit.RateLimiter;
import dev.tenancy.ratelimit.RateLimits;
import java.lang.management.ManagementFactory;
import java.util.Map;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;

/** A call of the limiter allocates nothing, listeners and the lookup of limits included. */
class NoGarbageTest {
    private static final int CALLS = 100_000;
    private static final TenantId ACME = TenantId.of("acme");

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private long told;

    @Test
    void neitherAGrantNorADenialAllocates() {
        for (String limits :
                new String[] {"1000000/1s", "1/1d", "1000000/1s, 100000000/1h", "1/1d, 100/1h", "unlimited"}) {
            RateLimiter limiter = RateLimiter.builder()
                    .limits(Map.of(ACME, RateLimits.parse(limits))::get)
                    .listener(counting())
                    .build();
            assertThat(allocated(() -> limiter.tryAcquire(ACME, 1))).as(limits).isZero();
        }
    }

    @Test
    void norDoOneLimitNorNamesAndSubjects() {
        RateLimiter limiter = RateLimiter.inMemory();
        RateLimit limit = RateLimit.parse("1000000/1s");
        assertThat(allocated(() -> limiter.tryAcquire(ACME, limit, 1))).isZero();
        BucketKey key = BucketKey.of(ACME).withSubject("u1");
        RateLimits perSubject = RateLimits.parse("1000000/1s, 1000000/1s per subject");
        assertThat(allocated(() -> limiter.tryAcquire(key, perSubject, 1))).isZero();
    }

    private RateLimitListener counting() {
        return new RateLimitListener() {
            @Override
            public void admitted(TenantId tenant, long permits) {
                told++;
            }

            @Override
            public void denied(TenantId tenant, long permits, long waitNanos) {
                told++;
            }
        };
    }

    /** Bytes of many calls; the first ones are those of a JVM that has to get to know them. */
    private long allocated(LongSupplier call) {
        long least = Long.MAX_VALUE;
        for (int round = 0; round < 5; round++) {
            long before = threads.getThreadAllocatedBytes(Thread.currentThread().getId());
            long sum = 0;
            for (int i = 0; i < CALLS; i++) {
                sum += call.getAsLong();
            }
            long after = threads.getThreadAllocatedBytes(Thread.currentThread().getId());
            assertThat(sum).isNotEqualTo(-1);
            least = Math.min(least, after - before);
        }
        return least;
    }
}
