package dev.tenancy.ratelimit;

import dev.tenancy.Problem;
import dev.tenancy.TenancyException;
import java.time.Duration;

/**
 * What is left of the tenant's budget is less than what was to be reserved. Answered with 429; nothing was reserved.
 *
 * @since 0.1
 */
public final class BudgetSpentException extends TenancyException {
    private static final long serialVersionUID = 1L;

    /** A budget that never comes back is answered with this. */
    private static final Duration LONGEST_WAIT = Duration.ofDays(31);

    BudgetSpentException(Duration untilNextPeriod) {
        super(
                "the tenant's budget has less left than what was to be reserved",
                Problem.limited(
                        "budget-spent",
                        "Budget spent",
                        "This tenant's budget has not enough left for the request.",
                        untilNextPeriod.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : untilNextPeriod),
                null);
    }
}
