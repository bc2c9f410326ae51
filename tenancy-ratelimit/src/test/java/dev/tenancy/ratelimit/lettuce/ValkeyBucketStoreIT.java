package dev.tenancy.ratelimit.lettuce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenancy.TenantId;
import dev.tenancy.UnavailableException;
import dev.tenancy.ratelimit.Acquisition;
import dev.tenancy.ratelimit.BucketKey;
import dev.tenancy.ratelimit.RateLimiter;
import dev.tenancy.ratelimit.RateLimits;
import dev.tenancy.testservers.TestRedis;
import io.lettuce.core.cluster.SlotHash;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What a server that all replicas share adds to the contract. */
class ValkeyBucketStoreIT {
    private static final AtomicInteger TESTS = new AtomicInteger();
    private static final RateLimits TEN_A_DAY = RateLimits.parse("10/1d");
    private static final BucketKey ACME = BucketKey.of(TenantId.of("acme"));
    private static TestRedis server;
    private static Redis redis;

    private final String prefix = "test" + TESTS.incrementAndGet() + ":";
    private final AtomicLong passed = new AtomicLong();
    private final List<ValkeyBucketStore> stores = new ArrayList<>();
    private final ValkeyBucketStore store = store(builder());

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

    @AfterEach
    void closeStores() {
        stores.forEach(ValkeyBucketStore::close);
    }

    @Test
    void aDecisionIsOneRoundTripHoweverManyLimitsThereAre() {
        RateLimits limits = RateLimits.parse("1000/1d, 500/1h, 400/1h per subject");
        store.tryAcquire(ACME.withSubject("u1"), limits, 1);
        long before = redis.calls("evalsha");
        long textsBefore = redis.calls("eval");
        for (int i = 0; i < 100; i++) {
            assertThat(store.acquire(ACME.withSubject("u1"), limits, 1).isGranted())
                    .isTrue();
        }
        assertThat(redis.calls("evalsha") - before).isEqualTo(100);
        assertThat(redis.calls("eval") - textsBefore).isZero();
    }

    @Test
    void aDenialThatIsKnownCostsNoRoundTrip() {
        takeAll(store, TEN_A_DAY);
        long before = redis.calls("evalsha");
        for (int i = 0; i < 1000; i++) {
            assertThat(store.tryAcquire(ACME, TEN_A_DAY, 1)).isPositive();
            assertThat(store.acquire(ACME, TEN_A_DAY, 5).standings().get(0).remaining())
                    .isZero();
        }
        assertThat(redis.calls("evalsha") - before).isZero();

        long wait = store.tryAcquire(ACME, TEN_A_DAY, 1);
        pass(Duration.ofNanos(wait));
        assertThat(store.tryAcquire(ACME, TEN_A_DAY, 1))
                .as("the advice is kept")
                .isZero();
    }

    @Test
    void aLimitThatIsRaisedEndsAKnownDenial() {
        takeAll(store, TEN_A_DAY);
        assertThat(store.tryAcquire(ACME, RateLimits.parse("11/1d"), 1)).isZero();
    }

    @Test
    void permitsThatAreGivenBackEndAKnownDenial() {
        Acquisition five = store.acquire(ACME, TEN_A_DAY, 5);
        takeAll(store, TEN_A_DAY);
        store.giveBack(five);
        assertThat(takeAll(store, TEN_A_DAY)).isBetween(4, 5);
    }

    @Test
    void whatOneSubjectGivesBackIsThereForAllWhoShareIt() {
        for (String limits : List.of("10/1d", "10/1d, 10/2d per subject")) {
            RateLimits shared = RateLimits.parse(limits);
            BucketKey key = BucketKey.of(ACME.tenant(), "of-" + shared.all().size());
            Acquisition all = store.acquire(key.withSubject("u1"), shared, 10);
            assertThat(all.key()).isEqualTo(key.withSubject("u1"));
            assertThat(store.tryAcquire(key.withSubject("u2"), shared, 1)).isPositive();
            store.giveBack(all);
            assertThat(store.tryAcquire(key.withSubject("u2"), shared, 1))
                    .as(limits)
                    .isZero();
        }
    }

