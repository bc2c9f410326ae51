package dev.tenancy;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** Every way in which the library carries the tenant of one thread to work on another: a line each. */
@SuppressWarnings("FutureReturnValueIgnored") // The work itself tells what was wrong.
final class Handovers {
    /** Work that runs at once on the thread that asks for it, and is told who must be current. */
    static final List<Nested> NESTED = List.of(
            (identity, work) -> TenantContext.run(identity, () -> work.accept(Actor.tenant(identity))),
            (identity, work) -> TenantContext.call(identity, () -> done(() -> work.accept(Actor.tenant(identity)))),
            (identity, work) ->
                    TenantContext.callAsSystem("test", () -> done(() -> work.accept(Actor.system("test")))));

    /** Work that is given the tenant of the thread that makes it, to be run whenever and wherever. */
    static final List<UnaryOperator<Runnable>> CAPTURES = List.of(
            work -> TenantContext.wrap(work),
            work -> called(TenantContext.wrap((Callable<String>) () -> done(work))),
            work -> called(TenantContext.wrap((Supplier<String>) () -> done(work))::get),
            work -> applying(TenantContext.wrap((Function<String, String>) one -> done(work))),
            work -> applying(TenantContext.wrap((BiFunction<String, String, String>) (one, two) -> done(work))),
            work -> accepting(TenantContext.wrap((Consumer<String>) one -> work.run())),
            work -> accepting(TenantContext.wrap((BiConsumer<String, String>) (one, two) -> work.run())),
            work -> opened(TenantSnapshot.capture(), work));

    /** Work that is given the tenant of the thread that hands it to an executor. */
    static final List<BiConsumer<ExecutorService, Runnable>> SUBMISSIONS = List.of(
            (executor, work) -> executor.execute(TenantContext.wrap(work)),
            (executor, work) -> CompletableFuture.runAsync(TenantContext.wrap(work), executor),
            (executor, work) -> TenantContext.wrap((Executor) executor).execute(work),
            (executor, work) -> TenantContext.wrap(executor).execute(work),
            (executor, work) -> TenantContext.wrap(executor).submit(work),
            (executor, work) -> TenantContext.wrap(executor).submit(work, "done"),
            (executor, work) -> TenantContext.wrap(executor).submit(() -> done(work)),
            (executor, work) -> CompletableFuture.runAsync(work, TenantContext.wrap(executor)));

    /** Work that is given the tenant of the thread that hands it to a scheduler. */
    static final List<BiConsumer<ScheduledExecutorService, Runnable>> SCHEDULES = List.of(
            (scheduler, work) -> TenantContext.wrap(scheduler).schedule(work, 0, NANOSECONDS),
            (scheduler, work) -> TenantContext.wrap(scheduler).schedule(() -> done(work), 1, NANOSECONDS));

    /**
     * Work that is given the tenant of the thread that registers it, and is run by the one that completes the future.
     */
    static final List<BiConsumer<CompletableFuture<String>, Runnable>> DEPENDENTS = List.of(
            (promise, work) -> promise.thenRun(TenantContext.wrap(work)),
            (promise, work) -> TenantContext.wrap(promise).thenRun(work),
            (promise, work) -> TenantContext.wrap(promise).thenRunAsync(work),
            (promise, work) -> TenantContext.wrap(promise).handle((result, failure) -> done(work)));

    private Handovers() {}

    private static String done(Runnable work) {
        work.run();
        return "done";
    }

    private static Runnable opened(TenantSnapshot giver, Runnable work) {
        return () -> {
            try (TenantContext.Scope scope = giver.open()) {
                work.run();
            }
        };
    }

    private static Runnable called(Callable<String> wrapped) {
        return () -> {
            try {
                if (!wrapped.call().equals("done")) {
                    throw new AssertionError("what wrapped work returns is lost");
                }
            } catch (RuntimeException unchecked) {
                throw unchecked;
            } catch (Exception checked) {
                throw new AssertionError("nothing here throws a checked exception", checked);
            }
        };
    }

    private static Runnable applying(Function<String, String> wrapped) {
        return called(() -> wrapped.apply("one"));
    }

    private static Runnable applying(BiFunction<String, String, String> wrapped) {
        return called(() -> wrapped.apply("one", "two"));
    }

    private static Runnable accepting(Consumer<String> wrapped) {
        return () -> wrapped.accept("one");
    }

    private static Runnable accepting(BiConsumer<String, String> wrapped) {
        return () -> wrapped.accept("one", "two");
    }

    /** Opens a scope for {@code identity}, or for nobody, around some work. */
    @FunctionalInterface
    interface Nested {
        void run(TenantIdentity identity, Consumer<Actor> work);
    }
}
