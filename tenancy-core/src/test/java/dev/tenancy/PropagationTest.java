package dev.tenancy;

import static dev.tenancy.Identities.A;
import static dev.tenancy.Identities.B;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;

/** Work that is carried to another thread runs as whoever handed it over, and leaves that thread clean. */
class PropagationTest {
    private static final Supplier<Optional<TenantIdentity>> WHO = TenantContext::current;

    private final ScheduledExecutorService pool = Executors.newSingleThreadScheduledExecutor();
    private final List<Optional<TenantIdentity>> seen = new CopyOnWriteArrayList<>();

    @AfterEach
    void everyThreadIsClean() throws Exception {
        assertThat(pool.submit(TenantContext::current).get()).isEmpty();
        assertThat(Optional.ofNullable(pool.submit(() -> MDC.get("tenant_id")).get()))
                .isEmpty();
        pool.shutdownNow();
        assertThat(TenantContext.current()).isEmpty();
    }

    @Test
    void everyKindOfFunctionIsCarried() throws Exception {
        Runnable task = () -> seen.add(TenantContext.current());
        Callable<Optional<TenantIdentity>> callable = TenantContext::current;
        Function<String, String> function = text -> text + TenantContext.current();
        BiFunction<String, String, String> biFunction = (one, two) -> one + two + TenantContext.current();
        Consumer<String> consumer = text -> seen.add(TenantContext.current());
        BiConsumer<String, String> biConsumer = (one, two) -> seen.add(TenantContext.current());
        List<Callable<Object>> ofA = TenantContext.call(A, () -> {
            Runnable carriedTask = TenantContext.wrap(task);
            Callable<Optional<TenantIdentity>> carriedCallable = TenantContext.wrap(callable);
            Supplier<Optional<TenantIdentity>> carriedSupplier = TenantContext.wrap(WHO);
            Function<String, String> carriedFunction = TenantContext.wrap(function);
            BiFunction<String, String, String> carriedBiFunction = TenantContext.wrap(biFunction);
            Consumer<String> carriedConsumer = TenantContext.wrap(consumer);
            BiConsumer<String, String> carriedBiConsumer = TenantContext.wrap(biConsumer);
            return List.of(
                    Executors.callable(carriedTask),
                    carriedCallable::call,
                    carriedSupplier::get,
                    () -> carriedFunction.apply("1"),
                    () -> carriedBiFunction.apply("1", "2"),
                    Executors.callable(() -> carriedConsumer.accept("1")),
                    Executors.callable(() -> carriedBiConsumer.accept("1", "2")));
        });

        List<Object> results = new ArrayList<>();
        for (Callable<Object> carried : ofA) {
            results.add(String.valueOf(pool.submit(carried).get()));
        }

        String a = Optional.of(A).toString();
        assertThat(results).containsExactly("null", a, a, "1" + a, "12" + a, "null", "null");
        assertThat(seen).containsExactly(Optional.of(A), Optional.of(A), Optional.of(A));
    }

