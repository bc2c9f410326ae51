package dev.tenancy.ratelimit;

import dev.tenancy.Problem;
import dev.tenancy.TenancyException;
import java.time.Duration;

/**
 * What is left of a budget is less than what was to be reserved. Answered with 429, and {@code Retry-After} unless the
 * budget never comes back; nothing was reserved.
 *
 * @since 0.1
 */
public final class BudgetSpentException extends TenancyException {
    private static final long serialVersionUID = 1L;

    BudgetSpentException(Budget budget, Duration untilNextPeriod) {
        super(
                "budget " + budget + " has less left than what was to be reserved",
                problem(budget, untilNextPeriod),
                null);
    }

    private static Problem problem(Budget budget, Duration untilNextPeriod) {
        String slug = "budget-spent";
        String title = "Budget spent";
        String detail = budget.isPerSubject()
                ? "The budget of this subject has not enough left for the request."
                : "This tenant's budget has not enough left for the request.";
        return budget.period() == Budget.Period.TOTAL
                ? Problem.of(slug, 429, title, detail)
                : Problem.limited(slug, title, detail, untilNextPeriod);
    }
}
