package dev.tenancy.ratelimit.testing;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenancy.TenantId;
import dev.tenancy.ratelimit.Acquisition;
import dev.tenancy.ratelimit.BucketKey;
import dev.tenancy.ratelimit.BucketStore;
import dev.tenancy.ratelimit.RateLimit;
import dev.tenancy.ratelimit.RateLimiter;
import dev.tenancy.ratelimit.RateLimits;
import dev.tenancy.ratelimit.Standing;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What every {@link BucketStore} does. A test of one extends this.
 *
 * <p>Its limits are of hours and days, so that seconds which really pass while it runs make no difference.
 *
 * @since 0.1
 */
public abstract class BucketStoreContract {
    private static final TenantId ACME = TenantId.of("acme");
    private static final TenantId GLOBEX = TenantId.of("globex");
    private static final BucketKey OF_ACME = BucketKey.of(ACME);
    private static final RateLimits TEN_A_DAY = RateLimits.parse("10/1d");
    private static final RateLimits HUNDRED_A_DAY = RateLimits.parse("100/1d");
    private static final Duration A_MINUTE = Duration.ofMinutes(1);
    private static final int THREADS = 8;

    /** The store of this test. */
    private BucketStore store = new Unset();

    /** For subclasses. */
    protected BucketStoreContract() {}

    /** {@return a store in which everybody has the whole burst} */
    protected abstract BucketStore newStore() throws Exception;

    /** Lets so much time pass for the store, at once. */
    protected abstract void pass(Duration time) throws Exception;

    /** Makes the store of a test. */
    @BeforeEach
    public final void makeStore() throws Exception {
        store = newStore();
    }

    /** Closes it. */
    @AfterEach
    public final void closeStore() {
        store.close();
    }

    /** First the burst, then one permit an interval. */
    @Test
    public final void theBurstIsGrantedAndThenOnePermitAnInterval() throws Exception {
        assertEquals(10, takeAll(OF_ACME, TEN_A_DAY));
        for (int i = 0; i < 5; i++) {
            pass(Duration.ofDays(1).dividedBy(10).plus(A_MINUTE));
            assertEquals(1, takeAll(OF_ACME, TEN_A_DAY));
        }
    }

    /** Whoever waits is not granted more than the burst. */
    @Test
    public final void anIdleTenantSavesUpNoMoreThanItsBurst() throws Exception {
        takeAll(OF_ACME, TEN_A_DAY);
        pass(Duration.ofDays(300));

        assertEquals(10, takeAll(OF_ACME, TEN_A_DAY));
    }

    /** However many are denied, the next permit comes when it would have come. */
    @Test
    public final void aDenialTakesNothing() throws Exception {
        takeAll(OF_ACME, TEN_A_DAY);
        for (int i = 0; i < 500; i++) {
            assertTrue(store.tryAcquire(OF_ACME, TEN_A_DAY, 1) > 0);
            assertTrue(store.tryAcquire(OF_ACME, TEN_A_DAY, 10) > 0);
            assertFalse(store.acquire(OF_ACME, TEN_A_DAY, 3).isGranted());
        }
        pass(Duration.ofDays(1).plus(A_MINUTE));

        assertEquals(10, takeAll(OF_ACME, TEN_A_DAY));
    }

    /** The advice is kept, and is no longer than need be. */
    @Test
    public final void aRetryAtTheAdvisedTimeIsGrantedAndAnEarlierOneIsNot() throws Exception {
        takeAll(OF_ACME, TEN_A_DAY);
        for (int permits = 1; permits <= 10; permits++) {
            Duration wait = Duration.ofNanos(store.tryAcquire(OF_ACME, TEN_A_DAY, permits));
            pass(wait.minus(A_MINUTE));
            assertTrue(store.tryAcquire(OF_ACME, TEN_A_DAY, permits) > 0, "a minute earlier, " + permits);
            pass(A_MINUTE);
            assertEquals(0, store.tryAcquire(OF_ACME, TEN_A_DAY, permits), "at that time, " + permits);
        }
    }

    /** All the permits of a request, or none. */
    @Test
    public final void severalPermitsAreTakenAllOrNone() {
        assertEquals(0, store.tryAcquire(OF_ACME, TEN_A_DAY, 8));
        assertTrue(store.tryAcquire(OF_ACME, TEN_A_DAY, 3) > 0);
        assertEquals(0, store.tryAcquire(OF_ACME, TEN_A_DAY, 2));
    }

