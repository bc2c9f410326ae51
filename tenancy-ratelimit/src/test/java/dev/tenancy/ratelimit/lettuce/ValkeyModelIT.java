package dev.tenancy.ratelimit.lettuce;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenancy.TenantId;
import dev.tenancy.ratelimit.Acquisition;
import dev.tenancy.ratelimit.BucketKey;
import dev.tenancy.ratelimit.BucketModel;
import dev.tenancy.ratelimit.RateLimit;
import dev.tenancy.ratelimit.RateLimits;
import dev.tenancy.testservers.TestRedis;
import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Random sequences on two replicas, beside a model. */
class ValkeyModelIT {
    private static final long SEED = Long.getLong("tenancy.test.seed", System.nanoTime());
    private static final int SEQUENCES = 60;
    private static final int STEPS = 80;
    private static TestRedis server;
    private static Redis redis;

    private final AtomicLong passed = new AtomicLong();

    @BeforeAll
    static void start() {
        server = TestRedis.start();
        redis = Redis.of(server);
    }

    @AfterAll
    static void stop() {
        redis.close();
        server.close();
    }

    @Test
    void howeverLimitsChangeAndPermitsAreGivenBackTheHighestLimitIsNotExceeded() {
        ValkeyBucketStore one = store();
        ValkeyBucketStore two = store();
        try {
            for (int sequence = 0; sequence < SEQUENCES; sequence++) {
                sequence(sequence, List.of(one, two));
            }
        } finally {
            one.close();
            two.close();
        }
    }

    private void sequence(int sequence, List<ValkeyBucketStore> stores) {
        Random random = new Random(SEED + sequence);
        BucketKey key = BucketKey.of(TenantId.of("t" + sequence));
        long permits = 1L + random.nextInt(5_000);
        long burst = 1L + random.nextInt(500);
        int days = 1 + random.nextInt(30);
        RateLimit highest = new RateLimit(permits, Duration.ofDays(days), burst);
        List<RateLimits> lower = List.of(
                RateLimits.of(new RateLimit(1 + permits / 2, Duration.ofDays(days), 1 + burst / 3)),
                RateLimits.of(new RateLimit(permits, Duration.ofDays(days), 1 + burst / 2)),
                RateLimits.of(highest, new RateLimit(1 + permits / 2, Duration.ofDays(2L * days), burst)));
        BucketModel model = new BucketModel(highest);
        List<Runnable> givingBack = new ArrayList<>();
        List<String> said = new ArrayList<>(List.of("-Dtenancy.test.seed=" + SEED + ", sequence " + sequence));
        long start = System.nanoTime() + passed.get();
        for (int step = 0; step < STEPS; step++) {
            ValkeyBucketStore store = stores.get(random.nextInt(2));
            RateLimits limits =
                    random.nextInt(4) == 0 ? lower.get(random.nextInt(lower.size())) : RateLimits.of(highest);
            long wanted = Math.min(random.nextInt(3) == 0 ? 1 + random.nextLong(burst) : 1, limits.mostAtOnce());
            Acquisition acquisition = store.acquire(key, limits, wanted);
            BigInteger now = BigInteger.valueOf(System.nanoTime() + passed.get() - start);
            said.add(wanted + " of " + limits + " at " + now + ": " + acquisition.waitNanos());
            if (acquisition.isGranted()) {
                BucketModel.Grant grant = model.granted(now, wanted);
                givingBack.add(() -> {
                    store.giveBack(acquisition);
                    model.undone(grant);
                });
            }
            if (!givingBack.isEmpty() && random.nextInt(3) == 0) {
                said.add("give back");
                givingBack.remove(random.nextInt(givingBack.size())).run();
            }
            assertThat(model.isExceeded()).as(() -> String.join("\n", said)).isFalse();
            if (random.nextInt(3) == 0) {
                Duration time = random.nextBoolean()
                        ? Duration.ofSeconds(1 + random.nextInt(days * 86_400 / (int) Math.min(permits, 100)))
                        : Duration.ofNanos(Math.min(
                                acquisition.waitNanos(), Duration.ofDays(100).toNanos()));
                redis.pass("model:", time);
                passed.addAndGet(time.toNanos());
            }
        }
    }

    private ValkeyBucketStore store() {
        return ValkeyBucketStore.builder()
                .uri(server.uri())
                .keyPrefix("model:")
                .timeout(Duration.ofSeconds(5))
                .nanoTime(() -> System.nanoTime() + passed.get())
                .build();
    }
}
