package dev.tenancy.ratelimit;

import dev.tenancy.TenantId;
import dev.tenancy.UnavailableException;
import java.time.Duration;
import java.util.UUID;

/**
 * Where budgets are kept. Every call is atomic and lasting by itself, whatever transaction the caller is in.
 * Thread-safe.
 *
 * <p>Every method throws {@link UnavailableException} if the ledger cannot be reached; what was asked for may then have
 * happened or not, and may be asked for again.
 *
 * @since 0.1
 */
public interface BudgetLedger {

    /**
     * Reserves an amount if what is spent and reserved in the period leaves room for it.
     *
     * @param account whose, and in which period
     * @param reservation a new id; for one that is reserved in this way already, nothing more is reserved
     * @param limit the most that may be spent and reserved
     * @param amount how much, 0 or more
     * @param lease after which the reservation no longer counts, unless it was settled
     * @return whether it is reserved
     */
    boolean reserve(Account account, UUID reservation, long limit, long amount, Duration lease);

    /**
     * Ends a reservation and charges what was really used: also more than was reserved, and also after its lease.
     *
     * @param charge 0 or more
     * @return whether this call did it; false if the reservation had ended or never was
     */
    boolean settle(TenantId tenant, UUID reservation, long charge);

    /** {@return what is spent and reserved} */
    Balance balance(Account account);

    /**
     * One of a tenant's budgets, in a period.
     *
     * @param tenant whose budget
     * @param budget the name of the budget
     * @param period the name of the period, such as {@code DAY 2026-01-31}
     * @since 0.1
     */
    record Account(TenantId tenant, String budget, String period) {}

    /**
     * What became of a budget so far.
     *
     * @param spent was charged
     * @param reserved is reserved and neither settled nor expired
     * @since 0.1
     */
    record Balance(long spent, long reserved) {}
}
