package dev.tenancy.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenancy.TenantContext;
import dev.tenancy.TenantId;
import dev.tenancy.TenantIdentity;
import io.micrometer.context.ContextRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Hooks;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.util.context.Context;

/** The tenant goes through Reactor's operators and schedulers, and leaves nothing on their threads. */
class ReactorTest {
    private static final int TENANTS = 64;
    private static final int THREADS = 4;
    private static final Duration FAILURE_NET = Duration.ofSeconds(60);
    private static final List<TenantIdentity> IDENTITIES = IntStream.range(0, TENANTS)
            .mapToObj(i -> TenantIdentity.of(TenantId.of("tenant-" + i), "test"))
            .toList();
    private static final TenantIdentity A = IDENTITIES.get(0);
    private static final TenantIdentity B = IDENTITIES.get(1);

    private final List<ExecutorService> pools = List.of(
            Executors.newFixedThreadPool(THREADS),
            Executors.newFixedThreadPool(THREADS),
            Executors.newFixedThreadPool(THREADS));
    private final Scheduler first = Schedulers.fromExecutorService(pools.get(0));
    private final Scheduler second = Schedulers.fromExecutorService(pools.get(1));
    private final Scheduler third = Schedulers.fromExecutorService(pools.get(2));

    @BeforeAll
    static void carryTheTenant() {
        ContextRegistry.getInstance().registerThreadLocalAccessor(new TenantContextAccessor());
        Hooks.enableAutomaticContextPropagation();
    }

    @AfterAll
    static void carryNothing() {
        Hooks.disableAutomaticContextPropagation();
        ContextRegistry.getInstance().removeThreadLocalAccessor(TenantContextAccessor.KEY);
    }

