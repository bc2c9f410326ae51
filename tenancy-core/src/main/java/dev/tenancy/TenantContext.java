package dev.tenancy;

import dev.tenancy.internal.SecurityLog;
import dev.tenancy.internal.WatchedScopes;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/**
 * The identity that the current thread works for.
 *
 * <p>A scope is opened and closed on one thread; scopes nest, and closing one brings back the outer one. Other threads
 * never inherit it: work that goes to another thread is given the identity with {@code wrap}, which takes it when it is
 * called. What is wrapped while nobody is current runs for nobody, on whatever thread. A {@code ForkJoinPool} worker
 * that waits for one task may run another on top of it: there, nobody is current unless that other task is wrapped. On
 * other threads, {@code awaitQuiescence} and {@code helpQuiesce} run anybody's tasks too, as whoever is current: they
 * are not for use inside a scope.
 *
 * <p>While a scope is open, the SLF4J MDC has the tenant under {@value #MDC_KEY}, unless the system property
 * {@code tenancy.context.mdc} is {@code false}. All methods may be called from any thread, platform or virtual.
 *
 * @since 0.1
 */
@SuppressWarnings(
        "overloads") // a lambda that fits several is cast to the one that is meant, or handed to wrap(executor)
public final class TenantContext {

    /** The key of the tenant's id in the SLF4J MDC. */
    public static final String MDC_KEY = "tenant_id";

    private TenantContext() {}

    /** {@return the identity this thread works for, or empty if it works for the system or for nobody} */
    public static Optional<TenantIdentity> current() {
        return OpenScopes.identity();
    }

    /**
     * {@return the identity this thread works for}
     *
     * @throws NoTenantException if there is none
     */
    public static TenantIdentity require() {
        return current().orElseThrow(NoTenantException::new);
    }

    /** {@return why this thread works across tenants, or empty if it does not} See {@link #callAsSystem}. */
    public static Optional<String> systemReason() {
        return OpenScopes.actor().systemReason();
    }

    /**
     * Makes {@code identity} the current one of this thread, until the returned scope is closed.
     *
     * @return the scope, for try-with-resources on this thread
     */
    public static Scope open(TenantIdentity identity) {
        return OpenScopes.open(Actor.tenant(Objects.requireNonNull(identity, "identity")));
    }

    /**
     * Runs {@code task} as {@code identity} on this thread.
     *
     * @param <X> what the task may throw
     * @throws X if the task does
     */
    public static <X extends Exception> void run(TenantIdentity identity, Task<X> task) throws X {
        try (Scope scope = open(identity)) {
            task.run();
        }
    }

    /**
     * Calls {@code task} as {@code identity} on this thread.
     *
     * @param <R> what the task returns
     * @param <X> what the task may throw
     * @return what the task returned
     * @throws X if the task does
     */
    public static <R extends @Nullable Object, X extends Exception> R call(TenantIdentity identity, Work<R, X> task)
            throws X {
        try (Scope scope = open(identity)) {
            return task.call();
        }
    }

    /**
     * Calls {@code task} as the system, which works across tenants: {@link #current()} is empty, and {@link #wrap}
     * carries that on. The reason is written to the log {@code dev.tenancy.security}.
     *
     * <p>No connection of a tenant can be used meanwhile; such work has a data source and a database role of its own.
     *
     * @param <R> what the task returns
     * @param <X> what the task may throw
     * @param reason why, for those who read the log; not blank
     * @return what the task returned
     * @throws IllegalArgumentException if the reason is blank
     * @throws X if the task does
     */
    public static <R extends @Nullable Object, X extends Exception> R callAsSystem(String reason, Work<R, X> task)
            throws X {
        if (reason.isBlank()) {
            throw new IllegalArgumentException("the reason of work as the system is blank; say why it is done");
        }
        SecurityLog.info("work as the system, begun as {}: {}", OpenScopes.actor(), reason);
        try (Scope scope = OpenScopes.open(Actor.system(reason))) {
            return task.call();
        }
    }

    /** {@return a task that runs {@code task} as whoever is current now} */
    public static Runnable wrap(Runnable task) {
        TenantSnapshot giver = TenantSnapshot.handingOver(task);
        return () -> giver.run(task::run);
    }

