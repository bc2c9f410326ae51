package dev.tenancy.resource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenancy.TenancyException;
import dev.tenancy.TenantContext;
import dev.tenancy.TenantId;
import dev.tenancy.TenantIdentity;
import dev.tenancy.UnavailableException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120) // a failure net: what hangs here would hang a server
class ConcurrentResourcesTest {
    private static final TenantIdentity ALICE = identity("acme", "alice");
    private static final TenantIdentity BOB = identity("acme", "bob");

    private final ExecutorService pool = Executors.newCachedThreadPool();

    @AfterEach
    void endAllThreads() {
        pool.shutdownNow();
    }

    private static TenantIdentity identity(String tenant, String subject) {
        return TenantIdentity.builder(TenantId.of(tenant), "test")
                .subject(subject)
                .build();
    }

    /** A resource that knows whether it is used as it may be. */
    private static final class Probe implements AutoCloseable {
        private final TenantIdentity madeFor;
        private final AtomicInteger users = new AtomicInteger();
        private final AtomicInteger closed = new AtomicInteger();
        private final Queue<String> faults;

        private Probe(TenantIdentity madeFor, Queue<String> faults) {
            this.madeFor = madeFor;
            this.faults = faults;
        }

        private void begin(TenantIdentity as) {
            users.incrementAndGet();
            check(!madeFor.hasSameAccessAs(as), "used for " + as);
            check(closed.get() > 0, "used when closed");
        }

        private void end() {
            check(closed.get() > 0, "closed in use");
            users.decrementAndGet();
        }

        private void check(boolean wrong, String fault) {
            if (wrong) {
                faults.add("resource of " + madeFor + " is " + fault);
            }
        }

        @Override
        public void close() {
            check(users.get() > 0, "closed while " + users + " use it");
            check(closed.incrementAndGet() > 1, "closed again");
            check(!madeFor.hasSameAccessAs(TenantContext.require()), "closed for " + TenantContext.current());
        }
    }

    /** Returns when so many threads make a resource or wait for it. */
    private static void awaitWaiters(int expected, List<Thread> threads) {
        while (threads.stream().filter(ConcurrentResourcesTest::waits).count() < expected) {
            Thread.onSpinWait();
        }
    }

    private static boolean waits(Thread thread) {
        return Stream.of(thread.getStackTrace())
                .anyMatch(frame -> frame.getClassName().equals(TenantResources.class.getName())
                        && Set.of("make", "await").contains(frame.getMethodName()));
    }

    /** Begins as many borrowings as asked, each on a thread of its own. */
    private <T> List<Future<Lease<T>>> borrowAtOnce(
            TenantResources<T> resources, TenantIdentity as, int times, List<Thread> threads) {
        CyclicBarrier start = new CyclicBarrier(times + 1);
        List<Future<Lease<T>>> leases = new ArrayList<>();
        for (int i = 0; i < times; i++) {
            leases.add(pool.submit(() -> {
                threads.add(Thread.currentThread());
                start.await();
                return TenantContext.call(as, resources::borrow);
            }));
        }
        try {
            start.await();
        } catch (Exception broken) {
            throw new AssertionError(broken);
        }
        return leases;
    }

    @Test
    void twentyWhoAskAtOnceGetTheSameOne() throws Exception {
        AtomicInteger made = new AtomicInteger();
        AtomicInteger closed = new AtomicInteger();
        CountDownLatch finish = new CountDownLatch(1);
        TenantResources<Object> resources = TenantResources.builder(identity -> {
                    made.incrementAndGet();
                    finish.await();
                    return new Object();
                })
                .maximumSize(10)
                .closer(resource -> closed.incrementAndGet())
                .build();
        List<Thread> threads = Collections.synchronizedList(new ArrayList<>());

        List<Future<Lease<Object>>> leases = borrowAtOnce(resources, ALICE, 20, threads);
        awaitWaiters(20, threads);
        finish.countDown();
        List<Lease<Object>> all = new ArrayList<>();
        for (Future<Lease<Object>> lease : leases) {
            all.add(lease.get());
        }

        assertThat(made).hasValue(1);
        assertThat(all).extracting(Lease::get).containsOnly(all.get(0).get());
        resources.evict(ALICE.tenantId());
        for (Lease<Object> lease : all) {
            assertThat(closed).hasValue(0);
            lease.close();
        }
        assertThat(closed).hasValue(1);
    }

