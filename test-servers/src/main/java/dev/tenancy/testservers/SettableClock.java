package dev.tenancy.testservers;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** Says what it is told to say. */
public final class SettableClock extends Clock {
    private volatile Instant now;

    /** One that says {@code now}. */
    public SettableClock(Instant now) {
        this.now = now;
    }

    /** Sets what it says. */
    public void set(Instant other) {
        now = other;
    }

    /** Lets time pass. */
    public void pass(Duration time) {
        now = now.plus(time);
    }

    @Override
    public Instant instant() {
        return now;
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        return this;
    }
}
