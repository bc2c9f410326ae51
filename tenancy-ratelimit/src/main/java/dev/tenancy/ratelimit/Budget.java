package dev.tenancy.ratelimit;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How much: an amount a period, in whatever unit the host counts (micro-USD, tokens). Immutable and thread-safe.
 *
 * @param name tells a tenant's budgets apart, such as {@code tokens}: 1–64 of a–z, 0–9 and hyphen
 * @param amount 0 or more, to {@value #MOST}; 0 means none
 * @param period after which it is there anew
 * @param zone the time zone in which days and months begin
 * @since 0.1
 */
public record Budget(String name, long amount, Period period, ZoneId zone) {

    /** The largest amount; far below what a {@code long} holds, so that sums of amounts do not overflow. */
    public static final long MOST = 1_000_000_000_000_000L;

    private static final String DEFAULT_NAME = "default";
    private static final Pattern NAME = Pattern.compile("[a-z0-9-]{1,64}");
    private static final Pattern TEXT = Pattern.compile("(\\d{1,16})/(1d|1mo|total)");

    /**
     * When a budget is there anew.
     *
     * @since 0.1
     */
    public enum Period {
        /** At midnight. */
        DAY {
            @Override
            LocalDate start(LocalDate today) {
                return today;
            }

            @Override
            LocalDate next(LocalDate start) {
                return start.plusDays(1);
            }
        },
        /** At midnight of the first of a month. */
        MONTH {
            @Override
            LocalDate start(LocalDate today) {
                return today.withDayOfMonth(1);
            }

            @Override
            LocalDate next(LocalDate start) {
                return start.plusMonths(1);
            }
        },
        /** Never. */
        TOTAL {
            @Override
            LocalDate start(LocalDate today) {
                return LocalDate.EPOCH;
            }

            @Override
            LocalDate next(LocalDate start) {
                return LocalDate.of(9999, 12, 31);
            }
        };

        abstract LocalDate start(LocalDate today);

        abstract LocalDate next(LocalDate start);
    }

    /**
     * Makes a budget.
     *
     * @throws IllegalArgumentException if {@code name} or {@code amount} is out of its range
     */
    public Budget {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("name is bad; allowed: 1 to 64 of a-z, 0-9 and hyphen");
        }
        if (amount < 0 || amount > MOST) {
            throw new IllegalArgumentException("amount is " + amount + "; allowed: 0 to " + MOST);
        }
        zone = zone.normalized();
    }

    /** {@return a budget named {@code default}, whose days and months begin in UTC} */
    public static Budget of(long amount, Period period) {
        return new Budget(DEFAULT_NAME, amount, period, ZoneOffset.UTC);
    }

    /**
     * {@return the budget that a text says: {@code 1000000/1d}, {@code 1000000/1mo} or {@code 1000000/total}, in UTC}
     *
     * @throws IllegalArgumentException if it says none
     */
    public static Budget parse(String text) {
        Matcher matcher = TEXT.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("not a budget; allowed: amount/1d, amount/1mo or amount/total");
        }
        Period period = switch (matcher.group(2)) {
            case "1d" -> Period.DAY;
            case "1mo" -> Period.MONTH;
            default -> Period.TOTAL;
        };
        return of(Long.parseLong(matcher.group(1)), period);
    }

    /** The name of the period that {@code now} is in, such as {@code DAY 2026-01-31}; another zone's is another one. */
    String periodAt(Instant now) {
        String day = period + " " + startAt(now);
        return zone.equals(ZoneOffset.UTC) ? day : day + " " + zone;
    }

    /** When the period that {@code now} is in ends. */
    Instant endAt(Instant now) {
        return period.next(startAt(now)).atStartOfDay(zone).toInstant();
    }

    private LocalDate startAt(Instant now) {
        return period.start(LocalDate.ofInstant(now, zone));
    }
}
