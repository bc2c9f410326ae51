package dev.tenancy;

import static dev.tenancy.Identities.A;
import static dev.tenancy.Identities.B;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinTask;
import java.util.concurrent.RecursiveTask;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A fork-join worker that waits runs other tasks on top of the one that waits: carried or refused, never wrong. */
class ForkJoinTest {
    private final ForkJoinPool oneWorker = new ForkJoinPool(1);

    @AfterEach
    void theWorkerIsClean() throws Exception {
        assertThat(oneWorker.submit(TenantContext::current).get()).isEmpty();
        oneWorker.shutdownNow();
        assertThat(TenantContext.current()).isEmpty();
    }

    /** Who a task submitted by {@code submit} says it is, run by a task of A that waits. */
    private Optional<TenantIdentity> helpedByA(Function<Supplier<Sighting>, CompletableFuture<Sighting>> submit)
            throws Exception {
        Semaphore allAreQueued = new Semaphore(0);
        oneWorker.execute(allAreQueued::acquireUninterruptibly);
        List<CompletableFuture<Sighting>> others = new CopyOnWriteArrayList<>();
        Callable<Sighting> ofA = () -> {
            ForkJoinTask.helpQuiesce(); // runs what is queued, as a join of something forked may
            return Sighting.here();
        };
        ForkJoinTask<Sighting> waiting = TenantContext.call(A, () -> oneWorker.submit(TenantContext.wrap(ofA)));
        others.add(submit.apply(Sighting::here));
        allAreQueued.release();

        assertThat(waiting.get().who()).as("the one that waited").contains(A);
        assertThat(others.get(0).join().thread()).isSameAs(waiting.get().thread());
        return others.get(0).join().who();
    }

    private record Sighting(Optional<TenantIdentity> who, Thread thread) {
        static Sighting here() {
            return new Sighting(TenantContext.current(), Thread.currentThread());
        }
    }

    @Test
    void aTaskThatAWaitingOneHelpsToRunDoesNotSeeItsTenant() throws Exception {
        assertThat(helpedByA(task -> CompletableFuture.supplyAsync(task, oneWorker)))
                .isEmpty();
    }

    @Test
    void aWrappedTaskThatAWaitingOneHelpsToRunSeesItsOwnTenant() throws Exception {
        assertThat(helpedByA(task -> TenantContext.call(
                        B, () -> CompletableFuture.supplyAsync(TenantContext.wrap(task), oneWorker))))
                .contains(B);
    }

    @Test
    void forkedSubtasksSeeNobodyUnlessTheyAreWrapped() throws Exception {
        Callable<List<Optional<TenantIdentity>>> ofA = () -> {
            ForkJoinTask<Optional<TenantIdentity>> bare = new WhoIsIt().fork();
            Callable<Optional<TenantIdentity>> who = TenantContext::current;
            ForkJoinTask<Optional<TenantIdentity>> carried =
                    ForkJoinTask.adapt(TenantContext.wrap(who)).fork();
            return List.of(carried.join(), bare.join(), new WhoIsIt().invoke(), TenantContext.current());
        };

        assertThat(TenantContext.call(A, () -> oneWorker.submit(TenantContext.wrap(ofA)))
                        .get())
                .containsExactly(Optional.of(A), Optional.empty(), Optional.empty(), Optional.of(A));
    }

    private static final class WhoIsIt extends RecursiveTask<Optional<TenantIdentity>> {
        private static final long serialVersionUID = 1L;

        @Override
        protected Optional<TenantIdentity> compute() {
            return TenantContext.current();
        }
    }

    @Test
    void parallelStreamsAreCarriedOrRefused() throws Exception {
        Function<Integer, Optional<TenantIdentity>> who = number -> TenantContext.current();
        Callable<Set<Optional<TenantIdentity>>> bare =
                () -> IntStream.range(0, 10_000).boxed().parallel().map(who).collect(Collectors.toSet());
        Callable<Set<Optional<TenantIdentity>>> carried = () -> IntStream.range(0, 10_000)
                .boxed()
                .parallel()
                .map(TenantContext.wrap(who))
                .collect(Collectors.toSet());

        for (TenantIdentity tenant : List.of(A, B)) {
            assertThat(TenantContext.call(tenant, bare::call)).isSubsetOf(Optional.of(tenant), Optional.empty());
            assertThat(TenantContext.call(tenant, carried::call)).containsOnly(Optional.of(tenant));
            assertThat(TenantContext.call(tenant, () -> oneWorker.submit(TenantContext.wrap(bare)))
                            .get())
                    .isSubsetOf(Optional.of(tenant), Optional.empty());
            assertThat(TenantContext.call(tenant, () -> oneWorker.submit(TenantContext.wrap(carried)))
                            .get())
                    .containsOnly(Optional.of(tenant));
        }
    }
}
