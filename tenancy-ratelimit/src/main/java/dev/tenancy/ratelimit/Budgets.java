package dev.tenancy.ratelimit;

import dev.tenancy.TenantContext;
import dev.tenancy.TenantIdentity;
import dev.tenancy.UnavailableException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;

/**
 * Reserves what a piece of work may cost before it is done, so that concurrent work cannot overspend. For the current
 * tenant. Immutable and thread-safe.
 *
 * @since 0.1
 */
public final class Budgets {
    private static final Duration LEASE = Duration.ofMinutes(10);

    private final BudgetLedger ledger;
    private final Duration lease;
    private final Clock clock;

    private Budgets(BudgetLedger ledger, Duration lease, Clock clock) {
        this.ledger = ledger;
        this.lease = lease;
        this.clock = clock;
    }

    /** {@return budgets kept in {@code ledger}, whose reservations expire after ten minutes} */
    public static Budgets in(BudgetLedger ledger) {
        return new Budgets(ledger, LEASE, Clock.systemUTC());
    }

    /** {@return these budgets, with reservations that expire after {@code time}: longer than any work takes} */
    public Budgets withLease(Duration time) {
        if (time.toMillis() < 1) {
            throw new IllegalArgumentException("lease is " + time + "; allowed: PT0.001S or more");
        }
        return new Budgets(ledger, time, clock);
    }

    /** {@return these budgets, by another clock: it says which period it is} */
    public Budgets withClock(Clock other) {
        return new Budgets(ledger, lease, other);
    }

    /**
     * Reserves an amount for the current tenant.
     *
     * @param budget what the tenant may spend
     * @param estimate how much, 0 to {@value Budget#MOST}
     * @return the reservation, to be settled or released
     * @throws BudgetSpentException if the budget has less left; nothing is reserved then
     * @throws UnavailableException if the ledger cannot be reached
     * @throws IllegalArgumentException if {@code estimate} is out of its range
     */
    public Reservation reserve(Budget budget, long estimate) {
        requireAmount("estimate", estimate);
        TenantIdentity identity = TenantContext.require();
        UUID id = UUID.randomUUID();
        Instant now = clock.instant();
        BudgetLedger.Account account =
                new BudgetLedger.Account(identity.tenantId(), budget.name(), budget.periodAt(now));
        if (!ledger.reserve(account, id, budget.amount(), estimate, lease)) {
            throw new BudgetSpentException(Duration.between(now, budget.endAt(now)));
        }
        return new Reservation(ledger, identity, id, estimate);
    }

    /**
     * {@return what became of a budget of the current tenant in its current period}
     *
     * @throws UnavailableException if the ledger cannot be reached
     */
    public Usage usage(Budget budget) {
        Instant now = clock.instant();
        BudgetLedger.Account account =
                new BudgetLedger.Account(TenantContext.require().tenantId(), budget.name(), budget.periodAt(now));
        BudgetLedger.Balance balance = ledger.balance(account);
        return new Usage(budget, balance.spent(), balance.reserved(), budget.endAt(now));
    }

    static void requireAmount(String name, long amount) {
        if (amount < 0 || amount > Budget.MOST) {
            throw new IllegalArgumentException(name + " is " + amount + "; allowed: 0 to " + Budget.MOST);
        }
    }

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
            return Math.max(0, budget.amount() - spent - reserved);
        }
    }
}
