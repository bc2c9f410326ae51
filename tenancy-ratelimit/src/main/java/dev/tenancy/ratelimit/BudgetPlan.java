package dev.tenancy.ratelimit;

import dev.tenancy.TenantSetting;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Budgets that hold at once, such as an amount a day, one for each subject and one for a costly model: an expense is
 * reserved in all of those that count it, or in none. A value: immutable and thread-safe.
 *
 * @since 0.1
 */
public final class BudgetPlan {

    /** The setting in which a catalog keeps a tenant's budgets: {@code budget}, read by {@link #parse}. */
    public static final TenantSetting<BudgetPlan> SETTING = TenantSetting.of("budget", BudgetPlan::parse);

    /** The most budgets that hold at once. */
    public static final int MOST = 8;

    private static final String SEPARATOR = ", ";

    private final List<Budget> all;

    private BudgetPlan(List<Budget> all) {
        this.all = List.copyOf(all);
    }

    /**
     * {@return budgets that hold at once}
     *
     * @param budgets 1 to {@value #MOST}, no two of the same name and period, but for one of the tenant and one of its
     *     subjects
     * @throws IllegalArgumentException if there are none, too many, or two of a kind
     */
    public static BudgetPlan of(Budget... budgets) {
        if (budgets.length == 0 || budgets.length > MOST) {
            throw new IllegalArgumentException(budgets.length + " budgets; allowed: 1 to " + MOST);
        }
        Set<List<Object>> kinds = new HashSet<>();
        for (Budget budget : budgets) {
            if (!kinds.add(List.of(budget.name(), budget.period(), budget.isPerSubject()))) {
                throw new IllegalArgumentException("two budgets named " + budget.name() + " have the period "
                        + budget.period() + "; allowed: one of the tenant, and one of its subjects");
            }
        }
        return new BudgetPlan(List.of(budgets));
    }

    /**
     * {@return the budgets that a text says, with commas between them: {@code 1000000/1d, 50000/1d per subject}}
     *
     * @throws IllegalArgumentException if it says none, see {@link Budget#parse} and {@link #of}
     */
    public static BudgetPlan parse(String text) {
        List<Budget> budgets = new ArrayList<>();
        for (String budget : text.split(SEPARATOR, -1)) {
            budgets.add(Budget.parse(budget));
        }
        return of(budgets.toArray(Budget[]::new));
    }

    /** {@return the budgets, in the order in which they were given; immutable} */
    public List<Budget> all() {
        return all;
    }

    /** {@return whether each of them only observes: then nothing is refused, not even while the ledger is away} */
    public boolean isObserved() {
        return all.stream().allMatch(Budget::isObserved);
    }

    @Override
    public boolean equals(Object object) {
        return object instanceof BudgetPlan other && all.equals(other.all);
    }

    @Override
    public int hashCode() {
        return all.hashCode();
    }

    /** {@return their text} */
    @Override
    public String toString() {
        return all.stream().map(Budget::toString).collect(Collectors.joining(SEPARATOR));
    }
}
