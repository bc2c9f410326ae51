package dev.tenancy;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Waits for other threads, which answer in no time unless something is broken. */
final class Waiting {
    private static final int SECONDS = 30;

    private Waiting() {}

    static <T extends @Nullable Object> T until(Future<T> future) {
        try {
            return future.get(SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException failure) {
            throw new AssertionError(failure.getMessage(), failure);
        } catch (InterruptedException | TimeoutException stuck) {
            throw new AssertionError("work on another thread did not end", stuck);
        }
    }

    static void until(Semaphore signal) {
        try {
            if (!signal.tryAcquire(SECONDS, TimeUnit.SECONDS)) {
                throw new AssertionError("another thread does not answer");
            }
        } catch (InterruptedException interrupted) {
            throw new AssertionError("interrupted", interrupted);
        }
    }

    static void untilEnded(ExecutorService executor) {
        try {
            if (!executor.awaitTermination(SECONDS, TimeUnit.SECONDS)) {
                throw new AssertionError(executor + " did not end");
            }
        } catch (InterruptedException interrupted) {
            throw new AssertionError("interrupted", interrupted);
        }
    }
}
