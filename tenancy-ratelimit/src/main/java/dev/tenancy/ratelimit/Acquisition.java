package dev.tenancy.ratelimit;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What came of asking for permits, all of it out of one decision. Immutable and thread-safe.
 *
 * @param key whose permits
 * @param limits the limits that were asked
 * @param permits how many were asked for
 * @param waitNanos 0 if they were taken; else none were, and this is the time in nanoseconds after which they would be
 *     granted if nobody else took any, or {@link RateLimiter#NEVER}
 * @param standings what is left now of each limit that is counted, those of the tenant first; empty if the store could
 *     not say
 * @param receipt what the store needs to take the permits back, if it needs anything
 * @since 0.1
 */
public record Acquisition(
        BucketKey key,
        RateLimits limits,
        long permits,
        long waitNanos,
        List<Standing> standings,
        Optional<Object> receipt) {

    /** Keeps a copy of the list. */
    public Acquisition {
        standings = List.copyOf(standings);
    }

    /** {@return one that was granted or not, and that the store needs to know nothing of} */
    public static Acquisition of(
            BucketKey key, RateLimits limits, long permits, long waitNanos, List<Standing> standings) {
        return of(key, limits, permits, waitNanos, standings, null);
    }

    /** {@return one that the store knows again by {@code receipt}} */
    public static Acquisition of(
            BucketKey key,
            RateLimits limits,
            long permits,
            long waitNanos,
            List<Standing> standings,
            @Nullable Object receipt) {
        return new Acquisition(key, limits, permits, waitNanos, standings, Optional.ofNullable(receipt));
    }

    /** {@return whether the permits were taken} */
    public boolean isGranted() {
        return waitNanos == 0;
    }
}