    @AfterEach
    void allThreadsAreClean() throws Exception {
        assertNobody();
        for (ExecutorService pool : pools) {
            CyclicBarrier allThreads = new CyclicBarrier(THREADS);
            List<Future<Boolean>> probes = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                Callable<Boolean> probe = () -> {
                    allThreads.await(FAILURE_NET.toSeconds(), TimeUnit.SECONDS);
                    assertNobody();
                    return true;
                };
                probes.add(pool.submit(probe));
            }
            for (Future<Boolean> probe : probes) {
                assertThat(probe.get()).isTrue();
            }
            pool.shutdownNow();
        }
    }

    private static void assertNobody() {
        assertThat(TenantContext.current()).isEmpty();
        assertThat(MDC.get(TenantContext.MDC_KEY)).isNull();
        assertThat(TenantContextAccessorTest.kept()).isNull();
    }

    /** Notes whom each stage works for. */
    private Flux<Integer> throughAllSchedulers(Flux<Integer> source, Queue<Optional<TenantIdentity>> seen) {
        return source.doOnNext(i -> note(seen))
                .subscribeOn(first)
                .map(i -> i + note(seen))
                .publishOn(second, 2)
                .filter(i -> note(seen) == 0)
                .flatMap(i -> Mono.fromCallable(() -> i + note(seen)).subscribeOn(third), 4)
                .publishOn(first)
                .doOnNext(i -> note(seen))
                .doOnComplete(() -> note(seen));
    }

    private static int note(Queue<Optional<TenantIdentity>> seen) {
        Optional<TenantIdentity> current = TenantContext.current();
        assertThat(MDC.get(TenantContext.MDC_KEY))
                .isEqualTo(current.map(identity -> identity.tenantId().value()).orElse(null));
        seen.add(current);
        return 0;
    }

    @Test
    void eachOfAThousandInterleavedChainsStaysWithItsTenant() {
        List<Queue<Optional<TenantIdentity>>> seen = new ArrayList<>();
        List<CompletableFuture<List<Integer>>> results = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            Queue<Optional<TenantIdentity>> seenHere = new ConcurrentLinkedQueue<>();
            seen.add(seenHere);
            results.add(TenantContext.call(
                    IDENTITIES.get(i % TENANTS),
                    () -> throughAllSchedulers(Flux.range(0, 5), seenHere)
                            .contextCapture()
                            .collectList()
                            .toFuture()));
        }

        for (int i = 0; i < results.size(); i++) {
            assertThat(results.get(i)
                            .orTimeout(FAILURE_NET.toSeconds(), TimeUnit.SECONDS)
                            .join())
                    .containsExactlyInAnyOrder(0, 1, 2, 3, 4);
            assertThat(seen.get(i)).hasSize(26).containsOnly(Optional.of(IDENTITIES.get(i % TENANTS)));
        }
    }

    @Test
    void thousandTenantsInOneFlatMapStayApart() {
        List<Queue<Optional<TenantIdentity>>> seen = new ArrayList<>();
        IntStream.range(0, 1000).forEach(i -> seen.add(new ConcurrentLinkedQueue<>()));
        Queue<Optional<TenantIdentity>> outside = new ConcurrentLinkedQueue<>();

        Flux<Integer> all = Flux.range(0, 1000)
                .flatMap(
                        i -> throughAllSchedulers(Flux.just(i), seen.get(i))
                                .contextWrite(Context.of(
                                        TenantContextAccessor.KEY, CarriedTenant.of(IDENTITIES.get(i % TENANTS)))),
                        64)
                .doOnNext(i -> note(outside));
        TenantContext.run(
                A, () -> assertThat(all.collectList().block(FAILURE_NET)).hasSize(1000));

        assertThat(outside).hasSize(1000).containsOnly(Optional.of(A));
        for (int i = 0; i < 1000; i++) {
            assertThat(seen.get(i)).hasSize(6).containsOnly(Optional.of(IDENTITIES.get(i % TENANTS)));
        }
    }

    @Test
    void aChainOfNobodyRunsForNobody() {
        Queue<Optional<TenantIdentity>> seen = new ConcurrentLinkedQueue<>();

        assertThat(throughAllSchedulers(Flux.range(0, 10), seen).collectList().block(FAILURE_NET))
                .hasSize(10);

        assertThat(seen).hasSize(51).containsOnly(Optional.empty());
    }

    @Test
    void anInnerChainMayWorkForAnotherAndTheOuterOneGoesOn() {
        Queue<Optional<TenantIdentity>> outer = new ConcurrentLinkedQueue<>();
        Queue<Optional<TenantIdentity>> inner = new ConcurrentLinkedQueue<>();

        Flux<Integer> chain = Flux.range(0, 100)
                .publishOn(first)
                .doOnNext(i -> note(outer))
                .concatMap(i -> Mono.just(i)
                        .publishOn(second)
                        .doOnNext(j -> note(inner))
                        .contextWrite(Context.of(TenantContextAccessor.KEY, CarriedTenant.of(B))))
                .doOnNext(i -> note(outer));
        TenantContext.run(A, () -> {
            chain.blockLast(FAILURE_NET);
            assertThat(TenantContext.require()).isSameAs(A);
        });

        assertThat(outer).hasSize(200).containsOnly(Optional.of(A));
        assertThat(inner).hasSize(100).containsOnly(Optional.of(B));
    }

    @Test
    void whatOneTenantEmitsAnotherReceivesAsItself() throws Exception {
        Sinks.Many<String> sink = Sinks.many().multicast().onBackpressureBuffer();
        Queue<Optional<TenantIdentity>> ofA = new ConcurrentLinkedQueue<>();
        CountDownLatch received = new CountDownLatch(200);
        Disposable subscription = TenantContext.call(
                A,
                () -> sink.asFlux()
                        .doOnNext(text -> note(ofA))
                        .publishOn(first)
                        .doOnNext(text -> note(ofA))
                        .contextCapture()
                        .subscribe(text -> received.countDown()));

        TenantContext.run(B, () -> {
            for (int i = 0; i < 200; i++) {
                sink.emitNext("of B", Sinks.EmitFailureHandler.busyLooping(FAILURE_NET));
                assertThat(TenantContext.require()).isSameAs(B);
            }
        });

        assertThat(received.await(FAILURE_NET.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(ofA).hasSize(400).containsOnly(Optional.of(A));
        subscription.dispose();
    }

    @Test
    void anErrorIsHandledForTheTenantAndLeavesTheThreadsClean() {
        Queue<Optional<TenantIdentity>> seen = new ConcurrentLinkedQueue<>();

        Mono<String> failing = Mono.<String>fromCallable(() -> {
                    throw new IllegalArgumentException("expected");
                })
                .subscribeOn(first)
                .publishOn(second)
                .doOnError(failure -> note(seen))
                .retry(3)
                .onErrorResume(failure ->
                        Mono.fromCallable(() -> "resumed" + note(seen)).subscribeOn(third));
        String result = TenantContext.call(
                A, () -> Objects.requireNonNull(failing.contextCapture().block(FAILURE_NET)));

        assertThat(result).isEqualTo("resumed0");
        assertThat(seen).hasSize(5).containsOnly(Optional.of(A));
    }

    @Test
    void aCancelledChainLeavesTheThreadsClean() throws Exception {
        Queue<Optional<TenantIdentity>> seen = new ConcurrentLinkedQueue<>();
        CountDownLatch running = new CountDownLatch(1);
        CountDownLatch cancelled = new CountDownLatch(1);
        CountDownLatch ended = new CountDownLatch(1);

        Disposable chain = TenantContext.call(
                A,
                () -> Flux.range(0, 3)
                        .publishOn(first)
                        .doOnCancel(() -> {
                            note(seen);
                            cancelled.countDown();
                        })
                        .concatMap(i -> Mono.fromCallable(() -> {
                                    note(seen);
                                    running.countDown();
                                    try {
                                        new CountDownLatch(1).await();
                                    } finally {
                                        note(seen);
                                        ended.countDown();
                                    }
                                    return i;
                                })
                                .subscribeOn(second))
                        .contextCapture()
                        .subscribe());
        assertThat(running.await(FAILURE_NET.toSeconds(), TimeUnit.SECONDS)).isTrue();
        TenantContext.run(B, chain::dispose);

        assertThat(cancelled.await(FAILURE_NET.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(ended.await(FAILURE_NET.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(seen).hasSize(3).containsOnly(Optional.of(A));
    }

    @Test
    void aTaskScheduledByHandTakesTheTenantOfWhoeverScheduledIt() {
        CompletableFuture<Optional<TenantIdentity>> ofA = new CompletableFuture<>();
        CompletableFuture<Optional<TenantIdentity>> ofNobody = new CompletableFuture<>();

        TenantContext.run(A, () -> first.schedule(() -> ofA.complete(TenantContext.current())));
        first.schedule(() -> ofNobody.complete(TenantContext.current()));

        assertThat(ofA.orTimeout(FAILURE_NET.toSeconds(), TimeUnit.SECONDS).join())
                .contains(A);
        assertThat(ofNobody.orTimeout(FAILURE_NET.toSeconds(), TimeUnit.SECONDS).join())
                .isEmpty();
    }
}
