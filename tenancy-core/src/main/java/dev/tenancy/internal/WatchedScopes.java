package dev.tenancy.internal;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The scopes that are open on all threads of this virtual machine, for tests that look for leaks. Nothing is in it
 * unless scopes are traced and somebody watches. Thread-safe.
 */
public final class WatchedScopes {
    private static final Map<Object, Entry> OPEN = new LinkedHashMap<>();

    private static volatile boolean watched;

    private WatchedScopes() {}

    /** {@return whether anybody watches; else nobody has to tell anything} */
    public static boolean areWatched() {
        return watched;
    }

    /**
     * Begins to watch, if nobody has.
     *
     * @return the scopes that are known to be open now
     */
    public static Set<Object> watch() {
        watched = true;
        synchronized (OPEN) {
            return Set.copyOf(OPEN.keySet());
        }
    }

    /**
     * A scope that is open.
     *
     * @param scope itself, compared by identity
     * @param actor whom its thread works for
     * @param thread that opened it
     * @param opened where
     */
    public record Entry(
            Object scope,
            String actor,
            Thread thread,
            @Nullable Throwable opened) {}

    /** Is told of a scope that is opened. */
    public static void opened(Entry entry) {
        synchronized (OPEN) {
            OPEN.put(entry.scope(), entry);
        }
    }

    /** Is told of a scope that is closed. */
    public static void closed(Object scope) {
        synchronized (OPEN) {
            OPEN.remove(scope);
            OPEN.notifyAll();
        }
    }

    /**
     * {@return the scopes that are open now and are not among {@code before}, the oldest first}
     *
     * @param patienceMillis how long those of other threads than this one may take to be closed
     */
    public static List<Entry> since(Set<Object> before, long patienceMillis) throws InterruptedException {
        long end = System.nanoTime() + patienceMillis * 1_000_000;
        synchronized (OPEN) {
            while (true) {
                List<Entry> left = new ArrayList<>(OPEN.values());
                left.removeIf(entry -> before.contains(entry.scope()));
                long millis = (end - System.nanoTime()) / 1_000_000;
                if (left.stream().allMatch(entry -> entry.thread() == Thread.currentThread()) || millis <= 0) {
                    return left;
                }
                OPEN.wait(millis);
            }
        }
    }
}
