package dev.tenancy.ratelimit.lettuce;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Spares callers the wait for a server that does not answer: after some failures in a row nobody asks it, but for one
 * call each time a while has passed. Thread-safe.
 */
final class Breaker {
    private static final Logger LOG = LoggerFactory.getLogger(Breaker.class);

    private final AtomicInteger failures = new AtomicInteger();
    private final AtomicLong nextTry = new AtomicLong();
    private final int most;
    private final long pauseNanos;
    private final LongSupplier nanoTime;

    Breaker(int most, Duration pause, LongSupplier nanoTime) {
        this.most = most;
        this.pauseNanos = pause.toNanos();
        this.nanoTime = nanoTime;
    }

    /** Whether the server is to be asked. */
    boolean isClosed() {
        if (failures.get() < most) {
            return true;
        }
        long planned = nextTry.get();
        long now = nanoTime.getAsLong();
        return now - planned >= 0 && nextTry.compareAndSet(planned, now + pauseNanos);
    }

    void succeeded() {
        if (failures.get() != 0 && failures.getAndSet(0) >= most) {
            LOG.info("limits are counted on the server again");
        }
    }

    /** Whether from now on the server is not to be asked. */
    boolean failed(Throwable failure) {
        int before = failures.getAndUpdate(number -> Math.min(number + 1, most));
        boolean opens = before == most - 1;
        if (opens) {
            nextTry.set(nanoTime.getAsLong() + pauseNanos);
            LOG.warn("limits cannot be counted on the server: {}", failure.toString());
        }
        return opens;
    }
}
