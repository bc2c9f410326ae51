package dev.tenancy.example.benchmarks.budget;

import dev.tenancy.TenantContext;
import dev.tenancy.TenantId;
import dev.tenancy.TenantIdentity;
import dev.tenancy.ratelimit.Budget;
import dev.tenancy.ratelimit.BudgetPlan;
import dev.tenancy.ratelimit.BudgetSpentException;
import dev.tenancy.ratelimit.Budgets;
import dev.tenancy.ratelimit.Expense;
import dev.tenancy.ratelimit.PostgresBudgetLedger;
import java.util.stream.IntStream;
import javax.sql.DataSource;

/** The library. */
final class Ours implements Spender {
    private static final Expense TEN = Expense.of(10);

    private final Budgets budgets;
    private final BudgetPlan plan;
    private final TenantIdentity[] tenants;

    Ours(DataSource source, int tenants, long amount) {
        this.budgets = Budgets.in(PostgresBudgetLedger.on(source));
        this.plan = BudgetPlan.of(Budget.of(amount, Budget.Period.TOTAL));
        this.tenants = IntStream.range(0, tenants)
                .mapToObj(tenant -> TenantIdentity.of(TenantId.of("tenant-" + tenant), "benchmark"))
                .toArray(TenantIdentity[]::new);
    }

    @Override
    public boolean spend(int tenant) {
        return TenantContext.call(tenants[tenant], () -> {
            try {
                return budgets.reserve(plan, TEN).settle(7);
            } catch (BudgetSpentException spent) {
                return false;
            }
        });
    }
}
