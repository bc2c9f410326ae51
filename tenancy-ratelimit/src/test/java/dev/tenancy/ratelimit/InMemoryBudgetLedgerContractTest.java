package dev.tenancy.ratelimit;

import dev.tenancy.ratelimit.testing.BudgetLedgerContract;
import dev.tenancy.testservers.SettableClock;
import java.time.Duration;
import java.time.Instant;

class InMemoryBudgetLedgerContractTest extends BudgetLedgerContract {
    private final SettableClock clock = new SettableClock(Instant.parse("2026-01-31T12:00:00Z"));
    private final BudgetLedger ledger = InMemoryBudgetLedger.create(clock);

    @Override
    protected BudgetLedger ledger() {
        return ledger;
    }

    @Override
    protected void pass(Duration time) {
        clock.pass(time);
    }

    @Override
    protected int operationsPerThread() {
        return Integer.getInteger("tenancy.test.operations", 20_000);
    }
}