    /** Tenants, names and subjects have buckets of their own. */
    @Test
    public final void nobodyUsesTheBucketOfAnother() {
        RateLimits perSubject = RateLimits.parse("10/1d per subject");
        BucketKey chat = BucketKey.of(ACME, "chat");
        List<BucketKey> subjects =
                List.of(OF_ACME.withSubject("u1"), OF_ACME.withSubject("u2"), chat.withSubject("u1"), OF_ACME, chat);

        for (BucketKey key : List.of(OF_ACME, BucketKey.of(GLOBEX), chat, BucketKey.of(GLOBEX, "chat"))) {
            assertEquals(10, takeAll(key, TEN_A_DAY), key.toString());
        }
        for (BucketKey key : subjects) {
            assertEquals(10, takeAll(key, perSubject), key.toString());
        }
        assertEquals(0, takeAll(OF_ACME.withSubject("u3"), TEN_A_DAY), "what all subjects share");
    }

    /** What a key may contain does not make it another's. */
    @Test
    public final void keysThatLookAlikeAreApart() {
        RateLimits perSubject = RateLimits.parse("10/1d per subject");
        List<BucketKey> keys = List.of(
                OF_ACME.withSubject(""),
                OF_ACME.withSubject("a:b"),
                OF_ACME.withSubject("a}:{b"),
                OF_ACME.withSubject("a"),
                OF_ACME.withSubject("A"),
                OF_ACME.withSubject("\u00e4\n\0"),
                BucketKey.of(ACME, "a").withSubject("b"),
                BucketKey.of(TenantId.of("acme:a")).withSubject("b"),
                BucketKey.of(TenantId.of("ACME")).withSubject("a"),
                OF_ACME);

        for (BucketKey key : keys) {
            assertEquals(10, takeAll(key, perSubject), key + " " + key.subject());
        }
    }

    /** What one of several limits denies is taken of none. */
    @Test
    public final void whatOneOfSeveralLimitsDeniesIsTakenOfNone() throws Exception {
        RateLimits both = RateLimits.parse("100/1d, 10/1h");
        assertEquals(10, takeAll(OF_ACME, both));
        for (int i = 0; i < 100; i++) {
            assertTrue(store.tryAcquire(OF_ACME, both, 1) > 0);
        }
        assertEquals(90, store.standing(OF_ACME, both).get(0).remaining());

        RateLimits otherOrder = RateLimits.parse("10/1h, 100/1d");
        BucketKey globex = BucketKey.of(GLOBEX);
        assertEquals(10, takeAll(globex, otherOrder));
        for (int hour = 1; hour < 10; hour++) {
            pass(Duration.ofMinutes(61));
            assertEquals(10, takeAll(globex, otherOrder), "hour " + hour);
        }
    }

    /** A limit of the tenant and one of each subject are held at once. */
    @Test
    public final void whatASubjectIsDeniedIsNotTakenOfItsTenant() {
        RateLimits both = RateLimits.parse("100/1d, 10/1d per subject");
        assertEquals(10, takeAll(OF_ACME.withSubject("u1"), both));
        for (int i = 0; i < 100; i++) {
            assertTrue(store.tryAcquire(OF_ACME.withSubject("u1"), both, 1) > 0);
        }
        for (int subject = 2; subject <= 10; subject++) {
            assertEquals(10, takeAll(OF_ACME.withSubject("u" + subject), both));
        }
        assertEquals(0, takeAll(OF_ACME.withSubject("u11"), both), "what the tenant has");
        assertEquals(
                10,
                store.standing(OF_ACME.withSubject("u11"), both).get(1).remaining(),
                "nothing was taken of a subject whose tenant was denied");
    }

