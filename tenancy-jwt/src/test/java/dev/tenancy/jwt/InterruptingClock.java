package dev.tenancy.jwt;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** A clock that lets something else happen before whoever looks at it goes on. */
final class InterruptingClock extends Clock {
    private final Clock clock;
    private final AtomicReference<@Nullable Runnable> next = new AtomicReference<>();

    InterruptingClock(Clock clock) {
        this.clock = clock;
    }

    /** Once, and not while it happens. */
    void atNextLook(Runnable happening) {
        next.set(happening);
    }

    @Override
    public Instant instant() {
        Runnable happening = next.getAndSet(null);
        if (happening != null) {
            happening.run();
        }
        return clock.instant();
    }

    @Override
    public ZoneId getZone() {
        return clock.getZone();
    }

    @Override
    public Clock withZone(ZoneId zone) {
        return this;
    }
}
