package dev.tenancy.ratelimit;

import dev.tenancy.TenantContext;
import dev.tenancy.TenantIdentity;
import dev.tenancy.UnavailableException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * An amount set aside, until it is settled or released, once, from any thread, in whatever context. One that is
 * forgotten ends with its lease. Thread-safe.
 *
 * @since 0.1
 */
public final class Reservation {
    private static final long NONE = -1;

    private final BudgetLedger ledger;
    private final BudgetAlerts alerts;
    private final TenantIdentity identity;
    private final BudgetLedger.Hold hold;
    private final List<Budgets.Counted> counted;
    private final boolean observed;
    private final AtomicLong firstActual = new AtomicLong(NONE);
    private volatile boolean ended;

    Reservation(
            BudgetLedger ledger,
            BudgetAlerts alerts,
            TenantIdentity identity,
            BudgetLedger.Hold hold,
            List<Budgets.Counted> counted,
            boolean observed) {
        this.ledger = ledger;
        this.alerts = alerts;
        this.identity = identity;
        this.hold = hold;
        this.counted = List.copyOf(counted);
        this.observed = observed;
    }

    /** {@return what is reserved} */
    public long amount() {
        return hold.amount();
    }

    /** {@return whether it was settled or released through this object} */
    public boolean isEnded() {
        return ended;
    }

    /**
     * Charges what was really used; what was reserved beyond it is free again. It may be more than was reserved: then
     * the budget is overdrawn, and the next to reserve is refused. It is charged in the periods in which it was
     * reserved, and also after its lease: that is an overrun, and recorded as one.
     *
     * @param actual 0 to {@value Budget#MOST}
     * @return whether this call did it; false if it had been settled or released before, and nothing changes
     * @throws UnavailableException if the ledger cannot be reached: the call may be repeated, it charges once. If all
     *     budgets only observe, false is returned instead
     * @throws IllegalArgumentException if {@code actual} is out of its range
     */
    public boolean settle(long actual) {
        Expense.requireAmount("actual", actual);
        return end(actual, () -> ledger.settle(identity.tenantId(), hold, actual));
    }

    /**
     * Frees what was reserved, as nothing was used.
     *
     * @return whether this call did it; false if it had been settled or released before, and nothing changes
     * @throws UnavailableException if the ledger cannot be reached: the call may be repeated. If all budgets only
     *     observe, false is returned instead
     */
    public boolean release() {
        return end(0, () -> ledger.release(identity.tenantId(), hold));
    }

    /**
     * Lets it last as long again as it did at first, from now: for work that takes longer than its lease.
     *
     * @return whether it does; false if it has ended, by its lease for example. It can be settled nevertheless
     * @throws UnavailableException if the ledger cannot be reached. If all budgets only observe, false is returned
     *     instead
     */
    public boolean extend() {
        return extend(hold.lease());
    }

    /**
     * Lets it last for at least {@code time} from now.
     *
     * @param time 1 millisecond to 366 days
     * @return whether it does; false if it has ended, by its lease for example. It can be settled nevertheless
     * @throws UnavailableException if the ledger cannot be reached. If all budgets only observe, false is returned
     *     instead
     * @throws IllegalArgumentException if {@code time} is out of its range
     */
    public boolean extend(Duration time) {
        Budgets.requireLease(time);
        return !ended && asked(() -> ledger.extend(identity.tenantId(), hold, time));
    }

    private boolean end(long actual, Supplier<BudgetLedger.Outcome> ending) {
        firstActual.compareAndSet(NONE, actual);
        return asked(() -> {
            BudgetLedger.Outcome outcome = ending.get();
            ended = true;
            boolean done = outcome.result() != BudgetLedger.Result.ENDED;
            if (done) {
                boolean late = outcome.result() == BudgetLedger.Result.LATE;
                alerts.settled(identity.tenantId(), hold.amount(), actual, late, counted, outcome.balances());
            }
            return done;
        });
    }

    /** Whether the ledger did it; if it cannot be reached and the budgets only observe, it did not. */
    private boolean asked(BooleanSupplier question) {
        return TenantContext.call(identity, () -> {
            try {
                return question.getAsBoolean();
            } catch (UnavailableException away) {
                alerts.away(identity.tenantId(), observed);
                if (observed) {
                    return false;
                }
                throw away;
            }
        });
    }

    /**
     * Ends it if nobody has: with what was to be charged when the ledger could not be reached, or else with the amount,
     * or nothing.
     */
    void finish(boolean succeeded) {
        if (!ended) {
            long actual = firstActual.get();
            if (actual != NONE) {
                settle(actual);
            } else if (succeeded) {
                settle(hold.amount());
            } else {
                release();
            }
        }
    }

    @Override
    public String toString() {
        return "Reservation[" + hold.id() + ", amount=" + hold.amount() + "]";
    }
}
