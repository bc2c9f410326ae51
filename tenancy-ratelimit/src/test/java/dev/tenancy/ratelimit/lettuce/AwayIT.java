package dev.tenancy.ratelimit.lettuce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenancy.TenantId;
import dev.tenancy.UnavailableException;
import dev.tenancy.ratelimit.Acquisition;
import dev.tenancy.ratelimit.BucketKey;
import dev.tenancy.ratelimit.RateLimitListener;
import dev.tenancy.ratelimit.RateLimits;
import dev.tenancy.ratelimit.WhenAway;
import dev.tenancy.testservers.CuttableProxy;
import dev.tenancy.testservers.TestRedis;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A server that is killed, stopped, cut off and started again. */
class AwayIT {
    private static final RateLimits TEN_A_DAY = RateLimits.parse("10/1d");
    private static final BucketKey ACME = BucketKey.of(TenantId.of("acme"));

    private final TestRedis server = TestRedis.start();
    private final AtomicLong passed = new AtomicLong();
    private final ConcurrentLinkedQueue<String> told = new ConcurrentLinkedQueue<>();
    private final List<AutoCloseable> opened = new ArrayList<>(List.of(server));

    @AfterEach
    void close() throws Exception {
        for (int i = opened.size() - 1; i >= 0; i--) {
            opened.get(i).close();
        }
    }

    @Test
    void whileItIsAwayEachLimitDecidesAndTheListenerIsTold() {
        ValkeyBucketStore store = store(builder(server.uri()).replicas(5));
        RateLimits share = RateLimits.parse("10/1d when away share");
        RateLimits allow = RateLimits.parse("10/1d when away allow");
        RateLimits both = RateLimits.parse("100/1d when away allow, 50/1h when away share");
        server.kill();

        assertThatThrownBy(() -> store.tryAcquire(ACME, TEN_A_DAY, 1))
                .isInstanceOf(UnavailableException.class)
                .hasMessageContaining("acme")
                .hasMessageContaining("away");
        assertThatThrownBy(() -> store.tryAcquire(ACME, RateLimits.parse("10/1d, 5/1h when away allow"), 1))
                .as("one that denies is enough")
                .isInstanceOf(UnavailableException.class);
        assertThatThrownBy(() -> store.standing(ACME, TEN_A_DAY)).isInstanceOf(UnavailableException.class);
        assertThat(takeAll(store, BucketKey.of(TenantId.of("sharing")), share, 100))
                .isEqualTo(2);
        assertThat(takeAll(store, BucketKey.of(TenantId.of("allowed")), allow, 100))
                .isEqualTo(100);
        assertThat(takeAll(store, BucketKey.of(TenantId.of("both")), both, 100)).isEqualTo(10);
        assertThat(told)
                .contains("acme DENY", "sharing SHARE", "allowed ALLOW", "both SHARE")
                .doesNotContain("acme ALLOW", "acme SHARE");
    }

    @Test
    void aShareIsNotWholeWhenItHasBeenUsedBefore() {
        RateLimits share = RateLimits.parse("10/1d when away share");
        ValkeyBucketStore store = store(builder(server.uri()).replicas(2));
        assertThat(takeAll(store, ACME, share, 4)).isEqualTo(4);
        server.kill();

        Acquisition last = store.acquire(ACME, share, 1);
        assertThat(last.isGranted()).isTrue();
        assertThat(store.tryAcquire(ACME, share, 1)).isPositive();
        store.giveBack(last);
        assertThat(takeAll(store, ACME, share, 10)).isEqualTo(1);
    }

    @Test
    void aShareOfLessThanOneIsNone() {
        ValkeyBucketStore store = store(builder(server.uri()).replicas(20));
        server.kill();

        assertThat(takeAll(store, ACME, RateLimits.parse("10/1d when away share"), 10))
                .isZero();
    }

    @Test
    void aStoreStartsWithoutItsServerAndUsesItWhenItIsThere() {
        server.kill();
        ValkeyBucketStore store = store(builder(server.uri()));
        assertThatThrownBy(() -> store.tryAcquire(ACME, TEN_A_DAY, 1)).isInstanceOf(UnavailableException.class);
        server.startAgain();

        assertThat(takeAllPatiently(store, TEN_A_DAY)).isEqualTo(10);
    }

    @Test
    void aCallThatIsNotAnsweredInTimeIsNotRepeated() {
        ValkeyBucketStore store = store(builder(server.uri()).timeout(Duration.ofMillis(50)));
        store.tryAcquire(ACME, TEN_A_DAY, 1);
        server.pause();
        assertThatThrownBy(() -> store.tryAcquire(ACME, TEN_A_DAY, 1)).isInstanceOf(UnavailableException.class);
        server.resume();

        // The server has done it once, when it was resumed, or not at all.
        assertThat(takeAllPatiently(store, TEN_A_DAY)).isBetween(8, 9);
    }

