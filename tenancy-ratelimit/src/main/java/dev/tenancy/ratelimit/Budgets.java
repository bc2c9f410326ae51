package dev.tenancy.ratelimit;

import dev.tenancy.TenantContext;
import dev.tenancy.TenantIdentity;
import dev.tenancy.UnavailableException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Reserves what a piece of work may cost before it is done, so that concurrent work cannot overspend. For the current
 * tenant. Immutable and thread-safe.
 *
 * @since 0.1
 */
public final class Budgets {
    private final BudgetLedger ledger;
    private final Duration lease;
    private final WhenExpired whenExpired;
    private final Clock clock;
    private final BudgetAlerts alerts;

    private Budgets(Builder builder) {
        this.ledger = builder.ledger;
        this.lease = builder.lease;
        this.whenExpired = builder.whenExpired;
        this.clock = builder.clock;
        this.alerts = new BudgetAlerts(ledger, builder.listeners);
    }

    /** {@return budgets kept in {@code ledger}, whose reservations are refunded after ten minutes} */
    public static Budgets in(BudgetLedger ledger) {
        return builder(ledger).build();
    }

    /** {@return a builder of budgets kept in {@code ledger}, whose reservations are refunded after ten minutes} */
    public static Builder builder(BudgetLedger ledger) {
        return new Builder(Objects.requireNonNull(ledger, "ledger"));
    }

    /** Reserves an amount in one budget, whatever its name: see {@link #reserve(BudgetPlan, Expense)}. */
    public Reservation reserve(Budget budget, long estimate) {
        return reserve(BudgetPlan.of(budget), Expense.of(estimate).named(budget.name()));
    }

    /**
     * Reserves an expense of the current tenant and subject, in all budgets that count it, or in none.
     *
     * <p>If all of the plan's budgets only observe, nothing is refused: while the ledger is away, the reservation is
     * one that nothing counts.
     *
     * @return the reservation, to be settled or released
     * @throws BudgetSpentException if a budget has less left
     * @throws ReservationConflictException if the expense's key was used up, or is that of another expense
     * @throws UnavailableException if the ledger cannot be reached, or none of the budgets counts the expense
     */
    public Reservation reserve(BudgetPlan plan, Expense expense) {
        TenantIdentity identity = TenantContext.require();
        Instant now = clock.instant();
        List<Counted> counted = counted(plan, expense, identity, now);
        BudgetLedger.Hold hold = new BudgetLedger.Hold(
                expense.id(),
                counted.stream()
                        .map(each -> new BudgetLedger.Line(
                                each.account(), each.budget().limit()))
                        .toList(),
                expense.amount(),
                expense.tag(),
                lease,
                whenExpired == WhenExpired.CHARGE);
        Reservation reservation = new Reservation(ledger, alerts, identity, hold, counted, plan.isObserved());
        BudgetLedger.Outcome outcome;
        try {
            outcome = ledger.reserve(identity.tenantId(), hold);
        } catch (UnavailableException away) {
            alerts.away(identity.tenantId(), plan.isObserved());
            if (plan.isObserved()) {
                return reservation;
            }
            throw away;
        }
        switch (outcome.result()) {
            case RESERVED -> alerts.reserved(identity.tenantId(), expense.amount(), counted, outcome.balances());
            case DENIED -> {
                Budget budget = counted.get(outcome.deniedAt()).budget();
                alerts.denied(identity.tenantId(), budget, expense.amount());
                throw new BudgetSpentException(
                        budget, untilThereIsRoom(expense.amount(), counted, outcome.balances(), now));
            }
            default -> throw new ReservationConflictException(outcome.result() == BudgetLedger.Result.ENDED);
        }
        return reservation;
    }

    /**
     * Until all budgets that have no room begin anew; empty if there is one that never does. What is more than a whole
     * budget may be reserved then, too: it may be another one.
     */
    private static Optional<Duration> untilThereIsRoom(
            long amount, List<Counted> counted, List<BudgetLedger.Balance> balances, Instant now) {
        Instant last = now;
        for (int i = 0; i < balances.size(); i++) {
            Budget budget = counted.get(i).budget();
            boolean full = balances.get(i).spent() + balances.get(i).reserved() + amount > budget.limit();
            if (full && budget.period() == Budget.Period.TOTAL) {
                return Optional.empty();
            }
            Instant end = full ? budget.endAt(now) : now;
            last = end.isAfter(last) ? end : last;
        }
        return Optional.of(Duration.between(now, last));
    }