    @Test
    void aFactoryThatTakesItsTimeKeepsNobodyElseWaiting() throws Exception {
        CountDownLatch finish = new CountDownLatch(1);
        CountDownLatch begun = new CountDownLatch(1);
        TenantResources<TenantIdentity> resources = TenantResources.<TenantIdentity>builder(identity -> {
                    if (identity.hasSameAccessAs(ALICE)) {
                        begun.countDown();
                        finish.await();
                    }
                    return identity;
                })
                .maximumSize(4000)
                .build();
        Future<Lease<TenantIdentity>> slow = pool.submit(() -> TenantContext.call(ALICE, resources::borrow));
        begun.await();

        for (int i = 0; i < 1000; i++) { // so that some of them share a place in any hash table
            TenantIdentity other = identity("tenant-" + i, "alice");
            TenantContext.call(other, resources::borrow).close();
        }
        TenantContext.call(BOB, resources::borrow).close();
        assertThat(resources.size()).isEqualTo(1002);
        resources.cleanUp();
        resources.evict(TenantId.of("tenant-1"));
        assertThat(slow.isDone()).isFalse();

        finish.countDown();
        assertThat(slow.get().get()).matches(ALICE::hasSameAccessAs);
    }

    @ParameterizedTest
    @ValueSource(classes = {IllegalArgumentException.class, CancellationException.class, NoClassDefFoundError.class})
    void aFailureGoesToAllWhoWaitAndTheNextOneTriesAgain(Class<? extends Throwable> kind) throws Exception {
        AtomicInteger attempts = new AtomicInteger();
        CountDownLatch finish = new CountDownLatch(1);
        TenantResources<Object> resources = TenantResources.builder(identity -> {
                    if (attempts.incrementAndGet() == 1) {
                        finish.await();
                        Throwable failure = kind.getConstructor(String.class).newInstance("expected");
                        if (failure instanceof Error error) {
                            throw error;
                        }
                        throw (Exception) failure;
                    }
                    return new Object();
                })
                .maximumSize(1)
                .build();
        List<Thread> threads = Collections.synchronizedList(new ArrayList<>());

        List<Future<Lease<Object>>> leases = borrowAtOnce(resources, ALICE, 5, threads);
        awaitWaiters(5, threads);
        finish.countDown();

        for (Future<Lease<Object>> lease : leases) {
            assertThatThrownBy(lease::get)
                    .cause()
                    .isInstanceOf(UnavailableException.class)
                    .cause()
                    .isInstanceOf(kind)
                    .hasMessage("expected");
        }
        assertThat(attempts).hasValue(1);
        TenantContext.call(ALICE, resources::borrow).close();
        assertThat(attempts).hasValue(2);
    }

    @Test
    void ifTheOneWhoMakesItIsToStopAnotherMakesIt() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        AtomicInteger attempts = new AtomicInteger();
        TenantResources<Object> resources = TenantResources.builder(identity -> {
                    if (attempts.incrementAndGet() == 1) {
                        begun.countDown();
                        new CountDownLatch(1).await();
                    }
                    return new Object();
                })
                .maximumSize(10)
                .build();
        AtomicReference<Boolean> stillInterrupted = new AtomicReference<>();
        AtomicReference<Throwable> refused = new AtomicReference<>();
        Thread first = new Thread(() -> {
            try {
                TenantContext.call(ALICE, resources::borrow);
            } catch (TenancyException refusal) {
                refused.set(refusal);
            }
            stillInterrupted.set(Thread.interrupted());
        });
        first.start();
        begun.await();
        List<Thread> threads = Collections.synchronizedList(new ArrayList<>());
        List<Future<Lease<Object>>> waiting = borrowAtOnce(resources, ALICE, 3, threads);
        awaitWaiters(3, threads);

        first.interrupt();
        first.join();