    /**
     * {@return a task that calls {@code task} as whoever is current now}
     *
     * @param <R> what the task returns
     */
    public static <R extends @Nullable Object> Callable<R> wrap(Callable<R> task) {
        TenantSnapshot giver = TenantSnapshot.handingOver(task);
        return () -> giver.call(task::call);
    }

    /**
     * {@return a supplier that calls {@code supplier} as whoever is current now}
     *
     * @param <R> what it supplies
     */
    public static <R extends @Nullable Object> Supplier<R> wrap(Supplier<R> supplier) {
        TenantSnapshot giver = TenantSnapshot.handingOver(supplier);
        return () -> giver.call(supplier::get);
    }

    /**
     * {@return a function that calls {@code function} as whoever is current now}
     *
     * @param <T> what it takes
     * @param <R> what it returns
     */
    public static <T extends @Nullable Object, R extends @Nullable Object> Function<T, R> wrap(
            Function<T, R> function) {
        TenantSnapshot giver = TenantSnapshot.handingOver(function);
        return argument -> giver.call(() -> function.apply(argument));
    }

    /**
     * {@return a function that calls {@code function} as whoever is current now}
     *
     * @param <T> what it takes first
     * @param <U> what it takes second
     * @param <R> what it returns
     */
    public static <T extends @Nullable Object, U extends @Nullable Object, R extends @Nullable Object>
            BiFunction<T, U, R> wrap(BiFunction<T, U, R> function) {
        TenantSnapshot giver = TenantSnapshot.handingOver(function);
        return (first, second) -> giver.call(() -> function.apply(first, second));
    }

    /**
     * {@return a consumer that calls {@code consumer} as whoever is current now}
     *
     * @param <T> what it takes
     */
    public static <T extends @Nullable Object> Consumer<T> wrap(Consumer<T> consumer) {
        TenantSnapshot giver = TenantSnapshot.handingOver(consumer);
        return argument -> giver.run(() -> consumer.accept(argument));
    }

    /**
     * {@return a consumer that calls {@code consumer} as whoever is current now}
     *
     * @param <T> what it takes first
     * @param <U> what it takes second
     */
    public static <T extends @Nullable Object, U extends @Nullable Object> BiConsumer<T, U> wrap(
            BiConsumer<T, U> consumer) {
        TenantSnapshot giver = TenantSnapshot.handingOver(consumer);
        return (first, second) -> giver.run(() -> consumer.accept(first, second));
    }

    /** {@return an executor that runs each task as whoever hands it over} */
    public static Executor wrap(Executor executor) {
        Objects.requireNonNull(executor, "executor");
        return task -> executor.execute(wrap(task));
    }

    /** {@return an executor that runs each task as whoever hands it over, and else is {@code executor}} */
    public static ExecutorService wrap(ExecutorService executor) {
        return new CarryingExecutor(Objects.requireNonNull(executor, "executor"));
    }

    /**
     * {@return an executor that runs each task, also when it runs again and again, as whoever hands it over, and else
     * is {@code executor}}
     */
    public static ScheduledExecutorService wrap(ScheduledExecutorService executor) {
        return new CarryingScheduler(Objects.requireNonNull(executor, "executor"));
    }

    /**
     * {@return a future that ends as {@code stage} does, and whose dependents each run as whoever registers them}
     *
     * <p>So do the dependents of what they return. Without it, a dependent runs as whoever completes the future.
     * Completing or cancelling the returned future does not touch {@code stage}.
     *
     * @param <T> the type of its result
     */
    public static <T extends @Nullable Object> CompletableFuture<T> wrap(CompletionStage<T> stage) {
        return CarryingFuture.following(stage);
    }

    /**
     * Work that returns a result and may throw one kind of exception.
     *
     * @param <R> what it returns
     * @param <X> what it may throw
     * @since 0.1
     */
    @FunctionalInterface
    public interface Work<R extends @Nullable Object, X extends Exception> {
        /**
         * Does the work.
         *
         * @return its result
         * @throws X if it fails
         */
        R call() throws X;
    }

    /**
     * Work that returns nothing and may throw one kind of exception.
     *
     * @param <X> what it may throw
     * @since 0.1
     */
    @FunctionalInterface
    public interface Task<X extends Exception> {
        /**
         * Does the work.
         *
         * @throws X if it fails
         */
        void run() throws X;
    }

