package dev.tenancy.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenancy.TenantId;
import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** 64 threads on 10,000 tenants: what all of them are granted together is what the model grants to one. */
class ManyThreadsTest {
    private static final int THREADS = 64;
    private static final int TENANTS = 10_000;
    private static final int ACQUIRES = Integer.getInteger("tenancy.test.interleavings", 250_000);
    private static final int PHASES = 8;

    private final AtomicLong now = new AtomicLong(-1);

    @ParameterizedTest
    @ValueSource(strings = {"600/1m burst 500", "400/1m, 1000/1h"})
    void exactlyWhatTheModelAllowsIsGranted(String text) throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        RateLimits limits = RateLimits.parse(text);
        InMemoryBucketStore store =
                InMemoryBucketStore.builder().nanoTime(now::get).build();
        AtomicIntegerArray granted = new AtomicIntegerArray(TENANTS);
        List<BucketModel> models = limits.all().stream().map(BucketModel::new).toList();
        long elapsed = 0;
        int expected = 0;
        for (int phase = 0; phase < PHASES; phase++) {
            inAllThreads(store, limits, ACQUIRES / PHASES, granted);
            int grantedNow = grants(models, elapsed);
            expected += grantedNow;
            int all = expected;
            assertThat(IntStream.range(0, TENANTS).map(granted::get).filter(each -> each != all))
                    .as("seed %d, phase %d, expected %d", seed, phase, expected)
                    .isEmpty();
            long step = (long) (random.nextDouble() * Duration.ofSeconds(40).toNanos());
            now.addAndGet(-Duration.ofHours(1).toNanos());
            store.tryAcquire(TenantId.of("looks-at-the-clock"), limits, 1);
            now.addAndGet(step);
            elapsed += step;
        }
    }

    @Test
    void alsoWhileTenantsAreEvicted() throws Exception {
        RateLimits limits = RateLimits.parse("2/1m burst 100");
        InMemoryBucketStore store = InMemoryBucketStore.builder()
                .maxTenants(TENANTS / 2)
                .nanoTime(now::get)
                .build();
        AtomicIntegerArray granted = new AtomicIntegerArray(TENANTS);
        for (int round = 0; round < 2; round++) {
            // The first half fills the store, has its burst again, and makes room for the second half.
            for (int half = 0; half < 2; half++) {
                int first = half * TENANTS / 2;
                inThreads(thread -> () -> {
                    Random random = new Random(thread);
                    for (int i = 0; i < ACQUIRES / 16; i++) {
                        int tenant = first + random.nextInt(TENANTS / 2);
                        if (store.tryAcquire(TenantId.of("t" + tenant), limits, 1) == 0) {
                            granted.incrementAndGet(tenant);
                        }
                    }
                    return null;
                });
                int most = (round + 1) * 100;
                assertThat(IntStream.range(0, TENANTS).map(granted::get).filter(each -> each > most))
                        .isEmpty();
                now.addAndGet(Duration.ofHours(1).toNanos());
            }
        }
        assertThat(store.size()).isLessThanOrEqualTo(TENANTS / 2);
    }

    /** Each thread asks for each tenant as often, but none of them in the same order. */
    private static void inAllThreads(
            InMemoryBucketStore store, RateLimits limits, int acquires, AtomicIntegerArray granted) throws Exception {
        TenantId[] tenants = IntStream.range(0, TENANTS)
                .mapToObj(tenant -> TenantId.of("t" + tenant))
                .toArray(TenantId[]::new);
        inThreads(thread -> () -> {
            int tenant = thread * 131;
            for (int i = 0; i < Math.max(acquires, TENANTS * 10); i++) {
                tenant = (tenant + 7) % TENANTS;
                if (store.tryAcquire(tenants[tenant], limits, 1) == 0) {
                    granted.incrementAndGet(tenant);
                }
            }
            return null;
        });
    }

    private interface Work {
        Callable<Void> of(int thread);
    }

    private static void inThreads(Work work) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try {
            List<Callable<Void>> all = new ArrayList<>();
            for (int thread = 0; thread < THREADS; thread++) {
                all.add(work.of(thread));
            }
            for (Future<Void> each : threads.invokeAll(all)) {
                each.get();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    /** How many of very many requests at once all limits grant. */
    private static int grants(List<BucketModel> models, long elapsed) {
        BigInteger at = BigInteger.valueOf(elapsed);
        int grants = 0;
        while (models.stream().allMatch(model -> model.waitFor(at, 1).signum() == 0)) {
            models.forEach(model -> model.granted(at, 1));
            grants++;
        }
        return grants;
    }
}
