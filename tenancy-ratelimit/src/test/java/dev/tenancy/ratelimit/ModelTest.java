package dev.tenancy.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenancy.TenantId;
import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Random sequences of everything that can be done with a bucket, beside a model of it. */
class ModelTest {
    private static final long SEED = Long.getLong("tenancy.test.seed", System.nanoTime());
    private static final BucketKey ACME = BucketKey.of(TenantId.of("acme"));
    private static final int SEQUENCES = 300;
    private static final int STEPS = 200;

    private final AtomicLong now = new AtomicLong();
    private BigInteger elapsed = BigInteger.ZERO;
    private final List<String> said = new ArrayList<>();

    @Test
    void everyDecisionIsThatOfTheModel() {
        for (int sequence = 0; sequence < SEQUENCES; sequence++) {
            Random random = begin(sequence);
            RateLimit limit = anyLimit(random);
            boolean exact = isExact(limit);
            BucketModel model = new BucketModel(limit);
            InMemoryBucketStore store = newStore();
            for (int step = 0; step < STEPS; step++) {
                long permits = permits(random, limit);
                BigInteger expected = model.waitFor(elapsed, permits);
                long wait = store.tryAcquire(ACME, limit.alone(), permits);
                said.add(permits + " of " + limit + " at " + elapsed + ": " + wait + ", model " + expected);
                if (exact) {
                    assertThat(BigInteger.valueOf(wait)).as(this::story).isEqualTo(expected);
                } else {
                    assertThat(BigInteger.valueOf(wait)).as(this::story).isGreaterThanOrEqualTo(expected);
                }
                if (wait == 0) {
                    model.granted(elapsed, permits);
                }
                advance(random, limit, wait);
            }
        }
    }

    @Test
    void howeverLimitsChangeAndPermitsAreGivenBackTheHighestLimitIsNotExceeded() {
        for (int sequence = 0; sequence < SEQUENCES; sequence++) {
            Random random = begin(sequence);
            RateLimit highest = anyLimit(random);
            List<RateLimits> lower = lowerThan(highest, random);
            BucketModel model = new BucketModel(highest);
            InMemoryBucketStore store = newStore();
            List<Acquisition> held = new ArrayList<>();
            List<BucketModel.Grant> grants = new ArrayList<>();
            for (int step = 0; step < STEPS; step++) {
                RateLimits limits = random.nextInt(4) == 0 ? lower.get(random.nextInt(lower.size())) : highest.alone();
                long permits = Math.min(permits(random, highest), Math.max(limits.mostAtOnce(), 1));
                Acquisition acquisition = store.acquire(ACME, limits, permits);
                said.add(permits + " of " + limits + " at " + elapsed + ": " + acquisition.waitNanos());
                if (acquisition.isGranted()) {
                    held.add(acquisition);
                    grants.add(model.granted(elapsed, permits));
                }
                if (!held.isEmpty() && random.nextInt(3) == 0) {
                    int given = random.nextInt(held.size());
                    said.add("give back " + held.get(given).permits() + " at " + elapsed);
                    store.giveBack(held.remove(given));
                    model.undone(grants.remove(given));
                }
                assertThat(model.isExceeded()).as(this::story).isFalse();
                advance(random, highest, acquisition.waitNanos());
            }
        }
    }

