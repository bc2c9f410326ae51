package dev.tenancy.ratelimit;

import dev.tenancy.ratelimit.internal.Rate;
import java.time.Duration;
import java.util.Objects;

/**
 * How often: so many permits a period, of which so many at once. A value: immutable, thread-safe, compared by what it
 * says.
 *
 * <p>It is a token bucket (the generic cell rate algorithm): the burst is there when nobody asks, and permits come back
 * one by one, {@link #permits()} in each {@link #period()}. So within any time span no more are granted than the burst
 * and what comes back in that time.
 *
 * @since 0.1
 */
public final class RateLimit {
    /**
     * A bucket that was full for 18 years, or for 584 if units are whole nanoseconds, is taken for one that will be
     * full soon; that is longer than a process lives.
     */
    private static final Rate.Room NANOSECONDS = new Rate.Room(32, 1L << 58, 1L << 61);

    private static final long SLACK_NANOS = 1_000_000_000;
    private static final long MOST_PERMITS = 1_000_000_000;
    private static final Duration LONGEST_PERIOD = Duration.ofDays(366);
    private static final RateLimit UNLIMITED =
            new RateLimit(MOST_PERMITS, Duration.ofSeconds(1), MOST_PERMITS, false, WhenAway.DENY, true);

    private final long permits;
    private final Duration period;
    private final long burst;
    private final boolean perSubject;
    private final WhenAway whenAway;
    private final boolean unlimited;
    private final Rate rate;
    /** Those of the rate, at hand: there is no faster way to them. */
    private final long scale;

    private final long interval;
    private final long capacity;
    private final long mostDebt;
    private final RateLimits alone;

    /**
     * Makes a limit of a tenant.
     *
     * @param permits permits a period, 0 to 1,000,000,000; 0 admits nobody
     * @param period 1 millisecond to 366 days
     * @param burst the most permits at once, which is also what an idle tenant has saved up: 1 to 1,000,000,000, and no
     *     more than what comes back within 50 years; 0 if {@code permits} is
     * @throws IllegalArgumentException if a number is out of its range
     */
    public RateLimit(long permits, Duration period, long burst) {
        this(permits, period, burst, false, WhenAway.DENY, false);
    }

    private RateLimit(
            long permits, Duration period, long burst, boolean perSubject, WhenAway whenAway, boolean unlimited) {
        if (permits < 0 || permits > MOST_PERMITS) {
            throw new IllegalArgumentException("permits is " + permits + "; allowed: 0 to " + MOST_PERMITS);
        }
        if (period.compareTo(Duration.ofMillis(1)) < 0 || period.compareTo(LONGEST_PERIOD) > 0) {
            throw new IllegalArgumentException("period is " + period + "; allowed: PT0.001S to " + LONGEST_PERIOD);
        }
        if (burst > MOST_PERMITS || burst < Math.min(permits, 1) || (permits == 0 && burst != 0)) {
            throw new IllegalArgumentException(
                    "burst is " + burst + "; allowed: 1 to " + MOST_PERMITS + ", or 0 if permits is 0");
        }
        if (permits > 0 && burst > Rate.mostBurst(permits, period.toNanos())) {
            throw new IllegalArgumentException(
                    "burst is " + burst + "; allowed: what comes back within 50 years at this rate");
        }
        this.permits = permits;
        this.period = period;
        this.burst = burst;
        this.perSubject = perSubject;
        this.whenAway = whenAway;
        this.unlimited = unlimited;
        this.rate = Rate.of(period.toNanos(), permits, burst, NANOSECONDS);
        this.scale = rate.scale();
        this.interval = rate.interval();
        this.capacity = rate.capacity();
        this.mostDebt = capacity + SLACK_NANOS * scale;
        this.alone = new RateLimits(this);
    }

    /**
     * {@return a limit of {@code permits} a period, all of them at once if need be}
     *
     * @throws IllegalArgumentException if a number is out of its range
     */
    public static RateLimit of(long permits, Duration period) {
        return new RateLimit(permits, period, permits);
    }

    /** {@return the limit of those who have none: it admits everything} */
    public static RateLimit unlimited() {
        return UNLIMITED;
    }

    /**
     * {@return the limit that a text says: {@code 600/1m burst 100}, {@code 10/1s per subject}, {@code unlimited}}
     *
     * <p>Units are s, m, h and d; without a burst it is the permits. Then may follow {@code per subject}, and
     * {@code when away} with {@code deny}, {@code share} or {@code allow}.
     *
     * @throws IllegalArgumentException if it says none
     */
    public static RateLimit parse(String text) {
        return RateLimitText.parse(text);
    }

    /**
     * {@return this limit with another burst}
     *
     * @throws IllegalArgumentException if it is out of its range
     */
    public RateLimit withBurst(long atOnce) {
        return unlimited ? this : new RateLimit(permits, period, atOnce, perSubject, whenAway, false);
    }

    /** {@return this limit for each subject of a tenant by itself, instead of for all of them together} */
    public RateLimit perSubject() {
        return unlimited ? this : new RateLimit(permits, period, burst, true, whenAway, false);
    }

    /** {@return this limit with another answer for while the server that counts it is away} */
    public RateLimit whenAway(WhenAway answer) {
        return unlimited ? this : new RateLimit(permits, period, burst, perSubject, answer, false);
    }

    /** {@return permits a period; 1,000,000,000 a second if unlimited} */
    public long permits() {
        return permits;
    }

    /** {@return the period in which so many permits come back} */
    public Duration period() {
        return period;
    }

    /** {@return the most permits at once; 1,000,000,000 if unlimited} */
    public long burst() {
        return burst;
    }

    /** {@return whether each subject of a tenant has it by itself} */
    public boolean isPerSubject() {
        return perSubject;
    }

    /** {@return what it is worth while the server that counts it is away} */
    public WhenAway whenAway() {
        return whenAway;
    }

    /** {@return whether this is {@link #unlimited()}} */
    public boolean isUnlimited() {
        return unlimited;
    }

    /** This limit and no other. */
    RateLimits alone() {
        return alone;
    }

    /** In units of nanoseconds. */
    Rate rate() {
        return rate;
    }

    long scale() {
        return scale;
    }

    long interval() {
        return interval;
    }

    long capacity() {
        return capacity;
    }

    /** More cannot be taken, however late a thread comes to look at the clock. */
    long mostDebt() {
        return mostDebt;
    }

    /** Whether what was counted under the other one is counted under this one. */
    @SuppressWarnings("ReferenceEquality") // only the shorter way to the same answer
    boolean countsLike(RateLimit other) {
        return this == other
                || (permits == other.permits
                        && burst == other.burst
                        && unlimited == other.unlimited
                        && period.equals(other.period));
    }

    @Override
    public boolean equals(Object object) {
        return object instanceof RateLimit other
                && countsLike(other)
                && perSubject == other.perSubject
                && whenAway == other.whenAway;
    }

    @Override
    public int hashCode() {
        return Objects.hash(permits, period, burst, perSubject, whenAway, unlimited);
    }

    /** {@return its text, as {@link #parse} reads it if the period is in whole seconds} */
    @Override
    public String toString() {
        return RateLimitText.of(this);
    }
}
