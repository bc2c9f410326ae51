package dev.tenancy.ratelimit;

import dev.tenancy.TenantId;
import dev.tenancy.UnavailableException;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells listeners what becomes of budgets; none can keep a request, or another listener, from anything. */
final class BudgetAlerts {
    private static final Logger LOG = LoggerFactory.getLogger(BudgetAlerts.class);

    /** The level of a budget that only observes and is exceeded: above all thresholds. */
    private static final int EXCEEDED = 101;

    private final BudgetLedger ledger;
    private final List<BudgetListener> listeners;

    BudgetAlerts(BudgetLedger ledger, List<BudgetListener> listeners) {
        this.ledger = ledger;
        this.listeners = List.copyOf(listeners);
    }

    void reserved(TenantId tenant, long amount, List<Budgets.Counted> counted, List<BudgetLedger.Balance> balances) {
        tell(listener -> listener.reserved(tenant, amount));
        levels(tenant, counted, balances);
    }

    void denied(TenantId tenant, Budget budget, long amount) {
        tell(listener -> listener.denied(tenant, budget, amount));
    }

    void settled(
            TenantId tenant,
            long reserved,
            long charge,
            boolean late,
            List<Budgets.Counted> counted,
            List<BudgetLedger.Balance> balances) {
        tell(listener -> listener.settled(tenant, reserved, charge, late));
        levels(tenant, counted, balances);
    }

    void away(TenantId tenant, boolean observed) {
        tell(listener -> listener.away(tenant, observed));
    }

    private void levels(TenantId tenant, List<Budgets.Counted> counted, List<BudgetLedger.Balance> balances) {
        if (balances.size() != counted.size()) {
            return; // somebody else reserved it again after the plan had changed, and knows its budgets
        }
        for (int i = 0; i < balances.size(); i++) {
            Budget budget = counted.get(i).budget();
            long used = balances.get(i).spent() + balances.get(i).reserved();
            int level = level(budget, used);
            if (level > balances.get(i).told()) {
                level(tenant, counted.get(i), level, used);
            }
        }
    }

    /** What the ledger remembers first is told once, whoever else sees it. */
    private void level(TenantId tenant, Budgets.Counted counted, int level, long used) {
        int before;
        try {
            before = ledger.tell(tenant, counted.account(), level);
        } catch (UnavailableException away) {
            LOG.warn("the ledger is away: that {} is used up to {} is told next time", counted.budget(), used, away);
            return;
        }
        Budget budget = counted.budget();
        for (int percent : budget.thresholds()) {
            if (percent > before && percent <= level) {
                tell(listener -> listener.threshold(tenant, budget, percent, used));
            }
        }
        if (before < EXCEEDED && level == EXCEEDED) {
            LOG.warn("tenant {} has exceeded its budget {}, which only observes: {}", tenant, budget, used);
            tell(listener -> listener.exceeded(tenant, budget, used));
        }
    }

    /** The highest threshold that is reached, 0 if none is; nobody has reached a part of nothing, or of no end. */
    private static int level(Budget budget, long used) {
        if (budget.isUnlimited()) {
            return 0;
        }
        if (budget.isObserved() && used > budget.amount()) {
            return EXCEEDED;
        }
        int level = 0;
        for (int percent : budget.thresholds()) {
            if (used > 0 && used >= (budget.amount() * percent + 99) / 100) {
                level = percent;
            }
        }
        return level;
    }

    private void tell(Consumer<BudgetListener> what) {
        for (BudgetListener listener : listeners) {
            try {
                what.accept(listener);
            } catch (Throwable failure) { // an Error of a listener must not cost the request its answer
                LOG.error("listener {} failed", listener.getClass().getName(), failure);
            }
        }
    }
}
