package dev.tenancy.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenancy.TenantId;
import dev.tenancy.UnavailableException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What limiters are known to get wrong. */
class PitfallsTest {
    private static final TenantId ACME = TenantId.of("acme");
    private static final RateLimits TEN_A_MINUTE = RateLimits.parse("10/1m");

    private final AtomicLong now =
            new AtomicLong(Long.MAX_VALUE - Duration.ofMinutes(2).toNanos());
    private final InMemoryBucketStore store = store(1_000);

    @Test
    void overflowOfIntervalTimesPermits() {
        RateLimits slow = RateLimits.parse("1/366d burst 49");
        assertThat(store.tryAcquire(ACME, slow, Long.MAX_VALUE)).isEqualTo(RateLimiter.NEVER);
        assertThat(store.tryAcquire(ACME, slow, Long.MAX_VALUE / 366)).isEqualTo(RateLimiter.NEVER);
        assertThat(store.tryAcquire(ACME, slow, 49)).isZero();
        assertThat(store.tryAcquire(ACME, slow, 49))
                .isEqualTo(Duration.ofDays(366L * 49).toNanos());

        RateLimits many = RateLimits.of(RateLimit.of(1_000_000_000, Duration.ofDays(366)));
        TenantId globex = TenantId.of("globex");
        assertThat(store.tryAcquire(globex, many, 1_000_000_000)).isZero();
        assertThat(store.tryAcquire(globex, many, 1)).isPositive().isLessThan(32_000_000);
        assertThat(store.tryAcquire(globex, many, Long.MAX_VALUE)).isEqualTo(RateLimiter.NEVER);
    }

    @Test
    void negativePermitsMintNothing() {
        store.tryAcquire(ACME, TEN_A_MINUTE, 10);
        for (long permits : new long[] {0, -1, -10, Long.MIN_VALUE, Long.MIN_VALUE + 1}) {
            assertThatThrownBy(() -> store.tryAcquire(ACME, TEN_A_MINUTE, permits))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("1 or more");
            assertThatThrownBy(() -> store.tryAcquire(BucketKey.of(ACME, "chat"), TEN_A_MINUTE, permits))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> store.tryAcquire(ACME, RateLimits.parse("10/1m, 5/1s"), permits))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(
                            () -> store.tryAcquire(ACME, RateLimit.unlimited().alone(), permits))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        assertThat(store.tryAcquire(ACME, TEN_A_MINUTE, 1)).isPositive();
    }

    @Test
    void aClockThatGoesBackAnHourMintsNothingAndStopsNobodyForAnHour() {
        assertThat(store.tryAcquire(ACME, TEN_A_MINUTE, 10)).isZero();
        long wait = store.tryAcquire(ACME, TEN_A_MINUTE, 1);
        now.addAndGet(-Duration.ofHours(1).toNanos());

        assertThat(store.tryAcquire(ACME, TEN_A_MINUTE, 1)).isEqualTo(wait);
        now.addAndGet(wait);
        assertThat(store.tryAcquire(ACME, TEN_A_MINUTE, 1)).isZero();
        assertThat(store.tryAcquire(ACME, TEN_A_MINUTE, 1)).isEqualTo(wait);
    }

    @Test
    void aClockThatGoesToAndFroMintsNothing() {
        long granted = 0;
        for (int i = 0; i < 10_000; i++) {
            granted += store.tryAcquire(ACME, TEN_A_MINUTE, 1) == 0 ? 1 : 0;
            now.addAndGet(
                    i % 2 == 0
                            ? -Duration.ofHours(1).toNanos()
                            : Duration.ofHours(1).toNanos());
        }
        // Each hour forwards is one that has passed: the burst is there again, and no more.
        assertThat(granted).isLessThanOrEqualTo(10_000);
        assertThat(store.tryAcquire(ACME, TEN_A_MINUTE, 10)).isZero();
        assertThat(store.tryAcquire(ACME, TEN_A_MINUTE, 1)).isPositive();
    }