    @Test
    void whatIsWrappedIsCheckedAtOnce() {
        assertThatThrownBy(() -> TenantContext.wrap(nothing(Runnable.class))).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> TenantContext.wrap(nothing(ExecutorService.class)))
                .isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> TenantContext.wrap(nothing(ScheduledExecutorService.class)))
                .isInstanceOf(NullPointerException.class);
    }

    @SuppressWarnings("NullAway") // as code without nullness checks does
    private static <T> T nothing(Class<T> type) {
        return type.cast(null);
    }

    @Test
    void anExecutorServiceCarriesWhoeverHandsOver() throws Exception {
        ExecutorService carrying = TenantContext.wrap((ExecutorService) pool);
        Callable<Optional<TenantIdentity>> who = TenantContext::current;
        Runnable note = () -> seen.add(TenantContext.current());

        List<Future<Optional<TenantIdentity>>> all = TenantContext.call(A, () -> carrying.invokeAll(List.of(who, who)));
        all.addAll(TenantContext.call(A, () -> carrying.invokeAll(List.of(who), 1, TimeUnit.MINUTES)));
        Optional<TenantIdentity> any = TenantContext.call(A, () -> carrying.invokeAny(List.of(who)));
        Optional<TenantIdentity> timely =
                TenantContext.call(A, () -> carrying.invokeAny(List.of(who), 1, TimeUnit.MINUTES));
        Future<Optional<TenantIdentity>> ofB = TenantContext.call(B, () -> carrying.submit(who));
        Future<?> noted = TenantContext.call(B, () -> carrying.submit(note));
        Future<String> result = TenantContext.call(B, () -> carrying.submit(note, "done"));
        TenantContext.run(B, () -> carrying.execute(note));

        for (Future<Optional<TenantIdentity>> one : all) {
            assertThat(one.get()).contains(A);
        }
        assertThat(all).hasSize(3);
        assertThat(any).contains(A);
        assertThat(timely).contains(A);
        assertThat(ofB.get()).contains(B);
        assertThat(noted.get()).isNull();
        assertThat(result.get()).isEqualTo("done");
        assertThat(carrying.submit(who).get()).isEmpty();
        assertThat(seen).containsExactly(Optional.of(B), Optional.of(B), Optional.of(B));
    }

    @Test
    void aWrappedExecutorIsShutDownLikeItsOwn() throws Exception {
        ExecutorService own = Executors.newSingleThreadExecutor();
        ExecutorService carrying = TenantContext.wrap(own);
        Semaphore never = new Semaphore(0);
        Semaphore running = new Semaphore(0);
        Future<?> stuck = carrying.submit(() -> {
            running.release();
            never.acquireUninterruptibly();
        });
        running.acquire();
        carrying.execute(() -> {});

        assertThat(carrying.isShutdown()).isFalse();
        assertThat(carrying.shutdownNow()).hasSize(1);
        assertThat(own.isShutdown()).isTrue();
        assertThat(carrying.isShutdown()).isTrue();
        assertThat(carrying.isTerminated()).isFalse();
        assertThat(carrying.awaitTermination(0, TimeUnit.SECONDS)).isFalse();
        never.release();
        stuck.get();
        assertThat(carrying.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
        assertThat(carrying.isTerminated()).isTrue();

        ExecutorService second = Executors.newSingleThreadExecutor();
        TenantContext.wrap(second).shutdown();
        assertThat(second.isShutdown()).isTrue();
        assertThat(carrying).hasToString("carrying the tenant to " + own);
    }

    @Test
    void aWrappedExecutorIsClosedLikeItsOwnAlsoIfItNeverEnds() throws Exception {
        ExecutorService own = Executors.newSingleThreadExecutor();
        Object ofOwn = TenantContext.wrap(own);
        Object ofEverybody = TenantContext.wrap((ExecutorService) ForkJoinPool.commonPool());
        assumeTrue(ofOwn instanceof AutoCloseable, "executors can be closed from JDK 19");

        ((AutoCloseable) ofOwn).close();
        ((AutoCloseable) ofEverybody).close();

        assertThat(own.isTerminated()).isTrue();
        assertThat(ForkJoinPool.commonPool().isShutdown()).isFalse();
    }

    @Test
    void aSchedulerCarriesWhoeverScheduledAlsoWhenTheTaskRunsAgain() throws Exception {
        ScheduledExecutorService carrying = TenantContext.wrap(pool);
        Callable<Optional<TenantIdentity>> who = TenantContext::current;
        Semaphore runs = new Semaphore(0);
        Runnable note = () -> {
            seen.add(TenantContext.current());
            runs.release();
        };

        assertThat(TenantContext.call(A, () -> carrying.schedule(who, 1, TimeUnit.MILLISECONDS))
                        .get())
                .contains(A);
        TenantContext.call(B, () -> carrying.schedule(note, 1, TimeUnit.MILLISECONDS))
                .get();
        ScheduledFuture<?> rate =
                TenantContext.call(B, () -> carrying.scheduleAtFixedRate(note, 0, 1, TimeUnit.MILLISECONDS));
        ScheduledFuture<?> delay =
                TenantContext.call(B, () -> carrying.scheduleWithFixedDelay(note, 0, 1, TimeUnit.MILLISECONDS));
        runs.acquire(10);
        rate.cancel(false);
        delay.cancel(false);

        assertThat(seen).hasSizeGreaterThanOrEqualTo(10).containsOnly(Optional.of(B));
    }

    @Test
    void aTaskThatLeavesAScopeOpenIsReportedAndItsThreadEndsClean() {
        Runnable leaking = TenantContext.call(A, () -> TenantContext.wrap((Runnable) () -> TenantContext.open(B)));

        assertThatThrownBy(() -> pool.submit(leaking).get())
                .hasRootCauseMessage("the scope was opened here")
                .hasMessageContaining("tenant-b");
    }

    @Test
    void everyDependentOfAWrappedFutureRunsAsWhoeverRegistersIt() throws Exception {
        List<Method> methods = Arrays.stream(CompletionStage.class.getMethods())
                .filter(method -> !method.getName().equals("toCompletableFuture"))
                .toList();
        assertThat(methods).hasSizeGreaterThanOrEqualTo(42);

        for (Method method : methods) {
            for (boolean fails : List.of(true, false)) {
                for (boolean otherIsDone : List.of(true, false)) {
                    registersAsB(method, fails, otherIsDone);
                }
            }
        }
    }

    private void registersAsB(Method method, boolean fails, boolean otherIsDone) throws Exception {
        String what = method + ", failing " + fails + ", the other one done " + otherIsDone;
        List<Optional<TenantIdentity>> seenBy = new CopyOnWriteArrayList<>();
        CompletableFuture<Object> source = new CompletableFuture<>();
        CompletableFuture<Object> other = new CompletableFuture<>();
        if (otherIsDone) {
            complete(other, false);
        }
        CompletableFuture<Object> carrying = TenantContext.wrap(source);

        CompletableFuture<?> dependent =
                TenantContext.call(B, () -> Stages.register(method, carrying, seenBy, other, pool));
        TenantContext.run(A, () -> {
            complete(source, fails);
            complete(other, fails);
        });
        boolean ran = Stages.end(dependent, seenBy);

        assertThat(seenBy).as(what).allMatch(Optional.of(B)::equals);
        assertThat(ran || Stages.runsOnlyIf(method, !fails)).as(what).isTrue();
        assertThat(dependent).as(what).hasSameClassAs(carrying);
    }

    @Test
    void aDependentOfAPlainFutureCanBeWrappedByItself() {
        CompletableFuture<String> source = new CompletableFuture<>();
        Function<String, Optional<TenantIdentity>> who = text -> TenantContext.current();
        CompletableFuture<Optional<TenantIdentity>> ofB =
                TenantContext.call(B, () -> source.thenApply(TenantContext.wrap(who)));

        TenantContext.run(A, () -> complete(source, false));

        assertThat(ofB.join()).contains(B);
    }

    @Test
    void aWrappedFutureEndsAsItsSourceDoesAndNotTheOtherWayRound() {
        CompletableFuture<String> source = new CompletableFuture<>();
        CompletableFuture<String> carrying = TenantContext.wrap(source);
        CompletableFuture<String> cancelled = TenantContext.wrap(source);

        cancelled.cancel(true);
        assertThat(source).isNotDone();
        source.complete("done");
        assertThat(carrying.join()).isEqualTo("done");

        IllegalStateException failure = new IllegalStateException("expected");
        assertThatThrownBy(TenantContext.wrap(CompletableFuture.failedStage(failure))::join)
                .hasCause(failure);
        assertThat(carrying.minimalCompletionStage().toCompletableFuture())
                .isNotSameAs(carrying)
                .hasSameClassAs(carrying);
    }

    @SuppressWarnings("unchecked") // futures of texts, and of what nobody looks at
    private static <T> void complete(CompletableFuture<T> future, boolean exceptionally) {
        if (exceptionally) {
            future.completeExceptionally(new IllegalStateException("expected"));
        } else {
            future.complete((T) "result");
        }
    }

    @Test
    void virtualThreadsCarryAndNeverInherit() throws Exception {
        Optional<ExecutorService> virtual = VirtualThreads.executor();
        assumeTrue(virtual.isPresent(), "virtual threads need JDK 21");
        Callable<Optional<TenantIdentity>> who = TenantContext::current;

        assertThat(TenantContext.call(A, () -> virtual.get().submit(who)).get()).isEmpty();
        assertThat(TenantContext.call(A, () -> TenantContext.wrap(virtual.get()).submit(who))
                        .get())
                .contains(A);
        virtual.get().shutdown();
    }
}
