package dev.tenancy.jdbc;

import java.util.concurrent.TimeUnit;

/** Keeps what happens within a number of times a second, after as many at once as there are in a tenth of one. */
final class Pace {
    private final long nanosEach;
    private final long nanosAhead;
    private long next = System.nanoTime();

    Pace(int perSecond) {
        this.nanosEach = TimeUnit.SECONDS.toNanos(1) / perSecond;
        this.nanosAhead = TimeUnit.MILLISECONDS.toNanos(100);
    }

    /** Waits until it is time again. For one thread at a time. */
    void await() throws InterruptedException {
        long now = System.nanoTime();
        next = Math.max(next + nanosEach - now, nanosEach - nanosAhead) + now;
        TimeUnit.NANOSECONDS.sleep(next - now);
    }
}
