package dev.tenancy.ratelimit;

import java.util.function.LongSupplier;

/** A clock that stands still while another one goes back, so that what was granted is not granted again. */
final class MonotonicClock implements LongSupplier {
    private final LongSupplier source;
    private volatile Reading last;

    MonotonicClock(LongSupplier source) {
        this.source = source;
        long now = source.getAsLong();
        this.last = new Reading(now, now);
    }

    /**
     * What the clocks said at one moment.
     *
     * @param source the other one
     * @param time this one
     */
    private record Reading(long source, long time) {}

    @Override
    public long getAsLong() {
        Reading before = last;
        return source.getAsLong() == before.source ? before.time : read();
    }

    private synchronized long read() {
        Reading before = last;
        long now = source.getAsLong();
        Reading reading = new Reading(now, before.time + Math.max(now - before.source, 0));
        last = reading;
        return reading.time;
    }
}
