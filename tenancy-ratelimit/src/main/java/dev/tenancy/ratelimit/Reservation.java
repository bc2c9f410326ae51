package dev.tenancy.ratelimit;

import dev.tenancy.TenantContext;
import dev.tenancy.TenantIdentity;
import dev.tenancy.UnavailableException;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

/**
 * An amount set aside, until it is settled or released, once, from any thread. One that is forgotten expires with its
 * lease. Thread-safe.
 *
 * @since 0.1
 */
public final class Reservation {
    private static final long NONE = -1;

    private final BudgetLedger ledger;
    private final TenantIdentity identity;
    private final UUID id;
    private final long amount;
    private final AtomicLong firstActual = new AtomicLong(NONE);
    private volatile boolean ended;

    Reservation(BudgetLedger ledger, TenantIdentity identity, UUID id, long amount) {
        this.ledger = ledger;
        this.identity = identity;
        this.id = id;
        this.amount = amount;
    }

    /** {@return what is reserved} */
    public long amount() {
        return amount;
    }

    /** {@return whether it was settled or released through this object} */
    public boolean isEnded() {
        return ended;
    }

    /**
     * Charges what was really used; what was reserved beyond it is free again. It may be more than was reserved: then
     * the budget is overdrawn, and the next to reserve is refused.
     *
     * @param actual 0 to {@value Budget#MOST}
     * @return whether this call did it; false if it had been settled or released before, and nothing changes
     * @throws UnavailableException if the ledger cannot be reached: the call may be repeated, it charges once
     * @throws IllegalArgumentException if {@code actual} is out of its range
     */
    public boolean settle(long actual) {
        Budgets.requireAmount("actual", actual);
        firstActual.compareAndSet(NONE, actual);
        boolean done = TenantContext.call(identity, () -> ledger.settle(identity.tenantId(), id, actual));
        ended = true;
        return done;
    }

    /**
     * Frees what was reserved, as nothing was used.
     *
     * @return whether this call did it; false if it had been settled or released before, and nothing changes
     * @throws UnavailableException if the ledger cannot be reached: the call may be repeated
     */
    public boolean release() {
        return settle(0);
    }

    /**
     * Ends it if nobody has: with what was to be charged when the ledger could not be reached, or else with
     * {@code otherwise}.
     */
    void end(long otherwise) {
        if (!ended) {
            long actual = firstActual.get();
            settle(actual == NONE ? otherwise : actual);
        }
    }

    @Override
    public String toString() {
        return "Reservation[" + id + ", amount=" + amount + "]";
    }
}
