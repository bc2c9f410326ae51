package dev.tenancy.ratelimit;

import java.util.function.LongSupplier;

/** A clock that stands still while another one goes back, so that what was granted is not granted again. */
final class MonotonicClock implements LongSupplier {
    private final LongSupplier source;
    private long last;
    private long time;

    MonotonicClock(LongSupplier source) {
        this.source = source;
        this.last = source.getAsLong();
        this.time = last;
    }

    @Override
    public synchronized long getAsLong() {
        long now = source.getAsLong();
        time += Math.max(now - last, 0);
        last = now;
        return time;
    }
}