    @Test
    void anIdleTenantIsWholeHoweverLongItWasIdle() {
        for (String text : List.of("10/1m", "999999937/1s burst 999", "7/1s", "1/366d burst 49")) {
            RateLimits limits = RateLimits.parse(text);
            long burst = limits.mostAtOnce();
            for (int power = 30; power < 58; power++) {
                TenantId tenant = TenantId.of("t" + text.hashCode() + "." + power);
                assertThat(store.tryAcquire(tenant, limits, burst)).isZero();
                now.addAndGet(Math.max(1L << power, limits.all().get(0).rate().capacity() + 3));
                assertThat(store.tryAcquire(tenant, limits, burst))
                        .as("%s after 2^%d ns", text, power)
                        .isZero();
                assertThat(store.tryAcquire(tenant, limits, burst)).isPositive();
            }
        }
    }

    @Test
    void aTimeThatHasWrappedAroundIsNotADebt() {
        // With 32 units in a nanosecond, that of half an hour ago in 13 years looks like one in the future.
        RateLimits limits = RateLimits.parse("999999937/1s burst 999");
        assertThat(limits.all().get(0).rate().scale()).isEqualTo(32);
        assertThat(store.tryAcquire(ACME, limits, 999)).isZero();
        now.addAndGet(3L << 57);
        assertThat(store.tryAcquire(ACME, limits, 999)).isZero();
    }

    @Test
    void aRetryOneNanosecondBeforeTheAdvisedTimeIsDeniedAndOneAtThatTimeIsGranted() {
        for (String text : List.of("10/1m", "7/1s", "3/1m burst 2", "999983/1s", "11/1d", "333333/1h")) {
            RateLimits limits = RateLimits.parse(text);
            TenantId tenant = TenantId.of("t" + text.replaceAll(" burst ", "b"));
            store.tryAcquire(tenant, limits, limits.mostAtOnce());
            for (int i = 0; i < 1_000; i++) {
                long wait = store.tryAcquire(tenant, limits, 1);
                assertThat(wait).as(text).isPositive();
                now.addAndGet(wait - 1);
                assertThat(store.tryAcquire(tenant, limits, 1)).as(text).isEqualTo(1);
                now.addAndGet(1);
                assertThat(store.tryAcquire(tenant, limits, 1)).as(text).isZero();
            }
        }
    }

    @Test
    void morePermitsThanTheBurstAreNeverAndTakeNothing() {
        assertThat(store.tryAcquire(ACME, TEN_A_MINUTE, 11)).isEqualTo(RateLimiter.NEVER);
        assertThat(store.size()).as("not even a bucket").isZero();
        assertThat(store.tryAcquire(ACME, RateLimits.parse("10/1m, 5/1h"), 6)).isEqualTo(RateLimiter.NEVER);
        assertThat(store.tryAcquire(ACME, TEN_A_MINUTE, 10)).isZero();
    }

    @Test
    void aDenialOfTheSecondOfTwoLimitsTakesNothingOfTheFirst() {
        RateLimits both = RateLimits.parse("100/1h, 10/1m");
        store.tryAcquire(ACME, both, 10);
        for (int i = 0; i < 1_000; i++) {
            assertThat(store.tryAcquire(ACME, both, 1)).isPositive();
        }
        assertThat(store.standing(BucketKey.of(ACME), both).get(0).remaining()).isEqualTo(90);
    }

    /** Whoever is held up after asking for the time finds what others took since, as it was long ago. */
    @ParameterizedTest
    @ValueSource(longs = {1, 3, 3_500})
    void aTimeThatIsOlderThanTheCellMintsNothing(long secondsHeldUp) {
        Cell cell = new Cell(ACME, RateLimit.parse("1/1h"), 0, 0, 0, null);
        long later = Duration.ofSeconds(secondsHeldUp).toNanos();

        assertThat(cell.take(
                        1,
                        heldUpUntil(
                                later,
                                () -> assertThat(cell.take(1, () -> later)).isZero())))
                .isPositive();
    }

    @Test
    void aTimeThatIsOlderThanTheCellDeniesNobody() {
        Cell cell = new Cell(ACME, RateLimit.parse("1/1s"), 0, 0, 0, null);
        long later = Duration.ofSeconds(5).toNanos();

        assertThat(cell.take(
                        1,
                        heldUpUntil(
                                later, () -> assertThat(cell.take(1, () -> 0)).isZero())))
                .isZero();
    }

