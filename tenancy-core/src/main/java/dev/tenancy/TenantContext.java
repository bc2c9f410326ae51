package dev.tenancy;

import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/**
 * The identity that the current thread works for.
 *
 * <p>A scope is opened and closed on one thread; scopes nest, and closing one brings back the outer one. Other threads
 * never inherit it: work that goes to another thread is given the identity with {@code wrap}. While a scope is open,
 * the SLF4J MDC has the tenant under {@value #MDC_KEY}. All methods may be called from any thread, platform or virtual.
 *
 * @since 0.1
 */
public final class TenantContext {

    /** The key of the tenant's id in the SLF4J MDC. */
    public static final String MDC_KEY = "tenant_id";

    private static final ThreadLocal<@Nullable Scope> CURRENT = new ThreadLocal<>();

    private TenantContext() {}

    /** {@return the identity this thread works for, or empty} */
    public static Optional<TenantIdentity> current() {
        Scope scope = innermost();
        return scope == null ? Optional.empty() : scope.identity;
    }

    /**
     * {@return the identity this thread works for}
     *
     * @throws NoTenantException if there is none
     */
    public static TenantIdentity require() {
        return current().orElseThrow(NoTenantException::new);
    }

    /**
     * Makes {@code identity} the current one of this thread, until the returned scope is closed.
     *
     * @return the scope, for try-with-resources on this thread
     */
    public static Scope open(TenantIdentity identity) {
        return open(Optional.of(identity));
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
     * {@return a task that runs {@code task} with the identity that is current now, on whatever thread; if there is
     * none now, then with none}
     */
    public static Runnable wrap(Runnable task) {
        Optional<TenantIdentity> captured = current();
        return () -> {
            try (Scope scope = open(captured)) {
                task.run();
            }
        };
    }

    /**
     * {@return a task that calls {@code task} with the identity that is current now, on whatever thread; if there is
     * none now, then with none}
     *
     * @param <R> what the task returns
     */
    public static <R extends @Nullable Object> Callable<R> wrap(Callable<R> task) {
        Optional<TenantIdentity> captured = current();
        return () -> {
            try (Scope scope = open(captured)) {
                return task.call();
            }
        };
    }

    /** {@return an executor that runs each task with the identity that is current when the task is handed to it} */
    public static Executor wrap(Executor executor) {
        return task -> executor.execute(wrap(task));
    }

    private static Scope open(Optional<TenantIdentity> identity) {
        Scope scope = new Scope(identity, innermost());
        CURRENT.set(scope);
        return scope;
    }

    /**
     * The scope in force on this thread, after those that another thread closed, and those inside them, are dropped.
     */
    private static @Nullable Scope innermost() {
        Scope innermost = CURRENT.get();
        Scope outermostClosed = null;
        for (Scope scope = innermost; scope != null; scope = scope.outer) {
            if (scope.closed) {
                outermostClosed = scope;
            }
        }
        return outermostClosed == null ? innermost : drop(innermost, outermostClosed);
    }

    /** Ends the scopes from the innermost one out to {@code last}. */
    private static @Nullable Scope drop(@Nullable Scope innermost, Scope last) {
        for (Scope scope = innermost; scope != null && scope != last.outer; scope = scope.outer) {
            scope.closed = true;
            scope.restoreMdc();
        }
        makeInnermost(last.outer);
        return last.outer;
    }

    private static void makeInnermost(@Nullable Scope scope) {
        if (scope == null) {
            CURRENT.remove();
        } else {
            CURRENT.set(scope);
        }
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
        /** Assertions are on in tests, where a stack trace for each scope costs nothing that counts. */
        private static final boolean TRACED = Scope.class.desiredAssertionStatus();

        private final Optional<TenantIdentity> identity;
        private final @Nullable Scope outer;
        private final Thread owner = Thread.currentThread();
        private final @Nullable String outerMdc = MDC.get(MDC_KEY);
        private final @Nullable Throwable opened = TRACED ? new Throwable("the scope was opened here") : null;
        private volatile boolean closed;

        private Scope(Optional<TenantIdentity> identity, @Nullable Scope outer) {
            this.identity = identity;
            this.outer = outer;
            setMdc(identity.map(current -> current.tenantId().value()).orElse(null));
        }

        /**
         * Brings back the scope that was current when this one was opened. Closing again does nothing.
         *
         * @throws IllegalStateException if called on another thread than the one that opened it, or while a scope
         *     opened after it is still open; in both cases this scope and those inside it are no longer current all the
         *     same
         */
        @Override
        public void close() {
            if (Thread.currentThread() != owner) {
                if (!closed) {
                    closed = true;
                    throw misused("closed on thread " + Thread.currentThread().getName(), this);
                }
                return;
            }
            Scope innermost = innermost();
            if (closed) {
                return;
            }
            drop(innermost, this);
            if (innermost != null && innermost != this) {
                throw misused("closed while a scope inside it was open", innermost);
            }
        }

        private IllegalStateException misused(String how, Scope culprit) {
            String where = TRACED ? "" : "; run with assertions enabled (-ea) to see where it was opened";
            return new IllegalStateException(
                    "the scope of " + identity.map(TenantIdentity::toString).orElse("nobody") + ", opened on thread "
                            + owner.getName() + ", was " + how + where,
                    culprit.opened);
        }

        private void restoreMdc() {
            setMdc(outerMdc);
        }

        private static void setMdc(@Nullable String value) {
            if (value == null) {
                MDC.remove(MDC_KEY);
            } else {
                MDC.put(MDC_KEY, value);
            }
        }
    }
}
