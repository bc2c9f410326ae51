package dev.tenancy.ratelimit;

import dev.tenancy.Guard;
import dev.tenancy.GuardedRequest;
import dev.tenancy.Tenant;
import dev.tenancy.TenantRequest;
import dev.tenancy.TenantSetting;
import dev.tenancy.UnavailableException;
import java.util.Optional;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Reserves what a request may cost before its handler runs, and hands the {@link Reservation} to it.
 *
 * <p>The budget is the tenant's setting {@code budget} in the catalog, or else the default; a tenant with neither is
 * refused with 503, one whose budget is spent with 429. The handler settles the reservation
 * ({@code admitted.attachment(Reservation.class)}); if it does not, the estimate is charged when it succeeded, and
 * nothing when it failed. Immutable and thread-safe.
 *
 * @since 0.1
 */
public final class BudgetGuard implements Guard {
    private static final TenantSetting<Budget> SETTING = TenantSetting.of("budget", Budget::parse);

    private final Budgets budgets;
    private final ToLongFunction<TenantRequest> estimate;
    private final @Nullable Budget defaultBudget;

    private BudgetGuard(Budgets budgets, ToLongFunction<TenantRequest> estimate, @Nullable Budget defaultBudget) {
        this.budgets = budgets;
        this.estimate = estimate;
        this.defaultBudget = defaultBudget;
    }

    /**
     * {@return a guard without a default budget}
     *
     * @param estimate the most that a request may cost; 0 for one that costs nothing, for which nothing is reserved
     */
    public static BudgetGuard of(Budgets budgets, ToLongFunction<TenantRequest> estimate) {
        return new BudgetGuard(budgets, estimate, null);
    }

    /** {@return this guard, with a budget for tenants for which the catalog says none} */
    public BudgetGuard withDefault(Budget budget) {
        return new BudgetGuard(budgets, estimate, budget);
    }

    @Override
    public String name() {
        return "budget";
    }

    /**
     * {@return what a tenant may spend}
     *
     * @throws UnavailableException if neither the catalog nor a default says it, or the catalog's text is bad
     */
    public Budget budgetOf(Tenant tenant) {
        Budget budget = tenant.setting(SETTING).orElse(defaultBudget);
        if (budget == null) {
            throw new UnavailableException("tenant " + tenant.id() + " has no budget, and there is no default", null);
        }
        return budget;
    }

    @Override
    public Decision check(GuardedRequest request) {
        long amount = estimate.applyAsLong(request.request());
        if (amount == 0) {
            return new Free();
        }
        return new Reserved(budgets.reserve(budgetOf(request.tenant()), amount));
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
            reservation.end(succeeded ? reservation.amount() : 0);
        }
    }
}