    @Test
    void aPermitThatIsBackAtTheVeryMomentIsTakenOnce() {
        Cell cell = new Cell(ACME, RateLimit.parse("1/1s"), 0, 0, 0, null);
        long later = Duration.ofSeconds(1).toNanos();

        assertThat(cell.take(
                        1,
                        heldUpUntil(
                                later, () -> assertThat(cell.take(1, () -> 0)).isZero())))
                .isZero();
        assertThat(cell.take(1, () -> later)).isEqualTo(later);
    }

    /** Two values of a cell stand for something else. */
    @ParameterizedTest
    @ValueSource(longs = {Long.MIN_VALUE, Long.MIN_VALUE + 1, Long.MIN_VALUE + 2, Long.MAX_VALUE, -1, 0, 1})
    void noTimeIsMistakenForSomethingElse(long time) {
        Cell cell = new Cell(ACME, RateLimit.parse("1/1s"), time, 0, 0, null);

        long wait = cell.take(1, () -> time);
        assertThat(wait).isBetween(0L, 2L);
        assertThat(wait == 0 ? 0 : cell.take(1, () -> time + wait)).isZero();
        assertThat(cell.take(1, () -> time + wait)).isPositive();
    }

    /** Tells a time at which it begins, but only when {@code meanwhile} has run and that is past. */
    private static LongSupplier heldUpUntil(long later, Runnable meanwhile) {
        AtomicInteger asked = new AtomicInteger();
        return () -> {
            if (asked.getAndIncrement() == 0) {
                meanwhile.run();
                return 0;
            }
            return later;
        };
    }

    @Test
    void aDenialIsReadOnly() {
        store.tryAcquire(ACME, TEN_A_MINUTE, 10);
        long wait = store.tryAcquire(ACME, TEN_A_MINUTE, 1);
        for (int i = 0; i < 10_000; i++) {
            assertThat(store.tryAcquire(ACME, TEN_A_MINUTE, 10)).isGreaterThanOrEqualTo(wait);
        }
        assertThat(store.tryAcquire(ACME, TEN_A_MINUTE, 1)).isEqualTo(wait);
    }

    @Test
    void aDebtorIsNeverEvictedAndANewcomerIsRefusedInstead() {
        InMemoryBucketStore small = store(3);
        for (String debtor : List.of("a", "b", "c")) {
            small.tryAcquire(TenantId.of(debtor), TEN_A_MINUTE, 10);
        }
        for (int i = 0; i < 100; i++) {
            TenantId newcomer = TenantId.of("n" + i);
            assertThatThrownBy(() -> small.tryAcquire(newcomer, TEN_A_MINUTE, 1))
                    .isInstanceOf(UnavailableException.class)
                    .hasMessageContaining("no room");
        }
        for (String debtor : List.of("a", "b", "c")) {
            assertThat(small.tryAcquire(TenantId.of(debtor), TEN_A_MINUTE, 1)).isPositive();
        }
        now.addAndGet(Duration.ofMinutes(1).toNanos());
        assertThat(small.tryAcquire(TenantId.of("n"), TEN_A_MINUTE, 10)).isZero();
        assertThat(small.size()).isLessThanOrEqualTo(3);
    }

    @Test
    void nobodyIsEvictedBeforeThereIsNoRoom() {
        InMemoryBucketStore small = store(100);
        for (int i = 0; i < 100; i++) {
            small.tryAcquire(TenantId.of("t" + i), TEN_A_MINUTE, 1);
        }
        now.addAndGet(Duration.ofDays(1).toNanos());
        for (int i = 0; i < 100; i++) {
            small.tryAcquire(TenantId.of("t" + i), TEN_A_MINUTE, 1);
        }
        assertThat(small.size()).isEqualTo(100);
    }

    @Test
    void theSubjectsOfOneTenantTakeNoRoomFromThoseOfAnother() {
        RateLimits perSubject = RateLimits.parse("10/1m per subject");
        InMemoryBucketStore small = InMemoryBucketStore.builder()
                .maxKeys(100, 20)
                .nanoTime(now::get)
                .build();
        BucketKey acme = BucketKey.of(ACME);
        for (int i = 0; i < 20; i++) {
            assertThat(small.tryAcquire(acme.withSubject("u" + i), perSubject, 1))
                    .isZero();
        }
        assertThatThrownBy(() -> small.tryAcquire(acme.withSubject("u20"), perSubject, 1))
                .isInstanceOf(UnavailableException.class)
                .hasMessageContaining("20 of one tenant")
                .hasMessageNotContaining("u20");
        for (int i = 0; i < 20; i++) {
            BucketKey globex = BucketKey.of(TenantId.of("globex")).withSubject("u" + i);
            assertThat(small.tryAcquire(globex, perSubject, 1)).isZero();
        }
        now.addAndGet(Duration.ofMinutes(1).toNanos());
        assertThat(small.tryAcquire(acme.withSubject("u20"), perSubject, 1)).isZero();
    }

