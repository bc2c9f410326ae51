package dev.tenancy.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenancy.TenantId;
import dev.tenancy.ratelimit.BudgetLedger.Account;
import dev.tenancy.ratelimit.BudgetLedger.CostRecord;
import dev.tenancy.ratelimit.BudgetLedger.Hold;
import dev.tenancy.ratelimit.BudgetLedger.Line;
import dev.tenancy.ratelimit.testing.BudgetLedgerContract;
import dev.tenancy.testservers.SettableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

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
        return Integer.getInteger("tenancy.test.operations", 50_000);
    }

    @Test
    void itKeepsTheLastTenThousandCostRecordsAndAllThatIsSpent() {
        TenantId tenant = TenantId.of("busy");
        Account total = new Account("default", "", "total");
        for (int i = 0; i < 10_001; i++) {
            Hold hold = new Hold(
                    "r" + i, List.of(new Line(total, BudgetLedger.NO_LIMIT)), 1, "", Duration.ofMinutes(1), false);
            ledger.reserve(tenant, hold);
            ledger.settle(tenant, hold, 1);
        }

        assertThat(ledger.balance(tenant, total).spent()).isEqualTo(10_001);
        assertThat(ledger.costs(tenant, total, Integer.MAX_VALUE))
                .extracting(CostRecord::id)
                .hasSize(10_000)
                .doesNotContain("r0");
    }
}