    /** More than the burst, and of nothing, is never granted; unlimited is always. */
    @Test
    public final void moreThanTheBurstIsNeverGranted() {
        RateLimits none = RateLimits.parse("0/1d");
        RateLimits unlimited = RateLimits.parse("unlimited");
        assertAll(
                () -> assertEquals(RateLimiter.NEVER, store.tryAcquire(OF_ACME, TEN_A_DAY, 11)),
                () -> assertEquals(RateLimiter.NEVER, store.tryAcquire(ACME, TEN_A_DAY, Long.MAX_VALUE)),
                () -> assertEquals(
                        RateLimiter.NEVER, store.acquire(OF_ACME, TEN_A_DAY, 11).waitNanos()),
                () -> assertEquals(RateLimiter.NEVER, store.tryAcquire(OF_ACME, none, 1)),
                () -> assertEquals(0, store.standing(OF_ACME, none).get(0).remaining()),
                () -> assertEquals(
                        RateLimiter.NEVER, store.tryAcquire(OF_ACME, RateLimits.parse("unlimited, 10/1d"), 11)),
                () -> assertEquals(0, store.tryAcquire(OF_ACME, unlimited, Long.MAX_VALUE)),
                () -> assertEquals(List.of(), store.standing(OF_ACME, unlimited)),
                () -> assertEquals(10, takeAll(OF_ACME, TEN_A_DAY)));
    }

    /** Fewer than one permit is a mistake of the caller, and mints nothing. */
    @Test
    public final void fewerThanOnePermitIsAnError() {
        takeAll(OF_ACME, TEN_A_DAY);
        for (long permits : new long[] {0, -1, -10, Long.MIN_VALUE}) {
            assertThrows(IllegalArgumentException.class, () -> store.tryAcquire(OF_ACME, TEN_A_DAY, permits));
            assertThrows(IllegalArgumentException.class, () -> store.tryAcquire(ACME, TEN_A_DAY, permits));
            assertThrows(IllegalArgumentException.class, () -> store.acquire(OF_ACME, TEN_A_DAY, permits));
        }
        assertEquals(0, takeAll(OF_ACME, TEN_A_DAY));
    }

    /**
     * {@return by how much the clock of the store may be set back meanwhile; zero, unless that is another machine's}
     */
    protected Duration clockError() {
        return Duration.ZERO;
    }

    /** The largest and the oddest numbers are counted exactly. */
    @Test
    public final void limitsOfAnySizeAreCounted() throws Exception {
        for (String text : List.of(
                "1000000000/366d",
                "999999937/366d",
                "1000000000/30d",
                "1/366d burst 49",
                "3/366d",
                "7/30d burst 3",
                "123456789/7d burst 987654")) {
            RateLimits limits = RateLimits.parse(text);
            RateLimit limit = limits.all().get(0);
            long burst = limit.burst();
            BucketKey key = BucketKey.of(ACME, "n-" + Integer.toHexString(text.hashCode()));
            assertEquals(0, store.tryAcquire(key, limits, burst), text);
            Standing spent = store.standing(key, limits).get(0);
            assertTrue(spent.remaining() < 1 + burst / 100, text + " has " + spent);
            pass(limit.period()
                    .dividedBy(limit.permits())
                    .multipliedBy(Math.max(burst / 2, 1))
                    .plus(A_MINUTE));
            Standing half = store.standing(key, limits).get(0);
            assertTrue(half.remaining() >= Math.max(burst / 2, 1), text + " has " + half);
            pass(clockError());
            assertEquals(0, store.tryAcquire(key, limits, half.remaining()), text);
        }
    }

    /** A limit that is raised does not give back what is taken, nor does one that is lowered. */
    @Test
    public final void whatIsTakenStaysTakenWhenTheLimitChanges() {
        assertEquals(10, takeAll(OF_ACME, TEN_A_DAY));
        assertEquals(90, takeAll(OF_ACME, HUNDRED_A_DAY), "raised");
        assertEquals(0, takeAll(OF_ACME, TEN_A_DAY), "lowered");
        assertEquals(0, takeAll(OF_ACME, HUNDRED_A_DAY), "raised again");
        assertEquals(500, takeAll(OF_ACME, RateLimits.parse("600/1h")), "of another period");
    }

    /** However often it changes to and fro, no more is granted than the highest limit says. */
    @Test
    public final void aLimitThatChangesToAndFroMintsNothing() {
        List<RateLimits> changing = List.of(
                TEN_A_DAY,
                HUNDRED_A_DAY,
                RateLimits.parse("50/1d"),
                RateLimits.parse("100/1d burst 20"),
                RateLimits.parse("50/1d, 5/1h"));
        int granted = 0;
        for (int i = 0; i < 1000; i++) {
            granted += store.tryAcquire(OF_ACME, changing.get(i % changing.size()), 1) == 0 ? 1 : 0;
        }

        assertEquals(100, granted);
    }

