package dev.tenancy;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Some scopes in turn, each of which the thread that opened it and another one close at the same time. */
final class ClosingRace {
    private static final int SCOPES = 16;
    private static final int LONGEST_LEAD = 60;

    private final AtomicReference<TenantContext.@Nullable Scope> offered = new AtomicReference<>();
    private final Semaphore taken = new Semaphore(0);
    private volatile boolean over;

    /**
     * Runs a race between this thread, whose context is {@code mine}, and another one.
     *
     * @throws AssertionError if this thread's context is not what it was before as soon as it has closed a scope
     */
    void run(ExpectedContext mine, Executor other, RandomGenerator random) {
        CompletableFuture<Void> there = CompletableFuture.runAsync(this::closeWhatIsOffered, other);
        try {
            for (int scopes = 0; scopes < SCOPES; scopes++) {
                TenantContext.Scope scope = TenantContext.open(Tenants.any(random));
                offered.set(scope);
                spinFor(random.nextInt(LONGEST_LEAD));
                scope.close();
                mine.verify();
                Waiting.until(taken);
            }
        } finally {
            over = true;
            Waiting.until(there);
        }
    }

    /** Does not wait for a signal, which would come too late. */
    @SuppressWarnings("ThreadPriorityCheck") // on one processor the other thread would not get on while this one spins
    private void closeWhatIsOffered() {
        while (!over) {
            TenantContext.Scope scope = offered.getAndSet(null);
            if (scope == null) {
                Thread.yield();
            } else {
                close(scope);
                taken.release();
            }
        }
    }

    private static void close(TenantContext.Scope scope) {
        try {
            scope.close();
        } catch (IllegalStateException misuse) {
            // The other thread is not done with it: this one was first.
        }
    }

    /** Leaves the other thread some time to notice what it is offered, so that either may be first. */
    private static void spinFor(int turns) {
        for (int turn = 0; turn < turns; turn++) {
            Thread.onSpinWait();
        }
    }
}