        assertThat(refused.get())
                .isInstanceOf(UnavailableException.class)
                .hasCauseInstanceOf(InterruptedException.class);
        assertThat(stillInterrupted).hasValue(true);
        Object resource = waiting.get(0).get().get();
        assertThat(waiting.get(1).get().get()).isSameAs(resource);
        assertThat(waiting.get(2).get().get()).isSameAs(resource);
        assertThat(attempts).hasValue(2);
    }

    @Test
    void whoIsInterruptedWhileWaitingGoesAndKeepsNothing() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch finish = new CountDownLatch(1);
        AtomicInteger closed = new AtomicInteger();
        TenantResources<Object> resources = TenantResources.builder(identity -> {
                    begun.countDown();
                    finish.await();
                    return new Object();
                })
                .maximumSize(10)
                .closer(resource -> closed.incrementAndGet())
                .build();
        Future<Lease<Object>> maker = pool.submit(() -> TenantContext.call(ALICE, resources::borrow));
        begun.await();
        AtomicReference<Boolean> stillInterrupted = new AtomicReference<>();
        AtomicReference<Throwable> refused = new AtomicReference<>();
        Thread waiter = new Thread(() -> {
            try {
                TenantContext.call(ALICE, resources::borrow);
            } catch (TenancyException refusal) {
                refused.set(refusal);
            }
            stillInterrupted.set(Thread.interrupted());
        });
        waiter.start();
        awaitWaiters(1, List.of(waiter));

        waiter.interrupt();
        waiter.join();
        assertThat(refused.get())
                .isInstanceOf(UnavailableException.class)
                .hasCauseInstanceOf(InterruptedException.class);
        assertThat(stillInterrupted).hasValue(true);

        finish.countDown();
        maker.get().close();
        resources.evict(ALICE.tenantId());
        assertThat(closed).as("the one who went is no user").hasValue(1);
    }

    @Test
    void evictedWhileItIsMadeItServesThoseWhoWaitAndIsClosedAfterThem() throws Exception {
        AtomicInteger made = new AtomicInteger();
        CountDownLatch finish = new CountDownLatch(1);
        Queue<Integer> closed = new ConcurrentLinkedQueue<>();
        TenantResources<Integer> resources = TenantResources.builder(identity -> {
                    int number = made.incrementAndGet();
                    if (number == 1) {
                        finish.await();
                    }
                    return number;
                })
                .maximumSize(1)
                .closer(closed::add)
                .build();
        List<Thread> threads = Collections.synchronizedList(new ArrayList<>());
        List<Future<Lease<Integer>>> before = borrowAtOnce(resources, ALICE, 3, threads);
        awaitWaiters(3, threads);

        resources.evict(ALICE.tenantId());
        try (Lease<Integer> after = TenantContext.call(ALICE, resources::borrow)) {
            assertThat(after.get()).isEqualTo(2);
        }
        finish.countDown();

        for (Future<Lease<Integer>> lease : before) {
            assertThat(closed).isEmpty();
            assertThat(lease.get().get()).isEqualTo(1);
        }
        for (Future<Lease<Integer>> lease : before) {
            assertThat(closed).isEmpty();
            lease.get().close();
        }
        assertThat(closed).containsExactly(1);
    }

    @Test
    void closedWhileItIsMadeItServesNobody() throws Exception {
        CountDownLatch finish = new CountDownLatch(1);
        AtomicInteger closed = new AtomicInteger();
        TenantResources<Object> resources = TenantResources.builder(identity -> {
                    finish.await();
                    return new Object();
                })
                .maximumSize(10)
                .closer(resource -> closed.incrementAndGet())
                .build();
        List<Thread> threads = Collections.synchronizedList(new ArrayList<>());
        List<Future<Lease<Object>>> leases = borrowAtOnce(resources, ALICE, 5, threads);
        awaitWaiters(5, threads);

        resources.close();
        assertThat(closed).hasValue(0);
        finish.countDown();

        for (Future<Lease<Object>> lease : leases) {
            assertThatThrownBy(lease::get)
                    .isInstanceOf(ExecutionException.class)
                    .cause()
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("the resources are closed");
        }
        assertThat(closed).hasValue(1);
    }

    @Test
    void factoriesThatNeedEachOtherFailInsteadOfWaitingForever() throws Exception {
        CyclicBarrier bothBegun = new CyclicBarrier(2);
        CompletableFuture<TenantResources<Object>> first = new CompletableFuture<>();
        CompletableFuture<TenantResources<Object>> second = new CompletableFuture<>();
        AtomicInteger attempts = new AtomicInteger();
        first.complete(needing(second, bothBegun, attempts));
        second.complete(needing(first, bothBegun, attempts));

        Future<Lease<Object>> one =
                pool.submit(() -> TenantContext.call(ALICE, () -> first.join().borrow()));
        Future<Lease<Object>> other =
                pool.submit(() -> TenantContext.call(ALICE, () -> second.join().borrow()));

        assertThatThrownBy(one::get).rootCause().hasMessageContaining("borrows, itself or through others");
        assertThatThrownBy(other::get).rootCause().hasMessageContaining("borrows, itself or through others");
        assertThat(first.join().size() + second.join().size()).isZero();
    }

    private static TenantResources<Object> needing(
            CompletableFuture<TenantResources<Object>> other, CyclicBarrier begun, AtomicInteger attempts) {
        return TenantResources.<Object>builder(identity -> {
                    if (attempts.incrementAndGet() <= 2) {
                        begun.await();
                    }
                    return other.join().borrow().get();
                })
                .maximumSize(10)
                .build();
    }

    @Test
    void whateverHappensNobodyGetsAnothersAndEachIsClosedOnce() throws Exception {
        long seed = System.nanoTime();
        Queue<String> faults = new ConcurrentLinkedQueue<>();
        Queue<Probe> made = new ConcurrentLinkedQueue<>();
        Random failing = new Random(seed);
        AtomicLong uses = new AtomicLong(); // the clock
        TenantResources<Probe> resources = TenantResources.<Probe>builder(identity -> {
                    synchronized (failing) {
                        if (failing.nextInt(20) == 0) {
                            throw new IllegalStateException("expected");
                        }
                    }
                    Probe probe = new Probe(identity, faults);
                    made.add(probe);
                    return probe;
                })
                .maximumSize(40)
                .maximumPerTenant(3)
                .nanoTime(uses::incrementAndGet)
                .idleTime(Duration.ofNanos(200))
                .build();

        int threads = 16;
        CyclicBarrier start = new CyclicBarrier(threads);
        List<Future<Integer>> workers = new ArrayList<>();
        for (int thread = 0; thread < threads; thread++) {
            Random random = new Random(seed + thread);
            Callable<Integer> worker = () -> {
                start.await();
                return borrowAtRandom(resources, random);
            };
            workers.add(pool.submit(worker));
        }
        int borrowed = 0;
        for (Future<Integer> worker : workers) {
            borrowed += worker.get();
        }
        resources.close();

        assertThat(faults).as("with seed " + seed).isEmpty();
        assertThat(made)
                .as("with seed " + seed)
                .hasSizeGreaterThan(64)
                .allSatisfy(probe -> assertThat(probe.closed).hasValue(1))
                .allSatisfy(probe -> assertThat(probe.users).hasValue(0));
        assertThat(borrowed).as("with seed " + seed).isGreaterThan(made.size());
        assertThat(resources.size()).isZero();
    }

    /** Borrows, keeps, gives back and evicts for 64 tenants of 4 subjects; returns how often it was given something. */
    private static int borrowAtRandom(TenantResources<Probe> resources, Random random) {
        record Held(TenantIdentity as, Lease<Probe> lease) {}
        List<Held> held = new ArrayList<>();
        int borrowed = 0;
        for (int i = 0; i < 5000; i++) {
            TenantIdentity as = identity("tenant-" + random.nextInt(64), "subject-" + random.nextInt(4));
            if (random.nextInt(50) == 0) {
                resources.evict(as.tenantId());
            } else if (held.size() < 3 && random.nextBoolean()) {
                try {
                    Lease<Probe> lease = TenantContext.call(as, resources::borrow);
                    lease.get().begin(as);
                    held.add(new Held(as, lease));
                    borrowed++;
                } catch (TenancyException full) { // or the factory failed
                    assertThat(full.problem().status()).isIn(429, 503);
                }
            } else if (!held.isEmpty()) {
                giveBack(held.remove(random.nextInt(held.size())).lease);
            }
            assertThat(resources.size()).isLessThanOrEqualTo(40);
        }
        held.forEach(one -> giveBack(one.lease));
        return borrowed;
    }

    private static void giveBack(Lease<Probe> lease) {
        lease.get().end();
        lease.close();
    }
}