    @Test
    void whoIsInterruptedWhileItWaitsIsRefusedAndStaysInterrupted() {
        ValkeyBucketStore store = store(builder(server.uri()).timeout(Duration.ofSeconds(10)));
        Acquisition five = store.acquire(ACME, TEN_A_DAY, 5);
        server.pause();
        for (ThrowingCallable call : List.<ThrowingCallable>of(
                () -> store.acquire(ACME, TEN_A_DAY, 1), () -> store.standing(ACME, TEN_A_DAY))) {
            Thread.currentThread().interrupt();
            assertThatThrownBy(call)
                    .isInstanceOf(UnavailableException.class)
                    .hasMessageContaining("interrupted")
                    .hasMessageContaining("acme");
            assertThat(Thread.interrupted()).isTrue();
        }
        Thread.currentThread().interrupt();
        store.giveBack(five);
        assertThat(Thread.interrupted()).isTrue();
        server.resume();
    }

    @Test
    void aCallWhoseConnectionBreaksIsNotRepeatedOnTheNextOne() throws Exception {
        CuttableProxy proxy = CuttableProxy.to(server.address());
        opened.add(proxy);
        ValkeyBucketStore store = store(builder("redis://127.0.0.1:" + proxy.port()));
        RateLimits limits = RateLimits.parse("1000/1d");
        store.tryAcquire(ACME, limits, 1);
        try (Redis direct = Redis.of(server)) {
            for (int i = 0; i < 5; i++) {
                server.pause();
                List<Callable<Long>> calls = List.of(() -> store.tryAcquire(ACME, limits, 100));
                try (InThreads caller = InThreads.start(calls)) {
                    caller.awaitAllWaiting();
                    proxy.cut();
                    server.resume();
                    assertThatThrownBy(caller::results).hasCauseInstanceOf(UnavailableException.class);
                } finally {
                    server.resume();
                }
                proxy.restore();
                while (!isGranted(store, BucketKey.of(TenantId.of("other" + i)), TEN_A_DAY)) {
                    Thread.onSpinWait();
                }
            }
            List<String> numbers = direct.numbers("tenancy:limit:{acme}:default");
            assertThat(Long.parseLong(numbers.get(5)) / Long.parseLong(numbers.get(2)))
                    .as("permits taken: of each call that broke once, or not at all")
                    .isLessThanOrEqualTo(501);
        }
        assertThat(takeAll(store, ACME, limits, 1000)).isGreaterThanOrEqualTo(499);
    }

    @Test
    void afterSomeFailuresNobodyWaitsButForOneCallEachPause() throws Exception {
        ValkeyBucketStore store =
                store(builder(server.uri()).timeout(Duration.ofMillis(50)).breaker(3, Duration.ofMinutes(10)));
        RateLimits limits = RateLimits.parse("1000/1d");
        store.tryAcquire(ACME, limits, 1);
        try (Redis direct = Redis.of(server)) {
            direct.calls("evalsha");
            server.pause();
            for (int i = 0; i < 1000; i++) {
                assertThatThrownBy(() -> store.tryAcquire(ACME, limits, 1)).isInstanceOf(UnavailableException.class);
            }
            server.resume();
            assertThat(direct.calls("evalsha"))
                    .as("the first, three that failed, and one that was waiting for them")
                    .isLessThanOrEqualTo(5);
            passed.addAndGet(Duration.ofMinutes(10).toNanos());
            assertThat(takeAllPatiently(store, limits)).isGreaterThan(990);
        }
    }

    @Test
    void aConnectionThatFellSilentIsReplaced() {
        CuttableProxy proxy = CuttableProxy.to(server.address());
        opened.add(proxy);
        ValkeyBucketStore store =
                store(builder("redis://127.0.0.1:" + proxy.port()).timeout(Duration.ofMillis(50)));
        RateLimits limits = RateLimits.parse("1000/1d");
        assertThat(takeAllPatiently(store, RateLimits.parse("1/1d"))).isEqualTo(1);
        proxy.fallSilent();
        assertThat(isGranted(store, ACME, limits)).isFalse();

        boolean granted = false;
        while (!granted && !Thread.currentThread().isInterrupted()) {
            granted = isGranted(store, ACME, limits);
        }
        assertThat(granted).isTrue();
    }

