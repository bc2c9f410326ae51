package dev.tenancy.ratelimit;

import dev.tenancy.Problem;
import dev.tenancy.TenancyException;
import java.time.Duration;
import java.util.Optional;

/**
 * What is left of a budget is less than what was to be reserved. Answered with 429, and {@code Retry-After} for when
 * all budgets that have too little begin anew, unless there is one that never does; nothing was reserved.
 *
 * @since 0.1
 */
public final class BudgetSpentException extends TenancyException {
    private static final long serialVersionUID = 1L;

    BudgetSpentException(Budget budget, Optional<Duration> untilThereIsRoom) {
        super(
                "budget " + budget + " has less left than what was to be reserved",
                problem(budget, untilThereIsRoom),
                null);
    }

    private static Problem problem(Budget budget, Optional<Duration> untilThereIsRoom) {
        String slug = "budget-spent";
        String title = "Budget spent";
        String detail = budget.isPerSubject()
                ? "The budget of this subject has not enough left for the request."
                : "This tenant's budget has not enough left for the request.";
        return untilThereIsRoom
                .map(wait -> Problem.limited(slug, title, detail, wait))
                .orElseGet(() -> Problem.of(slug, 429, title, detail));
    }
}
