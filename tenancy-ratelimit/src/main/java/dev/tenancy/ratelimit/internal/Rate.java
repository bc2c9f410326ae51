package dev.tenancy.ratelimit.internal;

import java.math.BigInteger;
import java.time.Duration;

/**
 * A limit in whole numbers: time is counted in fractions of a tick of the clock that are so small that the time in
 * which one permit comes back is a whole number of them; or, where that would not fit a {@code long}, is rounded up, so
 * that never more is granted than the limit says.
 *
 * @param scale units in a tick of the clock
 * @param interval units in which one permit comes back; 0 if none ever does
 * @param capacity units in which the whole burst comes back
 */
public record Rate(long scale, long interval, long capacity) {

    /** Of two units that are coarse enough to go on counting for so long, the finer is taken. */
    private static final int FINEST_POWER = 30;

    private static final long LONGEST_TO_FILL_NANOS = Duration.ofDays(50 * 365).toNanos();

    /**
     * {@return the most permits that may come back after one another at so many a period: what does within 50 years}
     */
    public static long mostBurst(long permits, long periodNanos) {
        return LONGEST_TO_FILL_NANOS / ((periodNanos + permits - 1) / permits);
    }

    /**
     * {@return the rate of so many permits a period}
     *
     * @param ticks the period in ticks of the clock, 1 or more
     * @param permits 0 or more
     * @param burst 0 or more
     * @param room what units may be like
     * @throws IllegalArgumentException if the burst does not fit even in whole ticks
     */
    public static Rate of(long ticks, long permits, long burst, Room room) {
        if (permits == 0) {
            return new Rate(1, 0, 0);
        }
        long common = gcd(ticks, permits);
        long exact = permits / common;
        if (exact <= room.mostScale && fits(ticks / common, burst, room.mostFine)) {
            return new Rate(exact, ticks / common, burst * (ticks / common));
        }
        for (int power = FINEST_POWER; power > 0; power--) {
            long scale = 1L << power;
            long interval = scale > room.mostScale ? Long.MAX_VALUE : ceilDiv(ticks, scale, permits);
            if (fits(interval, burst, room.mostFine)) {
                return new Rate(scale, interval, burst * interval);
            }
        }
        long interval = ceilDiv(ticks, 1, permits);
        if (!fits(interval, burst, room.most)) {
            throw new IllegalArgumentException("the burst takes too long to come back");
        }
        return new Rate(1, interval, burst * interval);
    }

    /**
     * How finely time may be divided.
     *
     * @param mostScale the most units in a tick: more, and a store cannot tell an old time from a future one
     * @param mostFine the largest capacity in parts of ticks
     * @param most the largest capacity in whole ticks
     */
    public record Room(long mostScale, long mostFine, long most) {}

    /** {@return how long {@code units} last, in ticks, rounded up} */
    public long ticks(long units) {
        return units / scale + (units % scale == 0 ? 0 : 1);
    }

    /** {@return the permits that would be granted at once while {@code debt} is taken} */
    public long left(long debt) {
        return interval == 0 ? 0 : Math.max(capacity - debt, 0) / interval;
    }

    /** {@return how long until one more than is {@link #left}, in ticks, rounded up; 0 if there never is} */
    public long ticksToMore(long debt) {
        long left = left(debt);
        if (interval == 0 || left == capacity / interval) {
            return 0;
        }
        return ticks(debt - (capacity - (left + 1) * interval));
    }

    /** {@return what a debt under this rate is under another: the same permits, rounded up, and at most all of them} */
    public long convert(long debt, Rate other) {
        if (debt == 0 || interval == 0) {
            return 0;
        }
        BigInteger[] converted = BigInteger.valueOf(debt)
                .multiply(BigInteger.valueOf(other.interval))
                .divideAndRemainder(BigInteger.valueOf(interval));
        BigInteger rounded = converted[0].add(BigInteger.valueOf(converted[1].signum()));
        return rounded.min(BigInteger.valueOf(other.capacity)).longValueExact();
    }

    private static boolean fits(long interval, long burst, long most) {
        return burst <= most / interval;
    }

    private static long ceilDiv(long ticks, long scale, long permits) {
        BigInteger[] divided = BigInteger.valueOf(ticks)
                .multiply(BigInteger.valueOf(scale))
                .divideAndRemainder(BigInteger.valueOf(permits));
        BigInteger rounded = divided[0].add(BigInteger.valueOf(divided[1].signum()));
        return rounded.bitLength() > 62 ? Long.MAX_VALUE : rounded.longValue();
    }

    private static long gcd(long a, long b) {
        return b == 0 ? a : gcd(b, a % b);
    }
}
