package dev.tenancy.ratelimit;

import dev.tenancy.TenantId;
import dev.tenancy.UnavailableException;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A ledger that can be cut off. */
class UnreliableLedger implements BudgetLedger {
    private final BudgetLedger ledger;
    private boolean away;

    UnreliableLedger(BudgetLedger ledger) {
        this.ledger = ledger;
    }

    void goAway() {
        away = true;
    }

    void comeBack() {
        away = false;
    }

    @Override
    public Outcome reserve(TenantId tenant, Hold hold) {
        return reached().reserve(tenant, hold);
    }

    @Override
    public Outcome settle(TenantId tenant, Hold hold, long charge) {
        return reached().settle(tenant, hold, charge);
    }

    @Override
    public Outcome release(TenantId tenant, Hold hold) {
        return reached().release(tenant, hold);
    }

    @Override
    public boolean extend(TenantId tenant, Hold hold, Duration lease) {
        return reached().extend(tenant, hold, lease);
    }

    @Override
    public Balance balance(TenantId tenant, Account account) {
        return reached().balance(tenant, account);
    }

    @Override
    public int tell(TenantId tenant, Account account, int level) {
        return reached().tell(tenant, account, level);
    }

    @Override
    public List<Entry> entries(TenantId tenant) {
        return reached().entries(tenant);
    }

    @Override
    public Map<String, Long> spentByTag(TenantId tenant, Account account) {
        return reached().spentByTag(tenant, account);
    }

    @Override
    public List<CostRecord> costs(TenantId tenant, Account account, int most) {
        return reached().costs(tenant, account, most);
    }

    private BudgetLedger reached() {
        if (away) {
            throw new UnavailableException("cut off", null);
        }
        return ledger;
    }
}
