package dev.tenancy.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenancy.TenantId;
import dev.tenancy.UnavailableException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RateLimiterTest {
    private static final TenantId ACME = TenantId.of("acme");
    private static final TenantId GLOBEX = TenantId.of("globex");
    private static final RateLimit TEN_A_SECOND = new RateLimit(10, Duration.ofSeconds(1), 5);

    private final AtomicLong now = new AtomicLong();
    private final RateLimiter limiter = RateLimiter.inMemory(now::get);

    @ParameterizedTest
    @ValueSource(longs = {0, Long.MAX_VALUE - 3, Long.MIN_VALUE, -1})
    void grantsTheBurstAndThenOnePermitAnInterval(long origin) {
        now.set(origin);
        assertThat(takeAll(ACME)).isEqualTo(5);

        long wait = limiter.tryAcquire(ACME, TEN_A_SECOND, 1);
        assertThat(wait).isEqualTo(Duration.ofMillis(100).toNanos());

        now.addAndGet(wait - 1);
        assertThat(limiter.tryAcquire(ACME, TEN_A_SECOND, 1)).isEqualTo(1);
        now.addAndGet(1);
        assertThat(limiter.tryAcquire(ACME, TEN_A_SECOND, 1)).isZero();
    }

    @Test
    void anIdleTenantSavesUpNoMoreThanItsBurst() {
        takeAll(ACME);
        now.addAndGet(Duration.ofDays(30).toNanos());

        assertThat(takeAll(ACME)).isEqualTo(5);
    }

    @Test
    void aDenialConsumesNothing() {
        takeAll(ACME);
        for (int i = 0; i < 1000; i++) {
            limiter.tryAcquire(ACME, TEN_A_SECOND, 1);
        }

        assertThat(limiter.tryAcquire(ACME, TEN_A_SECOND, 1))
                .isEqualTo(Duration.ofMillis(100).toNanos());
    }

    @Test
    void oneTenantDoesNotUseAnothersPermits() {
        takeAll(ACME);

        assertThat(takeAll(GLOBEX)).isEqualTo(5);
    }

    @Test
    void severalPermitsAreTakenAllOrNone() {
        assertThat(limiter.tryAcquire(ACME, TEN_A_SECOND, 4)).isZero();
        assertThat(limiter.tryAcquire(ACME, TEN_A_SECOND, 2)).isPositive();
        assertThat(limiter.tryAcquire(ACME, TEN_A_SECOND, 1)).isZero();
    }

    @Test
    void moreThanTheBurstIsNever() {
        assertThat(limiter.tryAcquire(ACME, TEN_A_SECOND, 6)).isEqualTo(RateLimiter.NEVER);
    }

    @Test
    void zeroAdmitsNobodyAndUnlimitedEverybody() {
        RateLimit none = RateLimit.of(0, Duration.ofSeconds(1));
        assertThat(limiter.tryAcquire(ACME, none, 1)).isEqualTo(RateLimiter.NEVER);
        assertThat(limiter.standing(ACME, none).remaining()).isZero();
        for (int i = 0; i < 1000; i++) {
            assertThat(limiter.tryAcquire(ACME, RateLimit.unlimited(), 1_000_000))
                    .isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1})
    void fewerThanOnePermitIsAnError(long permits) {
        assertThatThrownBy(() -> limiter.tryAcquire(ACME, TEN_A_SECOND, permits))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("1 or more");
    }

    @Test
    void whatIsSpentStaysSpentWhenTheLimitChanges() {
        RateLimit aDay = RateLimit.parse("10/1d");
        RateLimit aMinute = RateLimit.parse("600/1m");
        for (int i = 0; i < 10; i++) {
            assertThat(limiter.tryAcquire(ACME, aDay, 1)).isZero();
        }
        assertThat(limiter.tryAcquire(ACME, aDay, 1)).isPositive();

        assertThat(limiter.standing(ACME, aMinute).remaining()).as("raised").isEqualTo(590);
        assertThat(limiter.tryAcquire(ACME, aMinute, 590)).isZero();
        assertThat(limiter.tryAcquire(ACME, aMinute, 1))
                .isEqualTo(Duration.ofMillis(100).toNanos());

        assertThat(limiter.standing(ACME, aDay).remaining()).as("lowered").isZero();
        assertThat(limiter.tryAcquire(ACME, aDay, 1))
                .isEqualTo(Duration.ofMinutes(144).toNanos());
    }

    @Test
    void tellsWhatIsLeft() {
        limiter.tryAcquire(ACME, TEN_A_SECOND, 2);

        assertThat(limiter.standing(ACME, TEN_A_SECOND))
                .isEqualTo(new Standing(
                        TEN_A_SECOND,
                        3,
                        Duration.ofMillis(100).toNanos(),
                        Duration.ofMillis(200).toNanos()));
    }

    @Test
    void concurrentCallersGetTheBurstTogether() throws Exception {
        RateLimit limit = new RateLimit(1, Duration.ofDays(1), 1000);
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            Callable<Integer> caller = () -> {
                int granted = 0;
                for (int i = 0; i < 500; i++) {
                    granted += limiter.tryAcquire(ACME, limit, 1) == 0 ? 1 : 0;
                }
                return granted;
            };
            int granted = 0;
            for (Future<Integer> each : threads.invokeAll(Collections.nCopies(8, caller))) {
                granted += each.get();
            }
            assertThat(granted).isEqualTo(1000);
        } finally {
            threads.shutdownNow();
        }
    }

    private int takeAll(TenantId tenant) {
        int taken = 0;
        while (limiter.tryAcquire(tenant, TEN_A_SECOND, 1) == 0) {
            taken++;
        }
        return taken;
    }

    @Test
    void limitsAreLookedUpEachTime() {
        AtomicReference<RateLimits> current = new AtomicReference<>(RateLimits.parse("1/1d"));
        RateLimiter looking =
                RateLimiter.builder().limits(tenant -> current.get()).build();
        assertThat(looking.tryAcquire(ACME, 1)).isZero();
        assertThat(looking.tryAcquire(ACME, 1)).isPositive();
        current.set(RateLimits.parse("2/1d"));
        assertThat(looking.tryAcquire(ACME, 1)).isZero();
        assertThat(looking.tryAcquire(ACME, 1)).isPositive();
    }

    @Test
    void whoHasNoLimitIsRefused() {
        RateLimiter looking = RateLimiter.builder().build();
        assertThatThrownBy(() -> looking.tryAcquire(ACME, 1))
                .isInstanceOf(UnavailableException.class)
                .hasMessageContaining("acme has no rate limit");
    }

    @Test
    void listenersAreToldAndCanDoNoHarm() {
        List<String> told = new ArrayList<>();
        RateLimiter listened = RateLimiter.builder()
                .listener(new RateLimitListener() {
                    @Override
                    public void admitted(TenantId tenant, long permits) {
                        throw new AssertionError("a listener that fails");
                    }
                })
                .listener(new RateLimitListener() {
                    @Override
                    public void admitted(TenantId tenant, long permits) {
                        told.add(tenant + " " + permits);
                    }

                    @Override
                    public void denied(TenantId tenant, long permits, long waitNanos) {
                        told.add(tenant + " not " + permits + (waitNanos == RateLimiter.NEVER ? " ever" : ""));
                    }
                })
                .build();
        RateLimits five = TEN_A_SECOND.alone();
        BucketKey globex = BucketKey.of(GLOBEX, "chat");
        listened.tryAcquire(ACME, TEN_A_SECOND, 5);
        listened.tryAcquire(ACME, five, 5);
        listened.tryAcquire(globex, five, 6);
        listened.acquire(globex, five, 1);

        assertThat(told).containsExactly("acme 5", "acme not 5", "globex not 6 ever", "globex 1");
    }

    @Test
    void whatIsGivenBackIsThereAgain() {
        Acquisition acquisition = limiter.acquire(BucketKey.of(ACME), TEN_A_SECOND.alone(), 5);
        assertThat(limiter.tryAcquire(ACME, TEN_A_SECOND, 1)).isPositive();
        limiter.giveBack(acquisition);
        assertThat(takeAll(ACME)).isEqualTo(5);
        assertThat(limiter.standing(ACME, RateLimit.unlimited()).remaining()).isEqualTo(1_000_000_000);
    }

    @Test
    void namesAreCountedApart() {
        RateLimiter limiter = RateLimiter.inMemory();
        RateLimits one = RateLimits.parse("1/1d");
        for (String name : List.of("chat", "search")) {
            BucketKey key = BucketKey.of(TenantId.of("acme"), name);
            assertThat(limiter.tryAcquire(key, one, 1)).isZero();
            assertThat(limiter.tryAcquire(key, one, 1)).isPositive();
        }
    }
}