    /** The accounts in the order in which ledgers lock them. */
    private static List<Counted> counted(BudgetPlan plan, Expense expense, TenantIdentity identity, Instant now) {
        List<Counted> counted = new ArrayList<>();
        for (Budget budget : plan.all()) {
            if (budget.counts(expense.name())) {
                counted.add(new Counted(budget, account(budget, identity, now)));
            }
        }
        if (counted.isEmpty()) {
            throw new UnavailableException(
                    "tenant " + identity.tenantId() + " has no budget that counts " + expense + ": " + plan, null);
        }
        counted.sort(Comparator.comparing(Counted::account));
        return counted;
    }

    private static BudgetLedger.Account account(Budget budget, TenantIdentity identity, Instant now) {
        String subject = budget.isPerSubject() ? "=" + identity.subject().orElse("") : "";
        return new BudgetLedger.Account(budget.name(), subject, budget.periodAt(now));
    }

    /**
     * {@return what became of a budget of the current tenant, or subject, in its current period}
     *
     * @throws UnavailableException if the ledger cannot be reached
     */
    public Usage usage(Budget budget) {
        Instant now = clock.instant();
        TenantIdentity identity = TenantContext.require();
        BudgetLedger.Balance balance = ledger.balance(identity.tenantId(), account(budget, identity, now));
        return new Usage(budget, balance.spent(), balance.reserved(), budget.endAt(now));
    }

    /**
     * {@return what was spent of a budget in its current period, by tag}
     *
     * @throws UnavailableException if the ledger cannot be reached
     */
    public Map<String, Long> usageByTag(Budget budget) {
        TenantIdentity identity = TenantContext.require();
        return ledger.spentByTag(identity.tenantId(), account(budget, identity, clock.instant()));
    }

    /**
     * {@return what the current tenant spent and has reserved, of every budget, by every subject and in every period}
     *
     * @throws UnavailableException if the ledger cannot be reached
     */
    public List<BudgetLedger.Entry> history() {
        return ledger.entries(TenantContext.require().tenantId());
    }

    /** A budget, and where it is counted. */
    record Counted(Budget budget, BudgetLedger.Account account) {}

    /**
     * What became of a budget.
     *
     * @param budget the budget
     * @param spent was charged in this period
     * @param reserved is reserved and not settled
     * @param resetsAt when the next period begins
     * @since 0.1
     */
    public record Usage(Budget budget, long spent, long reserved, Instant resetsAt) {
        /** {@return what can be reserved, 0 or more} */
        public long left() {
            return budget.isUnlimited() ? Budget.MOST : Math.max(0, budget.amount() - spent - reserved);
        }
    }

    /**
     * Collects the settings. Not thread-safe.
     *
     * @since 0.1
     */
    public static final class Builder {
        private final BudgetLedger ledger;
        private final List<BudgetListener> listeners = new ArrayList<>();
        private Duration lease = Duration.ofMinutes(10);
        private WhenExpired whenExpired = WhenExpired.REFUND;
        private Clock clock = Clock.systemUTC();

        private Builder(BudgetLedger ledger) {
            this.ledger = ledger;
        }

        /**
         * Sets how long a reservation lasts: longer than the work, or it is to be {@linkplain Reservation#extend
         * extended} meanwhile.
         *
         * @throws IllegalArgumentException if it is less than a millisecond, or more than 366 days
         */
        public Builder lease(Duration time) {
            this.lease = requireLease(time);
            return this;
        }

        /** Sets what becomes of a reservation that nobody settles. */
        public Builder whenExpired(WhenExpired policy) {
            this.whenExpired = Objects.requireNonNull(policy, "whenExpired");
            return this;
        }

        /** Sets the clock that says which period it is. Leases are timed by the ledger's own clock. */
        public Builder clock(Clock other) {
            this.clock = Objects.requireNonNull(other, "clock");
            return this;
        }

        /** Adds a listener. */
        public Builder listener(BudgetListener listener) {
            listeners.add(Objects.requireNonNull(listener, "listener"));
            return this;
        }

        /** {@return the budgets} */
        public Budgets build() {
            return new Budgets(this);
        }
    }

    static Duration requireLease(Duration time) {
        if (time.compareTo(Duration.ofMillis(1)) < 0 || time.compareTo(Duration.ofDays(366)) > 0) {
            throw new IllegalArgumentException("lease is " + time + "; allowed: PT0.001S to P366D");
        }
        return time;
    }
}