    /**
     * An identity being current on one thread, until it is closed on that thread.
     *
     * @since 0.1
     */
    public static final class Scope implements AutoCloseable {
        private static final boolean IN_MDC = JvmSwitch.isOn("tenancy.context.mdc", true);

        private static final boolean TRACED =
                JvmSwitch.isOn("tenancy.context.trace", Scope.class.desiredAssertionStatus());

        private static final AtomicIntegerFieldUpdater<Scope> CLOSED =
                AtomicIntegerFieldUpdater.newUpdater(Scope.class, "closed");

        /** Whether any scope of this virtual machine was ever closed out of order or on another thread. */
        private static volatile boolean misused;

        private final Actor actor;
        private final Optional<TenantIdentity> identity;
        private final @Nullable Scope outer;
        private final Thread owner = Thread.currentThread();
        private final int forkJoinDepth = ForkJoinDepth.ofThisThread();
        private final @Nullable Throwable opened =
                TRACED || misused ? new Throwable("the scope was opened here") : null;
        private final @Nullable String outerMdc = IN_MDC ? MDC.get(MDC_KEY) : null;
        private volatile int closed;

        Scope(Actor actor, @Nullable Scope outer) {
            this.actor = actor;
            this.identity = actor.identity();
            this.outer = outer;
            setMdc(actor.tenantName());
            if (TRACED && WatchedScopes.areWatched()) {
                WatchedScopes.opened(new WatchedScopes.Entry(this, actor.toString(), owner, opened));
            }
        }

        /**
         * Brings back the scope that was current when this one was opened. Closing again does nothing.
         *
         * @throws IllegalStateException if called on another thread than the one that opened it, or while a scope
         *     opened after it is still open; in both cases this scope and those inside it are no longer current all the
         *     same. Its cause says where the scope was opened, if assertions are enabled, the system property
         *     {@code tenancy.context.trace} is {@code true}, or a scope was misused before
         */
        @Override
        public void close() {
            if (Thread.currentThread() != owner) {
                closeFromOutside();
                return;
            }
            Scope innermost = OpenScopes.innermost();
            if (!markClosed()) {
                OpenScopes.innermost(); // now without this one, should another thread have closed it meanwhile
                return;
            }
            OpenScopes.drop(innermost, this);
            if (innermost != null && innermost != this) {
                throw misuse("closed while a scope inside it was open, that of " + innermost.actor, innermost);
            }
        }

        private void closeFromOutside() {
            if (isClosed()) {
                return;
            }
            misused = true; // before it is closed: from then on the owner must not take the short way
            if (markClosed()) {
                throw misuse("closed on thread " + Thread.currentThread().getName(), this);
            }
        }

        private IllegalStateException misuse(String how, Scope culprit) {
            misused = true;
            String where = culprit.opened == null ? "; the next time, the cause will say where it was opened" : "";
            return new IllegalStateException(
                    "the scope of " + actor + ", opened on thread " + owner.getName() + ", was " + how + where,
                    culprit.opened);
        }

        Actor actor() {
            return actor;
        }

        /** As {@link #actor()} has it, one step nearer. */
        Optional<TenantIdentity> identity() {
            return identity;
        }

        @Nullable
        Scope outer() {
            return outer;
        }

        boolean isClosed() {
            return closed != 0;
        }

        /** Marks this as closed, and says whether it was open: of several threads that close it, one does. */
        private boolean markClosed() {
            boolean closes = CLOSED.compareAndSet(this, 0, 1);
            if (closes && TRACED && WatchedScopes.areWatched()) {
                WatchedScopes.closed(this);
            }
            return closes;
        }

        /** Whether this, being the innermost scope of its thread, is in force without a closer look. */
        boolean isSurelyInForce() {
            return !misused && forkJoinDepth == ForkJoinDepth.NONE;
        }

        /** Whether a waiting fork-join task opened this, and what runs now is another one on top of it. */
        boolean belongsToAnotherTask() {
            return forkJoinDepth != ForkJoinDepth.NONE && forkJoinDepth != ForkJoinDepth.ofThisThread();
        }

        /** Closes this; the thread's log context is again what it was outside. */
        void end() {
            markClosed();
            setMdc(outerMdc);
        }

        private static void setMdc(@Nullable String value) {
            if (!IN_MDC) {
                return;
            }
            if (value == null) {
                MDC.remove(MDC_KEY);
            } else {
                MDC.put(MDC_KEY, value);
            }
        }
    }
}
