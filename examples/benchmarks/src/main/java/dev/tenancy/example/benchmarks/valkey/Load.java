package dev.tenancy.example.benchmarks.valkey;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Asks as fast as it can. */
final class Load {
    /** As many as a busy server has requests at once. */
    static final int THREADS = 32;

    private Load() {}

    /** Decisions per second. */
    static double perSecond(Limiter limiter, int tenants, Duration time) {
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try {
            List<Callable<Long>> asking = new ArrayList<>();
            long start = System.nanoTime();
            for (int thread = 0; thread < THREADS; thread++) {
                int first = thread * 31;
                asking.add(() -> {
                    long decisions = 0;
                    int tenant = first;
                    while (System.nanoTime() - start < time.toNanos()) {
                        tenant = (tenant + 17) % tenants;
                        if (!limiter.tryAcquire(tenant)) {
                            throw new IllegalStateException("a permit that there is was not granted");
                        }
                        decisions++;
                    }
                    return decisions;
                });
            }
            long decisions = 0;
            for (Future<Long> each : threads.invokeAll(asking)) {
                decisions += each.get();
            }
            return decisions * 1e9 / (System.nanoTime() - start);
        } catch (Exception failure) {
            throw new IllegalStateException("the limiter cannot be measured", failure);
        } finally {
            threads.shutdownNow();
        }
    }
}