    /** A limit that a tenant gets besides does not begin whole, nor in debt for what was long ago. */
    @Test
    public final void aLimitThatIsAddedCountsWhatWasTakenWithinItsPeriod() throws Exception {
        RateLimits aDay = RateLimits.parse("100/1d");
        RateLimits both = RateLimits.parse("100/1d, 20/1h");
        store.tryAcquire(OF_ACME, both, 20);
        RateLimits lower = RateLimits.parse("100/1d, 10/1h");
        assertEquals(0, takeAll(OF_ACME, lower));
        pass(Duration.ofMinutes(61));
        assertEquals(10, takeAll(OF_ACME, lower), "the hour has passed, though not the day");
        assertTrue(takeAll(OF_ACME, aDay) <= 75, "the day goes on");
    }

    /** What is left is said of each limit, and together with the decision. */
    @Test
    public final void aDecisionTellsWhatIsLeft() {
        RateLimits limits = RateLimits.parse("100/1d, 10/1h, 5/1h per subject");
        BucketKey key = OF_ACME.withSubject("u1");
        Acquisition granted = store.acquire(key, limits, 3);
        assertTrue(granted.isGranted());
        assertEquals(List.of(97L, 7L, 2L), remaining(granted.standings()));
        assertEquals(List.of(97L, 7L, 2L), remaining(store.standing(key, limits)));
        assertEquals(
                limits.all(), granted.standings().stream().map(Standing::limit).toList());

        Acquisition denied = store.acquire(key, limits, 3);
        assertFalse(denied.isGranted());
        assertEquals(List.of(97L, 7L, 2L), remaining(denied.standings()));
        long minutesToFull =
                Duration.ofNanos(denied.standings().get(1).nanosToFull()).toMinutes();
        assertTrue(minutesToFull == 17 || minutesToFull == 18, minutesToFull + " minutes");
        long minutesToMore =
                Duration.ofNanos(denied.standings().get(1).nanosToMore()).toMinutes();
        assertTrue(minutesToMore == 5 || minutesToMore == 6, minutesToMore + " minutes");
    }

    /** Permits that were not used are there again, of each limit. */
    @Test
    public final void permitsAreGivenBack() {
        RateLimits limits = RateLimits.parse("100/1d, 10/1h, 5/1h per subject");
        BucketKey key = OF_ACME.withSubject("u1");
        for (int i = 0; i < 100; i++) {
            Acquisition acquisition = store.acquire(key, limits, 5);
            assertTrue(acquisition.isGranted(), "time " + i);
            store.giveBack(acquisition);
        }
        List<Long> left = remaining(store.standing(key, limits));
        assertTrue(left.get(0) >= 99 && left.get(1) >= 9 && left.get(2) >= 4, left.toString());
    }

    /** A denial took nothing, so that nothing is given back. */
    @Test
    public final void aDenialIsNotGivenBack() {
        takeAll(OF_ACME, TEN_A_DAY);
        store.giveBack(store.acquire(OF_ACME, TEN_A_DAY, 10));
        store.giveBack(store.acquire(OF_ACME, TEN_A_DAY, 11));

        assertEquals(0, takeAll(OF_ACME, TEN_A_DAY));
    }

    /** What a store did not grant is not its to take back. */
    @Test
    public final void whatAnotherStoreGrantedIsRefused() {
        Acquisition foreign = Acquisition.of(OF_ACME, TEN_A_DAY, 1, 0, List.of(), "of another");
        assertThrows(IllegalArgumentException.class, () -> store.giveBack(foreign));
    }

    /** Where the burst is just used up, too. */
    @Test
    public final void anEarlierAcquisitionIsGivenBackWhenTheBurstIsUsedUp() {
        Acquisition first = store.acquire(OF_ACME, TEN_A_DAY, 5);
        assertEquals(5, takeAll(OF_ACME, TEN_A_DAY));
        store.giveBack(first);
        assertTrue(takeAll(OF_ACME, TEN_A_DAY) >= 4);
    }