    @Test
    void evictionDoesNotAdmitAgain() throws Exception {
        RateLimits limits = RateLimits.parse("50/1h burst 50");
        int tenants = 40;
        InMemoryBucketStore small = store(20);
        for (int round = 0; round < 200; round++) {
            List<Callable<int[]>> callers = new ArrayList<>();
            for (int thread = 0; thread < 4; thread++) {
                int first = thread * 7;
                callers.add(() -> {
                    int[] granted = new int[tenants];
                    for (int i = 0; i < 600; i++) {
                        int tenant = (first + i) % tenants;
                        try {
                            granted[tenant] += small.tryAcquire(TenantId.of("t" + tenant), limits, 3) == 0 ? 3 : 0;
                        } catch (UnavailableException noRoom) {
                            assertThat(noRoom).hasMessageContaining("no room");
                        }
                    }
                    return granted;
                });
            }
            int[] granted = new int[tenants];
            for (int[] each : all(callers)) {
                for (int tenant = 0; tenant < tenants; tenant++) {
                    granted[tenant] += each[tenant];
                }
            }
            assertThat(Arrays.stream(granted).max().orElseThrow())
                    .as("round %d", round)
                    .isLessThanOrEqualTo(50);
            assertThat(small.size()).isLessThanOrEqualTo(20);
            now.addAndGet(Duration.ofHours(2).toNanos());
        }
    }

    /** The clock is read at each step of an eviction: there somebody else takes what is being evicted. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6})
    void whoeverTakesInTheMiddleOfAnEvictionIsNotForgotten(int step) throws Exception {
        RateLimits onceADay = RateLimits.parse("1/1d");
        RateLimits fast = RateLimits.parse("1000000/1s");
        AtomicInteger untilThen = new AtomicInteger();
        List<Thread> others = new ArrayList<>();
        AtomicInteger granted = new AtomicInteger();
        List<Runnable> inBetween = new ArrayList<>();
        InMemoryBucketStore small = InMemoryBucketStore.builder()
                .maxTenants(1)
                .nanoTime(() -> {
                    if (untilThen.getAndDecrement() == 1) {
                        inBetween.forEach(Runnable::run);
                    }
                    return now.get();
                })
                .build();
        Runnable taking = () -> {
            try {
                granted.addAndGet(small.tryAcquire(ACME, onceADay, 1) == 0 ? 1 : 0);
            } catch (UnavailableException noRoom) {
                assertThat(noRoom).hasMessageContaining("no room");
            }
        };
        inBetween.add(() -> {
            Thread other = new Thread(taking);
            others.add(other);
            other.start();
            awaitForAMoment(other);
        });
        assertThat(small.tryAcquire(ACME, onceADay, 1)).isZero();
        now.addAndGet(Duration.ofDays(1).toNanos());

        untilThen.set(step);
        try {
            small.tryAcquire(TenantId.of("newcomer"), fast, 1);
        } catch (UnavailableException noRoom) {
            assertThat(noRoom).hasMessageContaining("no room");
        }
        untilThen.set(0);
        for (Thread other : others) {
            other.join();
        }
        now.addAndGet(Duration.ofSeconds(1).toNanos());
        taking.run();

        assertThat(granted.get()).isLessThanOrEqualTo(1);
    }

    /** Who waits for the end of the eviction cannot be awaited in it. */
    private static void awaitForAMoment(Thread other) {
        try {
            other.join(200);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static <T> List<T> all(List<Callable<T>> callers) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(callers.size());
        try {
            List<T> results = new ArrayList<>();
            for (Future<T> each : threads.invokeAll(callers)) {
                results.add(each.get());
            }
            return results;
        } finally {
            threads.shutdownNow();
        }
    }

    private InMemoryBucketStore store(int tenants) {
        return InMemoryBucketStore.builder()
                .maxTenants(tenants)
                .nanoTime(now::get)
                .build();
    }
}
