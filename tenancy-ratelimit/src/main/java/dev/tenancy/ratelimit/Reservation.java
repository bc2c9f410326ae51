package dev.tenancy.ratelimit;

import dev.tenancy.TenantContext;
import dev.tenancy.TenantIdentity;
import dev.tenancy.UnavailableException;
import java.util.UUID;

/**
 * An amount set aside, until it is settled or released, once, from any thread. One that is forgotten expires with its
 * lease. Thread-safe.
 *
 * @since 0.1
 */
public final class Reservation {
    private final BudgetLedger ledger;
    private final TenantIdentity identity;
    private final UUID id;
    private final long amount;
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

    @Override
    public String toString() {
        return "Reservation[" + id + ", amount=" + amount + "]";
    }
}
