package dev.tenancy.ratelimit;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How often: so many permits a period, of which so many at once. Immutable and thread-safe.
 *
 * @param permits permits a period, 0 or more; 0 admits nobody
 * @param period 1 millisecond to 366 days
 * @param burst the most permits at once, which is also what an idle tenant has saved up; 1 or more, or 0 if
 *     {@code permits} is
 * @since 0.1
 */
public record RateLimit(long permits, Duration period, long burst) {
    private static final long MOST_PERMITS = 1_000_000_000;
    private static final long LONGEST_TO_FILL_NANOS = Duration.ofDays(50 * 365).toNanos();
    private static final Duration LONGEST_PERIOD = Duration.ofDays(366);
    private static final Pattern TEXT = Pattern.compile("(\\d{1,10})/(\\d{1,4})([smhd])(?: burst (\\d{1,10}))?");
    private static final RateLimit UNLIMITED = new RateLimit(MOST_PERMITS, Duration.ofSeconds(1), MOST_PERMITS);

    /**
     * Makes a limit.
     *
     * @throws IllegalArgumentException if a number is out of its range
     */
    public RateLimit {
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
        if (permits > 0 && burst > LONGEST_TO_FILL_NANOS / nanosPerPermit(period, permits)) {
            throw new IllegalArgumentException(
                    "burst is " + burst + "; allowed: what comes back within 50 years at this rate");
        }
    }

    /** {@return a limit of {@code permits} a period, all of them at once if need be} */
    public static RateLimit of(long permits, Duration period) {
        return new RateLimit(permits, period, permits);
    }

    /** {@return the limit of those who have none: it admits everything} */
    public static RateLimit unlimited() {
        return UNLIMITED;
    }

    /** {@return whether this is {@link #unlimited()}} */
    public boolean isUnlimited() {
        return equals(UNLIMITED);
    }

    /** {@return this limit with another burst} */
    public RateLimit withBurst(long atOnce) {
        return new RateLimit(permits, period, atOnce);
    }

    /**
     * {@return the limit that a text says: {@code 600/1m burst 100}, {@code 10/1s}, {@code unlimited}}
     *
     * <p>Units are s, m, h and d; without a burst it is the permits.
     *
     * @throws IllegalArgumentException if it says none
     */
    public static RateLimit parse(String text) {
        if (text.equals("unlimited")) {
            return UNLIMITED;
        }
        Matcher matcher = TEXT.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "not a rate limit; allowed: permits/period such as 600/1m, with units s, m, h and d, ' burst ' and a"
                            + " number behind it if wanted, or unlimited");
        }
        long count = Long.parseLong(matcher.group(2));
        Duration period = switch (matcher.group(3)) {
            case "s" -> Duration.ofSeconds(count);
            case "m" -> Duration.ofMinutes(count);
            case "h" -> Duration.ofHours(count);
            default -> Duration.ofDays(count);
        };
        RateLimit limit = of(Long.parseLong(matcher.group(1)), period);
        return matcher.group(4) == null ? limit : limit.withBurst(Long.parseLong(matcher.group(4)));
    }

    /**
     * The time in which one permit comes back, in nanoseconds, rounded up so that no more are given than the limit
     * says.
     */
    long nanosPerPermit() {
        return nanosPerPermit(period, permits);
    }

    private static long nanosPerPermit(Duration period, long permits) {
        return (period.toNanos() + permits - 1) / permits;
    }
}