    @Test
    void whileItIsAwayNobodyWaitsToLookAtLimits() {
        ValkeyBucketStore store = store(builder(server.uri()).breaker(1, Duration.ofMinutes(10)));
        server.kill();
        assertThatThrownBy(() -> store.standing(ACME, TEN_A_DAY)).isInstanceOf(UnavailableException.class);
        server.startAgain();
        try (Redis direct = Redis.of(server)) {
            while (direct.commands().clientList().lines().count() < 2) {
                Thread.onSpinWait(); // until the store is connected again
            }
        }
        assertThatThrownBy(() -> store.standing(ACME, TEN_A_DAY))
                .as("it is not asked before the pause is over")
                .isInstanceOf(UnavailableException.class);
        long left = -1;
        while (left < 0 && !Thread.currentThread().isInterrupted()) {
            passed.addAndGet(Duration.ofMinutes(10).toNanos());
            try {
                left = store.standing(ACME, TEN_A_DAY).get(0).remaining();
            } catch (UnavailableException notConnectedYet) {
                Thread.onSpinWait();
            }
        }
        assertThat(left).isEqualTo(10);
    }

    @Test
    void aServerThatLostEverythingIsToldWhatIsTaken() {
        ValkeyBucketStore store = store(builder(server.uri()));
        assertThat(takeAll(store, ACME, TEN_A_DAY, 7)).isEqualTo(7);
        server.kill();
        server.startAgain();

        assertThat(standingPatiently(store, TEN_A_DAY)).isEqualTo(3);
        assertThat(takeAllPatiently(store, TEN_A_DAY)).isEqualTo(3);
    }

    private static long standingPatiently(ValkeyBucketStore store, RateLimits limits) {
        while (true) {
            try {
                return store.standing(ACME, limits).get(0).remaining();
            } catch (UnavailableException away) {
                Thread.onSpinWait();
            }
        }
    }

    @Test
    void killedAndStartedAgainUnderLoadNoMoreIsGrantedThanTheLimit() throws Exception {
        for (int round = 0; round < 5; round++) {
            // Nothing comes back while this runs, however slow the machine is.
            RateLimits limits = RateLimits.parse("2000/30d");
            BucketKey key = BucketKey.of(TenantId.of("round" + round));
            ValkeyBucketStore store = store(builder(server.uri()).timeout(Duration.ofMillis(200)));
            AtomicInteger granted = new AtomicInteger();
            AtomicBoolean ended = new AtomicBoolean();
            List<Callable<Void>> callers = new ArrayList<>();
            for (int thread = 0; thread < 4; thread++) {
                callers.add(() -> {
                    while (!ended.get()) {
                        if (isGranted(store, key, limits)) {
                            granted.incrementAndGet();
                        }
                    }
                    return null;
                });
            }
            try (InThreads threads = InThreads.start(callers)) {
                awaitGranted(granted, 300);
                server.kill();
                server.startAgain();
                awaitGranted(granted, 900);
                server.kill();
                server.startAgain();
                awaitDenied(store, key, limits);
                ended.set(true);
                threads.<Void>results();
            }
            assertThat(granted.get())
                    .as("round %d", round)
                    .isLessThanOrEqualTo(2000)
                    .isGreaterThan(1900);
        }
    }

    private void awaitGranted(AtomicInteger granted, int number) {
        while (granted.get() < number) {
            Thread.onSpinWait();
        }
    }

    private void awaitDenied(ValkeyBucketStore store, BucketKey key, RateLimits limits) {
        boolean denied = false;
        while (!denied) {
            try {
                denied = store.standing(key, limits).get(0).remaining() == 0;
            } catch (UnavailableException away) {
                Thread.onSpinWait();
            }
        }
    }

    private ValkeyBucketStoreBuilder builder(String uri) {
        return ValkeyBucketStore.builder()
                .uri(uri)
                .timeout(Duration.ofSeconds(2))
                .breaker(5, Duration.ofMillis(1))
                .nanoTime(() -> System.nanoTime() + passed.get())
                .listener(new RateLimitListener() {
                    @Override
                    public void away(TenantId tenant, WhenAway answer) {
                        told.add(tenant + " " + answer);
                        if (answer == WhenAway.SHARE) {
                            throw new AssertionError("a listener that fails");
                        }
                    }
                });
    }

    private ValkeyBucketStore store(ValkeyBucketStoreBuilder builder) {
        ValkeyBucketStore made = builder.build();
        opened.add(made);
        return made;
    }

    private static boolean isGranted(ValkeyBucketStore store, BucketKey key, RateLimits limits) {
        try {
            return store.tryAcquire(key, limits, 1) == 0;
        } catch (UnavailableException away) {
            return false;
        }
    }

    private static int takeAll(ValkeyBucketStore store, BucketKey key, RateLimits limits, int most) {
        int taken = 0;
        while (taken < most && store.tryAcquire(key, limits, 1) == 0) {
            taken++;
        }
        return taken;
    }

    /** Goes on until it is denied, however often the server is away meanwhile. */
    private int takeAllPatiently(ValkeyBucketStore store, RateLimits limits) {
        int taken = 0;
        while (true) {
            try {
                if (store.tryAcquire(ACME, limits, 1) > 0) {
                    return taken;
                }
                taken++;
            } catch (UnavailableException away) {
                Thread.onSpinWait();
            }
        }
    }
}
