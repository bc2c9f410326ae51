package dev.tenancy.ratelimit;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * How much may be spent: an amount a day, a calendar month or in all, in whatever unit the host counts (micro-USD,
 * tokens). A value: immutable and thread-safe.
 *
 * <p>A budget is the tenant's; {@link #perSubject()} makes it one of each subject, and {@link #named} one of what bears
 * that {@linkplain Expense#named name} only. Where there are several in one {@link BudgetPlan}, all of them hold.
 *
 * @since 0.1
 */
public final class Budget {

    /**
     * The largest amount, far below what a {@code long} holds: an account counts 9,000 of these. A ledger cannot count
     * more, and is unavailable for what would come on top.
     */
    public static final long MOST = 1_000_000_000_000_000L;

    /** The name of a budget that has no other: it counts whatever the tenant spends. */
    public static final String DEFAULT_NAME = "default";

    private static final long NO_LIMIT = Long.MAX_VALUE;

    private final String name;
    private final long amount;
    private final Period period;
    private final ZoneId zone;
    private final boolean perSubject;
    private final boolean observed;
    private final List<Integer> thresholds;

    private Budget(
            String name,
            long amount,
            Period period,
            ZoneId zone,
            boolean perSubject,
            boolean observed,
            List<Integer> thresholds) {
        this.name = name;
        this.amount = amount;
        this.period = period;
        this.zone = zone;
        this.perSubject = perSubject;
        this.observed = observed;
        this.thresholds = thresholds;
    }

    /**
     * When a budget is there anew. What is unspent does not come on top.
     *
     * @since 0.1
     */
    public enum Period {
        /** At midnight. */
        DAY("1d"),
        /** At midnight of the first of a month. */
        MONTH("1mo"),
        /** Never. */
        TOTAL("total");

        private static final LocalDate NEVER = LocalDate.of(9999, 12, 31);

        private final String text;

        Period(String text) {
            this.text = text;
        }

        private LocalDate start(LocalDate today) {
            return switch (this) {
                case DAY -> today;
                case MONTH -> today.withDayOfMonth(1);
                case TOTAL -> LocalDate.EPOCH;
            };
        }

        private LocalDate next(LocalDate start) {
            return switch (this) {
                case DAY -> start.plusDays(1);
                case MONTH -> start.plusMonths(1);
                case TOTAL -> NEVER;
            };
        }

        /** {@return its text in a {@link Budget#parse budget's}: {@code 1d}, {@code 1mo} or {@code total}} */
        @Override
        public String toString() {
            return text;
        }
    }

    /**
     * {@return a budget of the tenant, whose days and months begin in UTC}
     *
     * @param amount 0 to {@value #MOST}; 0 means none
     * @throws IllegalArgumentException if {@code amount} is out of its range
     */
    public static Budget of(long amount, Period period) {
        if (amount < 0 || amount > MOST) {
            throw new IllegalArgumentException("amount is " + amount + "; allowed: 0 to " + MOST);
        }
        return new Budget(DEFAULT_NAME, amount, period, ZoneOffset.UTC, false, false, List.of());
    }

    /** {@return a budget that is never spent; what is spent in each of its periods is counted nevertheless} */
    public static Budget unlimited(Period period) {
        return new Budget(DEFAULT_NAME, NO_LIMIT, period, ZoneOffset.UTC, false, false, List.of());
    }

    /**
     * {@return the budget that a text says}
     *
     * <p>{@code 1000000/1d}, {@code 1000000/1mo}, {@code 1000000/total}, {@code unlimited/1d} or {@code unlimited};
     * then, where wanted and in this order, {@code per subject}, {@code of NAME}, {@code in ZONE}, {@code warn 80%
     * 95%}, {@code observe}.
     *
     * @throws IllegalArgumentException if it says none
     */
    public static Budget parse(String text) {
        return BudgetText.parse(text);
    }

    /**
     * {@return this budget, by another name}
     *
     * @param other 1–64 of a–z, 0–9 and hyphen
     * @throws IllegalArgumentException if it is another
     */
    public Budget named(String other) {
        return new Budget(BucketKey.validName(other), amount, period, zone, perSubject, observed, thresholds);
    }

    /** {@return this budget, for each subject by itself; requests without a subject have one together} */
    public Budget perSubject() {
        return new Budget(name, amount, period, zone, true, observed, thresholds);
    }

    /**
     * {@return this budget, with days and months that begin in another time zone}
     *
     * <p>A period is the date on which it begins: a tenant that moves to another zone stays in its day, or goes to the
     * next, and never has one day's amount twice.
     */
    public Budget in(ZoneId other) {
        return new Budget(name, amount, period, other.normalized(), perSubject, observed, thresholds);
    }

    /**
     * {@return this budget, with soft thresholds: a {@link BudgetListener} is told once a period when what is spent and
     * reserved reaches one}
     *
     * @param percents 1 to 100, of the amount
     * @throws IllegalArgumentException if one is out of its range
     */
    public Budget warnAt(int... percents) {
        for (int percent : percents) {
            if (percent < 1 || percent > 100) {
                throw new IllegalArgumentException("threshold is " + percent + "%; allowed: 1% to 100%");
            }
        }
        List<Integer> sorted =
                Arrays.stream(percents).sorted().distinct().boxed().toList();
        return new Budget(name, amount, period, zone, perSubject, observed, sorted);
    }

    /**
     * {@return this budget, which refuses nothing: a {@link BudgetListener} is told once a period when it is exceeded}
     */
    public Budget observed() {
        return new Budget(name, amount, period, zone, perSubject, true, thresholds);
    }

    /** {@return what tells budgets of a tenant apart; only what bears it counts, except for {@value #DEFAULT_NAME}} */
    public String name() {
        return name;
    }

    /** {@return the amount, 0 to {@value #MOST}, or {@link Long#MAX_VALUE} if it is unlimited} */
    public long amount() {
        return amount;
    }

    /** {@return when it is there anew} */
    public Period period() {
        return period;
    }

    /** {@return the time zone in which days and months begin} */
    public ZoneId zone() {
        return zone;
    }

    /** {@return whether each subject has it by itself} */
    public boolean isPerSubject() {
        return perSubject;
    }

    /** {@return whether it only observes} */
    public boolean isObserved() {
        return observed;
    }

    /** {@return whether it is never spent} */
    public boolean isUnlimited() {
        return amount == NO_LIMIT;
    }

    /** {@return percents of the amount at which a listener is told, ascending; immutable} */
    public List<Integer> thresholds() {
        return thresholds;
    }

    /** Whether it counts what bears this name. */
    boolean counts(String nameOfExpense) {
        return name.equals(DEFAULT_NAME) || name.equals(nameOfExpense);
    }

    /** The most that may be spent and reserved, as a ledger knows it. */
    long limit() {
        return observed ? NO_LIMIT : amount;
    }

    /** The name of the period that {@code now} is in, such as {@code 1d 2026-01-31}; the same in every time zone. */
    String periodAt(Instant now) {
        return period == Period.TOTAL ? period.text : period + " " + startAt(now);
    }

    /** When the period that {@code now} is in ends. */
    Instant endAt(Instant now) {
        return period.next(startAt(now)).atStartOfDay(zone).toInstant();
    }

    private LocalDate startAt(Instant now) {
        try {
            return period.start(LocalDate.ofInstant(now, zone));
        } catch (DateTimeException far) {
            throw new IllegalStateException("the clock says " + now + ", which is in no year", far);
        }
    }

    @Override
    public boolean equals(Object object) {
        return object instanceof Budget other
                && name.equals(other.name)
                && amount == other.amount
                && period == other.period
                && zone.equals(other.zone)
                && perSubject == other.perSubject
                && observed == other.observed
                && thresholds.equals(other.thresholds);
    }

    @Override
    public int hashCode() {
        return Objects.hash(name, amount, period, zone, perSubject, observed, thresholds);
    }

    /** {@return its text, that {@link #parse} reads} */
    @Override
    public String toString() {
        return (isUnlimited() ? "unlimited" : Long.toString(amount)) + "/" + period
                + (perSubject ? " per subject" : "")
                + (name.equals(DEFAULT_NAME) ? "" : " of " + name)
                + (zone.equals(ZoneOffset.UTC) ? "" : " in " + zone)
                + (thresholds.isEmpty()
                        ? ""
                        : thresholds.stream().map(each -> each + "%").collect(Collectors.joining(" ", " warn ", "")))
                + (observed ? " observe" : "");
    }
}