    @Test
    void whatIsGivenBackAtOnceIsThereAgainInAnyOrder() {
        for (int sequence = 0; sequence < SEQUENCES; sequence++) {
            Random random = begin(sequence);
            RateLimit limit = RateLimit.parse("1000/1m");
            InMemoryBucketStore store = newStore();
            store.tryAcquire(ACME, limit.alone(), 300);
            List<Acquisition> held = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                held.add(store.acquire(ACME, limit.alone(), 1 + random.nextInt(5)));
            }
            now.addAndGet(Duration.ofMillis(5).toNanos());
            while (!held.isEmpty()) {
                store.giveBack(held.remove(random.nextInt(held.size())));
            }
            assertThat(store.standing(ACME, limit.alone()).get(0).remaining())
                    .as(this::story)
                    .isEqualTo(700);
        }
    }

    @Test
    void overYearsNotOnePermitIsLostAndNotOneIsGained() {
        for (String text : List.of("7/1m", "999/1h burst 10", "10007/1d", "1000000/30d", "11/30d", "366/366d")) {
            RateLimit limit = RateLimit.parse(text);
            InMemoryBucketStore store = newStore();
            assertThat(store.tryAcquire(ACME, limit.alone(), limit.burst())).isZero();
            long granted = 0;
            long start = now.get();
            long most = Duration.ofDays(50 * 365).toNanos() / (limit.period().toNanos() / limit.permits());
            for (long i = 0; i < Math.min(most, 300_000); i++) {
                long wait = store.tryAcquire(ACME, limit.alone(), 1);
                if (wait == 0) {
                    granted++;
                } else {
                    now.addAndGet(wait);
                }
            }
            BigInteger back = BigInteger.valueOf(now.get() - start)
                    .multiply(BigInteger.valueOf(limit.permits()))
                    .divide(BigInteger.valueOf(limit.period().toNanos()));
            assertThat(back.longValueExact() - granted).as(text).isBetween(0L, 1L);
        }
    }

    private Random begin(int sequence) {
        said.clear();
        said.add("-Dtenancy.test.seed=" + SEED + ", sequence " + sequence);
        Random random = new Random(SEED + sequence);
        now.set(random.nextLong());
        elapsed = BigInteger.ZERO;
        return random;
    }

    private InMemoryBucketStore newStore() {
        return InMemoryBucketStore.builder().nanoTime(now::get).build();
    }

    private String story() {
        return String.join("\n", said.subList(0, 1)) + "\n"
                + String.join("\n", said.subList(Math.max(said.size() - 30, 1), said.size()));
    }

    private void advance(Random random, RateLimit limit, long wait) {
        long interval = limit.period().toNanos() / limit.permits() + 1;
        long nanos = switch (random.nextInt(6)) {
            case 0, 1 -> 0;
            case 2 -> wait;
            case 3 -> Math.max(wait - 1, 0);
            case 4 -> (long) (random.nextDouble() * 3 * interval);
            default -> (long) (random.nextDouble() * random.nextDouble() * interval * Math.min(limit.burst(), 1000));
        };
        nanos = Math.min(nanos, Duration.ofDays(60 * 365).toNanos());
        now.addAndGet(nanos);
        elapsed = elapsed.add(BigInteger.valueOf(nanos));
    }

    private static long permits(Random random, RateLimit limit) {
        return random.nextInt(3) == 0
                ? 1 + (long) (random.nextDouble() * (limit.burst() - 1))
                : Math.min(limit.burst(), 1);
    }

    private static RateLimit anyLimit(Random random) {
        while (true) {
            long permits = 1 + (long) Math.pow(10, random.nextDouble() * 9);
            long nanos = random.nextBoolean()
                    ? Duration.ofSeconds(1 + (long) Math.pow(10, random.nextDouble() * 7))
                            .toNanos()
                    : 1_000_000 + (long) Math.pow(10, random.nextDouble() * 15);
            long burst = 1 + (long) Math.pow(10, random.nextDouble() * 6);
            try {
                return new RateLimit(Math.min(permits, 1_000_000_000), Duration.ofNanos(nanos), burst);
            } catch (IllegalArgumentException tooLong) {
                assertThat(tooLong).hasMessageContaining("50 years");
            }
        }
    }

    /** Whether nothing had to be rounded. */
    private static boolean isExact(RateLimit limit) {
        BigInteger period = BigInteger.valueOf(limit.period().toNanos());
        BigInteger permits = BigInteger.valueOf(limit.permits());
        return BigInteger.valueOf(limit.rate().interval())
                .multiply(permits)
                .equals(period.multiply(BigInteger.valueOf(limit.rate().scale())));
    }

    private static List<RateLimits> lowerThan(RateLimit highest, Random random) {
        List<RateLimits> lower = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            long permits = 1 + (long) (random.nextDouble() * (highest.permits() - 1));
            long burst = 1 + (long) (random.nextDouble() * (highest.burst() - 1));
            Duration period = random.nextBoolean()
                    ? highest.period()
                    : highest.period().multipliedBy(1 + random.nextInt(3)).compareTo(Duration.ofDays(366)) > 0
                            ? Duration.ofDays(366)
                            : highest.period().multipliedBy(1 + random.nextInt(3));
            if (period.compareTo(Duration.ofDays(366)) <= 0 && period.compareTo(highest.period()) >= 0) {
                try {
                    RateLimit one = new RateLimit(permits, period, burst);
                    lower.add(
                            random.nextBoolean() || period.equals(highest.period())
                                    ? one.alone()
                                    : RateLimits.of(highest, one));
                } catch (IllegalArgumentException tooLong) {
                    assertThat(tooLong).hasMessageContaining("50 years");
                }
            }
        }
        return lower.isEmpty() ? List.of(highest.alone()) : lower;
    }
}
