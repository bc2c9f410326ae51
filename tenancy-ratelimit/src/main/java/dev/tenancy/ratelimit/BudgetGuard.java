package dev.tenancy.ratelimit;

import dev.tenancy.Guard;
import dev.tenancy.GuardedRequest;
import dev.tenancy.Tenant;
import dev.tenancy.TenantRequest;
import dev.tenancy.UnavailableException;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reserves what a request may cost before its handler runs, and hands the {@link Reservation} to it.
 *
 * <p>The budgets are the tenant's setting {@code budget} in the catalog, read for every request, or else the default; a
 * tenant with neither is refused with 503, one whose budget is spent with 429. The handler settles the reservation
 * ({@code admitted.attachment(Reservation.class)}); if it does not, the estimate is charged when it succeeded, and
 * nothing when it failed. Where a later guard denies, it is released. Immutable and thread-safe.
 *
 * @since 0.1
 */
public final class BudgetGuard implements Guard {
    private final Budgets budgets;
    private final Function<TenantRequest, Optional<Expense>> expense;
    private final @Nullable BudgetPlan defaultPlan;

    private BudgetGuard(
            Budgets budgets, Function<TenantRequest, Optional<Expense>> expense, @Nullable BudgetPlan defaultPlan) {
        this.budgets = Objects.requireNonNull(budgets, "budgets");
        this.expense = Objects.requireNonNull(expense, "expense");
        this.defaultPlan = defaultPlan;
    }

    /**
     * {@return a guard without a default}
     *
     * @param expense the most that a request may cost, and what it is; empty for one that costs nothing, for which
     *     nothing is reserved. One that throws refuses the request
     */
    public static BudgetGuard of(Budgets budgets, Function<TenantRequest, Optional<Expense>> expense) {
        return new BudgetGuard(budgets, expense, null);
    }

    /** {@return this guard, with budgets for tenants for which the catalog says none} */
    public BudgetGuard withDefault(BudgetPlan plan) {
        return new BudgetGuard(budgets, expense, Objects.requireNonNull(plan, "plan"));
    }

    /** {@return the name of the setting that it reads} */
    @Override
    public String name() {
        return BudgetPlan.SETTING.name();
    }

    /**
     * {@return what a tenant may spend}
     *
     * @throws UnavailableException if neither the catalog nor a default says it, or the catalog's text is bad
     */
    public BudgetPlan planOf(Tenant tenant) {
        BudgetPlan plan = tenant.setting(BudgetPlan.SETTING).orElse(defaultPlan);
        if (plan == null) {
            throw new UnavailableException(
                    "tenant " + tenant.id() + " has no setting '" + name() + "', and there is no default", null);
        }
        return plan;
    }

    @Override
    public Decision check(GuardedRequest request) {
        return expense.apply(request.request())
                .<Decision>map(cost -> new Reserved(budgets.reserve(planOf(request.tenant()), cost)))
                .orElseGet(Free::new);
    }

    private record Free() implements Passed {}

    private record Reserved(Reservation reservation) implements Passed {
        @Override
        public Optional<Object> attachment() {
            return Optional.of(reservation);
        }

        @Override
        public void undo() {
            reservation.release();
        }

        @Override
        public void finished(boolean succeeded) {
            reservation.finish(succeeded);
        }
    }
}
