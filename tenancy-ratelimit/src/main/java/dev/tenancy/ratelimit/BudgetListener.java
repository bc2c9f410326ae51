package dev.tenancy.ratelimit;

import dev.tenancy.TenantId;

/**
 * Is told what becomes of budgets: for metrics and alerts. Called by many threads at once, on the thread that reserved
 * or settled; what it throws is logged and changes nothing.
 *
 * @since 0.1
 */
public interface BudgetListener {

    /** An amount was reserved. */
    default void reserved(TenantId tenant, long amount) {}

    /** An amount was not reserved, as {@code budget} has less left. */
    default void denied(TenantId tenant, Budget budget, long amount) {}

    /**
     * A reservation was settled or released.
     *
     * @param reserved what was reserved
     * @param charge what was charged, 0 if it was released
     * @param late whether its lease was over: an overrun
     */
    default void settled(TenantId tenant, long reserved, long charge, boolean late) {}

    /**
     * What is spent and reserved has reached a soft threshold: once a threshold and period, whichever replica sees it
     * first.
     *
     * @param percent of the budget's amount
     * @param used what is spent and reserved
     */
    default void threshold(TenantId tenant, Budget budget, int percent, long used) {}

    /** A budget that only observes is exceeded: once a period. */
    default void exceeded(TenantId tenant, Budget budget, long used) {}

    /** The ledger cannot be reached, and the request was refused, or let pass if {@code observed}. */
    default void away(TenantId tenant, boolean observed) {}
}