    /** What has come back by itself is not given back again. */
    @Test
    public final void permitsThatCameBackByThemselvesAreNotGivenBackAgain() throws Exception {
        Acquisition old = store.acquire(OF_ACME, TEN_A_DAY, 10);
        pass(Duration.ofHours(25));
        assertEquals(10, takeAll(OF_ACME, TEN_A_DAY));
        store.giveBack(old);
        assertEquals(0, takeAll(OF_ACME, TEN_A_DAY));

        Acquisition first = store.acquire(BucketKey.of(GLOBEX), TEN_A_DAY, 2);
        Acquisition second = store.acquire(BucketKey.of(GLOBEX), TEN_A_DAY, 2);
        store.giveBack(first);
        pass(Duration.ofHours(5));
        assertEquals(10, takeAll(BucketKey.of(GLOBEX), TEN_A_DAY));
        store.giveBack(second);
        assertEquals(0, takeAll(BucketKey.of(GLOBEX), TEN_A_DAY), "it was full in between");
    }

    /** Permits that were taken under a limit that has changed are given back under the new one, too. */
    @Test
    public final void permitsAreGivenBackAfterAChange() {
        Acquisition acquisition = store.acquire(OF_ACME, TEN_A_DAY, 5);
        assertEquals(95, takeAll(OF_ACME, HUNDRED_A_DAY));
        store.giveBack(acquisition);
        assertTrue(takeAll(OF_ACME, HUNDRED_A_DAY) <= 5);
        assertEquals(0, takeAll(OF_ACME, TEN_A_DAY));
    }

    /** Under concurrency the burst is granted once, of each limit. */
    @Test
    public final void concurrentCallersGetTheBurstTogether() throws Exception {
        RateLimits limits = RateLimits.parse("200/1d, 150/1h, 60/1h per subject");
        List<Callable<Integer>> callers = new ArrayList<>();
        for (int thread = 0; thread < THREADS; thread++) {
            BucketKey key = OF_ACME.withSubject("u" + thread % 4);
            callers.add(() -> {
                int granted = 0;
                for (int i = 0; i < 100; i++) {
                    granted += store.tryAcquire(key, limits, 1) == 0 ? 1 : 0;
                }
                return granted;
            });
        }
        assertEquals(150, sum(callers));
    }

    /** Also while the limit changes, and permits are given back. */
    @Test
    public final void concurrentChangesMintNothing() throws Exception {
        List<RateLimits> changing = List.of(TEN_A_DAY, HUNDRED_A_DAY, RateLimits.parse("50/1d, 40/1h"));
        List<Callable<Integer>> callers = new ArrayList<>();
        for (int thread = 0; thread < THREADS; thread++) {
            int first = thread;
            callers.add(() -> {
                int granted = 0;
                for (int i = 0; i < 200; i++) {
                    Acquisition acquisition =
                            store.acquire(OF_ACME, changing.get((first + i / 7) % changing.size()), 1);
                    if (acquisition.isGranted() && i % 3 == 0) {
                        store.giveBack(acquisition);
                    } else {
                        granted += acquisition.isGranted() ? 1 : 0;
                    }
                }
                return granted;
            });
        }
        int granted = sum(callers);
        assertTrue(granted <= 100, granted + " were granted");
        // What was taken under limits that have changed need not be given back.
        assertTrue(granted >= 40, granted + " were granted");
    }

    private static int sum(List<Callable<Integer>> callers) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(callers.size());
        try {
            int sum = 0;
            for (Future<Integer> each : threads.invokeAll(callers)) {
                sum += each.get();
            }
            return sum;
        } finally {
            threads.shutdownNow();
        }
    }

    private int takeAll(BucketKey key, RateLimits limits) {
        int taken = 0;
        while (store.tryAcquire(key, limits, 1) == 0) {
            taken++;
        }
        return taken;
    }

    private static List<Long> remaining(List<Standing> standings) {
        return standings.stream().map(Standing::remaining).toList();
    }

    private static final class Unset implements BucketStore {
        @Override
        public Acquisition acquire(BucketKey key, RateLimits limits, long permits) {
            throw new IllegalStateException("no store yet");
        }

        @Override
        public void giveBack(Acquisition acquisition) {
            throw new IllegalStateException("no store yet");
        }

        @Override
        public List<Standing> standing(BucketKey key, RateLimits limits) {
            throw new IllegalStateException("no store yet");
        }
    }
}