    @Test
    void whatWasGivenBackIsNotTakenAgainByAProcessThatRemembersMore() {
        ValkeyBucketStore other = store(builder());
        Acquisition nine = store.acquire(ACME, TEN_A_DAY, 9);
        assertThat(other.tryAcquire(ACME, TEN_A_DAY, 2)).isPositive();
        store.giveBack(nine);
        assertThat(redis.commands().pttl(redis.commands().keys(prefix + "*").get(0)))
                .as("longer than the other one remembers it")
                .isGreaterThan(Duration.ofHours(21).toMillis());
    }

    @Test
    void subjectsOfATenantGoTogetherWhereNoLimitIsTheirOwn() throws Exception {
        RateLimits limits = RateLimits.parse("1000/1d");
        store.tryAcquire(ACME, limits, 1);
        long before = redis.calls("evalsha");
        List<Callable<Long>> callers = new ArrayList<>();
        for (int i = 0; i < 32; i++) {
            BucketKey subject = ACME.withSubject("u" + i);
            callers.add(() -> store.tryAcquire(subject, limits, 1));
        }
        assertThat(together(callers)).containsOnly(0L);
        assertThat(redis.calls("evalsha") - before).isEqualTo(2);
    }

    @Test
    void subjectsOfATenantHaveOneLeaseWhereNoLimitIsTheirOwn() {
        RateLimits limits = RateLimits.parse("100/1d");
        ValkeyBucketStore leasing = store(builder().lease(10, Duration.ofMinutes(1)));
        for (int i = 0; i < 100; i++) {
            assertThat(leasing.tryAcquire(ACME.withSubject("u" + i), limits, 1)).isZero();
        }
    }

    @Test
    void aLeaseThatIsOverIsGivenBackThoughNobodyAsksAgain() {
        RateLimits limits = RateLimits.parse("100/1d");
        ValkeyBucketStore leasing = store(builder().lease(50, Duration.ofMillis(1)));
        assertThat(leasing.tryAcquire(ACME, limits, 1)).isZero();

        while (store.standing(ACME, limits).get(0).remaining() < 99) {
            Thread.onSpinWait();
        }
    }

    @Test
    void thoseWhoWantTheSameAtOnceGoTogether() throws Exception {
        RateLimits limits = RateLimits.parse("20/1d");
        store.tryAcquire(ACME, limits, 1);
        long before = redis.calls("evalsha");
        List<Callable<Long>> callers = new ArrayList<>();
        for (int i = 0; i < 32; i++) {
            callers.add(() -> store.tryAcquire(ACME, limits, 1));
        }
        List<Long> waits = together(callers);
        assertThat(redis.calls("evalsha") - before).isEqualTo(2);
        assertThat(waits.stream().filter(wait -> wait == 0)).hasSize(19);
        assertThat(waits.stream().filter(wait -> wait > 0)).hasSize(13);
    }

    @Test
    void eachOfThoseWhoGoTogetherIsToldWhatWasLeftAfterIt() throws Exception {
        RateLimits limits = RateLimits.parse("60/1d");
        List<Callable<Acquisition>> callers = Collections.nCopies(8, () -> store.acquire(ACME, limits, 3));
        assertThat(together(callers))
                .extracting(acquisition -> acquisition.standings().get(0).remaining())
                .containsExactlyInAnyOrder(57L, 54L, 51L, 48L, 45L, 42L, 39L, 36L);
    }

