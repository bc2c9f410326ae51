package dev.tenancy.ratelimit;

import dev.tenancy.TenantId;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Budgets in memory: for one process, which forgets them when it ends, and for tests. Thread-safe; tenants do not wait
 * for each other.
 *
 * <p>Of each tenant the latest 10,000 reservations that were settled are remembered, and the latest 10,000 that
 * expired: a key that is older is reserved anew, and nothing is settled that expired before these. Accounts of former
 * periods are kept.
 *
 * @since 0.1
 */
public final class InMemoryBudgetLedger implements BudgetLedger {
    private final Clock clock;
    private final Map<TenantId, BudgetBook> books = new ConcurrentHashMap<>();

    private InMemoryBudgetLedger(Clock clock) {
        this.clock = clock;
    }

    /** {@return an empty ledger} */
    public static InMemoryBudgetLedger create() {
        return create(Clock.systemUTC());
    }

    /**
     * {@return an empty ledger}
     *
     * @param clock says when a lease is over
     */
    public static InMemoryBudgetLedger create(Clock clock) {
        return new InMemoryBudgetLedger(Objects.requireNonNull(clock, "clock"));
    }

    @Override
    public Outcome reserve(TenantId tenant, Hold hold) {
        return book(tenant).reserve(hold, clock.instant());
    }

    @Override
    public Outcome settle(TenantId tenant, Hold hold, long charge) {
        return book(tenant).settle(hold.id(), Expense.requireAmount("charge", charge), clock.instant());
    }

    @Override
    public Outcome release(TenantId tenant, Hold hold) {
        return settle(tenant, hold, 0);
    }

    @Override
    public boolean extend(TenantId tenant, Hold hold, Duration lease) {
        return book(tenant).extend(hold.id(), lease, clock.instant());
    }

    @Override
    public Balance balance(TenantId tenant, Account account) {
        return book(tenant).balance(account, clock.instant());
    }

    @Override
    public int tell(TenantId tenant, Account account, int level) {
        return book(tenant).tell(account, level);
    }

    @Override
    public List<Entry> entries(TenantId tenant) {
        return book(tenant).entries(clock.instant());
    }

    @Override
    public Map<String, Long> spentByTag(TenantId tenant, Account account) {
        return book(tenant).spentByTag(account, clock.instant());
    }

    @Override
    public List<CostRecord> costs(TenantId tenant, Account account, int most) {
        return book(tenant).costs(account, most, clock.instant());
    }

    private BudgetBook book(TenantId tenant) {
        return books.computeIfAbsent(tenant, unknown -> new BudgetBook());
    }
}
