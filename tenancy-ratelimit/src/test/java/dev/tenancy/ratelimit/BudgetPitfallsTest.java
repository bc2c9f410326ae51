package dev.tenancy.ratelimit;

import dev.tenancy.testservers.SettableClock;
import java.time.Duration;
import java.time.Instant;

/** In memory. */
class BudgetPitfallsTest extends BudgetPitfalls {
    private final SettableClock ofLeases = new SettableClock(Instant.parse("2026-01-31T12:00:00Z"));
    private final BudgetLedger ledger = InMemoryBudgetLedger.create(ofLeases);

    @Override
    BudgetLedger openLedger() {
        return ledger;
    }

    @Override
    void pass(Duration time) {
        ofLeases.pass(time);
    }
}