    @Test
    void whatIsLeasedBesidesIsNotToldAsTaken() {
        ValkeyBucketStore leasing = store(builder().lease(5, Duration.ofMinutes(1)));

        assertThat(leasing.acquire(ACME, TEN_A_DAY, 1).standings().get(0).remaining())
                .isEqualTo(9);
        assertThat(store.standing(ACME, TEN_A_DAY).get(0).remaining()).isEqualTo(4);
    }

    @Test
    void eachOfThoseWhoGoTogetherCanGiveItsPermitsBack() throws Exception {
        RateLimits limits = RateLimits.parse("20/1d");
        List<Callable<Acquisition>> callers = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            callers.add(() -> store.acquire(ACME, limits, 1));
        }
        try (InThreads threads = InThreads.start(callers)) {
            for (Acquisition acquisition : threads.<Acquisition>results()) {
                assertThat(acquisition.isGranted()).isTrue();
                store.giveBack(acquisition);
            }
        }
        assertThat(store.standing(ACME, limits).get(0).remaining()).isGreaterThanOrEqualTo(19);
    }

    @Test
    void aScriptThatTheServerForgotIsSentAgainAndCountedOnce() {
        store.tryAcquire(ACME, TEN_A_DAY, 1);
        redis.commands().scriptFlush();
        assertThat(store.tryAcquire(ACME, TEN_A_DAY, 1)).isZero();
        assertThat(takeAll(store, TEN_A_DAY)).isEqualTo(8);
    }

    @Test
    void whatAnotherReplicaTookIsTaken() {
        ValkeyBucketStore other = store(builder());
        assertThat(takeAll(other, RateLimits.parse("10/1d burst 7"))).isEqualTo(7);
        assertThat(takeAll(store, TEN_A_DAY)).isEqualTo(3);
    }

    @Test
    void numbersBeyondTwoToThe53AreNeverMade() {
        Random random = new Random(7);
        List<String> texts = new ArrayList<>(List.of(
                "1000000000/366d", "999999937/366d", "999999937/1s burst 123456789", "1/366d burst 49", "7/30d"));
        for (int i = 0; i < 60; i++) {
            texts.add((1 + random.nextInt(1_000_000)) + "/" + (1 + random.nextInt(366)) + "d burst "
                    + (1 + random.nextInt(1_000_000)));
        }
        for (String text : texts) {
            RateLimits limits;
            try {
                limits = RateLimits.parse(text);
            } catch (IllegalArgumentException tooLong) {
                continue;
            }
            BucketKey key = BucketKey.of(TenantId.of("t" + text.replaceAll("[^0-9]", ".")));
            long burst = limits.mostAtOnce();
            assertThat(store.tryAcquire(key, limits, 1 + burst / 2)).isZero();
            assertThat(store.tryAcquire(key, limits, burst))
                    .as(text)
                    .isPositive()
                    .isNotEqualTo(RateLimiter.NEVER);
            long interval =
                    limits.all().get(0).period().toNanos() / limits.all().get(0).permits();
            long wait = store.tryAcquire(key, limits, burst);
            assertThat((double) wait)
                    .as(text)
                    .isBetween(
                            (double) interval * (1 + burst / 2) * 0.999 - 2e9,
                            (double) interval * (1 + burst / 2) * 1.001 + 1e6);
        }
        List<List<String>> kept = redis.commands().keys(prefix + "*").stream()
                .map(redis::numbers)
                .filter(numbers -> !numbers.isEmpty())
                .toList();
        assertThat(kept)
                .as("but for those that have expired")
                .isNotEmpty()
                .allSatisfy(numbers -> assertThat(numbers).hasSize(9).allSatisfy(number -> {
                    assertThat(number).matches("\\d+");
                    assertThat(Long.parseLong(number)).isLessThanOrEqualTo(1L << 53);
                }));
    }

    @Test
    void theServersClockGoingBackAnHourMintsNothingAndStopsNobodyForAnHour() {
        RateLimits limits = RateLimits.parse("10/10m");
        takeAll(store, limits);
        redis.pass(prefix, Duration.ofHours(-1));
        ValkeyBucketStore other = store(builder());
        long wait = other.tryAcquire(ACME, limits, 1);

        assertThat(wait).isPositive().isLessThanOrEqualTo(Duration.ofMinutes(1).toNanos());
        pass(Duration.ofNanos(wait));
        assertThat(other.tryAcquire(ACME, limits, 1)).isZero();
        assertThat(other.tryAcquire(ACME, limits, 1)).isPositive();
    }

    @Test
    void keysExpireWhenThereIsNothingToRemember() {
        store.tryAcquire(ACME, RateLimits.parse("10/10s"), 5);
        store.tryAcquire(ACME.withSubject("u1"), RateLimits.parse("100/1h per subject"), 50);
        assertThat(redis.commands().keys(prefix + "*"))
                .hasSize(2)
                .allSatisfy(key -> assertThat(redis.commands().pttl(key))
                        .isPositive()
                        .isLessThanOrEqualTo(key.contains("none") || !key.contains("u1") ? 6_000 : 1_801_000));
        Acquisition acquisition = store.acquire(ACME, RateLimits.parse("10/10s"), 1);
        store.giveBack(acquisition);
        assertThat(redis.commands().keys(prefix + "*"))
                .allSatisfy(key -> assertThat(redis.commands().pttl(key)).isPositive());
    }

    @Test
    void allKeysOfATenantAreInOneSlotOfACluster() {
        Spec spec = new Spec.Cache().of(RateLimits.parse("10/1d, 10/1d per subject"));
        List<String> keys = new ArrayList<>();
        for (String subject : List.of("u1", "a}b{c", "", "\u00e4", "x".repeat(500))) {
            keys.addAll(new Target(ACME.withSubject(subject), spec).keys("p:"));
            keys.addAll(new Target(BucketKey.of(ACME.tenant(), "chat").withSubject(subject), spec).keys("p:"));
        }
        keys.addAll(new Target(ACME, spec).keys("p:"));
        assertThat(keys.stream().map(SlotHash::getSlot).distinct()).containsExactly(SlotHash.getSlot("acme"));
        assertThat(keys.stream().distinct())
                .as("two shared ones, and one of each subject")
                .hasSize(2 + 2 * 5 + 1);
    }

    @Test
    void aClusterCountsLikeOneServer() throws Exception {
        try (TestRedis node = TestRedis.start("--cluster-enabled", "yes", "--cluster-config-file", clusterFile());
                Redis ofNode = Redis.of(node)) {
            ofNode.makeItACluster();
            ValkeyBucketStore ofCluster = ValkeyBucketStore.builder()
                    .cluster(List.of(node.uri()))
                    .timeout(Duration.ofSeconds(5))
                    .build();
            try {
                RateLimits limits = RateLimits.parse("10/1d, 5/1d per subject");
                for (int tenant = 0; tenant < 50; tenant++) {
                    BucketKey key = BucketKey.of(TenantId.of("t" + tenant));
                    assertThat(takeAll(ofCluster, key.withSubject("u1"), limits))
                            .isEqualTo(5);
                    assertThat(takeAll(ofCluster, key.withSubject("u2"), limits))
                            .isEqualTo(5);
                    assertThat(takeAll(ofCluster, key.withSubject("u3"), limits))
                            .isZero();
                }
            } finally {
                ofCluster.close();
            }
        }
    }

    private static String clusterFile() throws IOException {
        Path file = Files.createTempFile("nodes", ".conf");
        Files.delete(file);
        file.toFile().deleteOnExit();
        return file.toString();
    }

    @Test
    void leasedPermitsAreGrantedWithoutRoundTripsAndNeverMoreThanTheLimit() {
        RateLimits limits = RateLimits.parse("1000/1d");
        ValkeyBucketStore one = store(builder().lease(100, Duration.ofMinutes(1)));
        ValkeyBucketStore two = store(builder().lease(100, Duration.ofMinutes(1)));
        one.tryAcquire(ACME, limits, 1);
        long before = redis.calls("evalsha");
        int granted = 1;
        boolean more = true;
        while (more) {
            more = false;
            for (ValkeyBucketStore each : List.of(one, two)) {
                if (each.tryAcquire(ACME, limits, 1) == 0) {
                    granted++;
                    more = true;
                }
            }
        }
        assertThat(granted).isEqualTo(1000);
        assertThat(redis.calls("evalsha") - before).isLessThan(30);
        assertThat(store.tryAcquire(ACME, limits, 1)).isPositive();
    }

    @Test
    void aLeaseThatEndsOrIsNotUsedIsGivenBack() {
        RateLimits limits = RateLimits.parse("1000/1d");
        ValkeyBucketStore leasing = store(builder().lease(100, Duration.ofMinutes(1)));
        leasing.tryAcquire(ACME, limits, 1);
        assertThat(store.standing(ACME, limits).get(0).remaining()).isEqualTo(899);
        leasing.close();
        assertThat(store.standing(ACME, limits).get(0).remaining()).isGreaterThanOrEqualTo(998);

        ValkeyBucketStore again = store(builder().lease(100, Duration.ofMinutes(1)));
        again.tryAcquire(ACME, limits, 1);
        passed.addAndGet(Duration.ofMinutes(2).toNanos());
        again.tryAcquire(ACME, limits, 1);
        assertThat(store.standing(ACME, limits).get(0).remaining())
                .as("one lease is given back, another one taken")
                .isGreaterThanOrEqualTo(890);
    }

    @Test
    void whatIsGivenBackToALeaseIsGrantedAgain() {
        RateLimits limits = RateLimits.parse("10/1d");
        ValkeyBucketStore leasing = store(builder().lease(9, Duration.ofMinutes(1)));
        leasing.tryAcquire(ACME, limits, 1);
        Acquisition leased = leasing.acquire(ACME, limits, 1);
        leasing.giveBack(leased);
        assertThat(takeAll(leasing, limits)).isEqualTo(9);
    }

    @Test
    void whoseStoreIsClosedIsRefused() {
        ValkeyBucketStore closed = store(builder());
        assertThat(closed.tryAcquire(ACME, TEN_A_DAY, 1)).isZero();
        closed.close();

        assertThatThrownBy(() -> closed.tryAcquire(ACME, TEN_A_DAY, 1)).isInstanceOf(UnavailableException.class);
        assertThatThrownBy(() -> closed.standing(ACME, TEN_A_DAY)).isInstanceOf(UnavailableException.class);
    }

    /** What they are told who all wait for a server that answers nobody until then. */
    private static <T> List<T> together(List<Callable<T>> callers) throws Exception {
        server.pause();
        try (InThreads threads = InThreads.start(callers)) {
            threads.awaitAllWaiting();
            server.resume();
            return threads.results();
        } finally {
            server.resume();
        }
    }

    private ValkeyBucketStoreBuilder builder() {
        return ValkeyBucketStore.builder()
                .uri(server.uri())
                .keyPrefix(prefix)
                .timeout(Duration.ofSeconds(5))
                .nanoTime(() -> System.nanoTime() + passed.get());
    }

    private ValkeyBucketStore store(ValkeyBucketStoreBuilder builder) {
        ValkeyBucketStore made = builder.build();
        stores.add(made);
        return made;
    }

    private void pass(Duration time) {
        redis.pass(prefix, time);
        passed.addAndGet(time.toNanos());
    }

    private static int takeAll(ValkeyBucketStore store, RateLimits limits) {
        return takeAll(store, ACME, limits);
    }

    private static int takeAll(ValkeyBucketStore store, BucketKey key, RateLimits limits) {
        int taken = 0;
        while (store.tryAcquire(key, limits, 1) == 0) {
            taken++;
        }
        return taken;
    }
}
