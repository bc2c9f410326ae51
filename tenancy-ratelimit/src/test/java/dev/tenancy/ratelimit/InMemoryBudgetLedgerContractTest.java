package dev.tenancy.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenancy.TenantId;
import dev.tenancy.UnavailableException;
import dev.tenancy.ratelimit.BudgetLedger.Account;
import dev.tenancy.ratelimit.BudgetLedger.Balance;
import dev.tenancy.ratelimit.BudgetLedger.CostRecord;
import dev.tenancy.ratelimit.BudgetLedger.Hold;
import dev.tenancy.ratelimit.BudgetLedger.Line;
import dev.tenancy.ratelimit.BudgetLedger.Result;
import dev.tenancy.ratelimit.testing.BudgetLedgerContract;
import dev.tenancy.testservers.SettableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class InMemoryBudgetLedgerContractTest extends BudgetLedgerContract {
    private static final TenantId BUSY = TenantId.of("busy");
    private static final Account TOTAL = new Account("default", "", "total");
    private static final Duration LEASE = Duration.ofMinutes(1);

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
        Hold unsettled = hold("unsettled");
        ledger.reserve(BUSY, unsettled);
        clock.pass(LEASE);
        for (int i = 0; i < 10_001; i++) {
            ledger.reserve(BUSY, hold("r" + i));
            ledger.settle(BUSY, hold("r" + i), 1);
        }

        assertThat(ledger.balance(BUSY, TOTAL).spent()).isEqualTo(10_001);
        assertThat(ledger.costs(BUSY, TOTAL, Integer.MAX_VALUE))
                .extracting(CostRecord::id)
                .hasSize(10_000)
                .doesNotContain("r0");
        assertThat(ledger.settle(BUSY, unsettled, 1).result())
                .as("however many were settled since")
                .isEqualTo(Result.LATE);
    }

    @Test
    void itKeepsTheLastTenThousandThatExpired() {
        for (String id : List.of("settled", "again", "oldest", "second")) {
            ledger.reserve(BUSY, hold(id));
        }
        clock.pass(LEASE);
        assertThat(ledger.settle(BUSY, hold("settled"), 1).result()).isEqualTo(Result.LATE);
        ledger.reserve(BUSY, hold("again"));
        for (int i = 0; i < 9_998; i++) {
            ledger.reserve(BUSY, hold("r" + i));
        }
        clock.pass(LEASE);

        // It looks for what expired: 10,001, of which "oldest" and "second" did so before.
        assertThat(ledger.balance(BUSY, TOTAL)).isEqualTo(new Balance(1, 0, 0));
        assertThat(ledger.settle(BUSY, hold("oldest"), 1).result()).isEqualTo(Result.ENDED);
        assertThat(ledger.settle(BUSY, hold("second"), 1).result()).isEqualTo(Result.LATE);
        assertThat(ledger.settle(BUSY, hold("again"), 1).result()).isEqualTo(Result.LATE);
        assertThat(ledger.settle(BUSY, hold("settled"), 1).result()).isEqualTo(Result.ENDED);
        assertThat(ledger.balance(BUSY, TOTAL)).isEqualTo(new Balance(3, 0, 0));
    }

    @Test
    void whatIsTooMuchToBeCountedIsRefusedAndMakesNoRoom() {
        Hold first = hold("first");
        ledger.reserve(BUSY, first);
        for (int i = 0; i < 9_223; i++) {
            ledger.reserve(BUSY, hold("r" + i));
            ledger.settle(BUSY, hold("r" + i), Budget.MOST);
        }

        long spent = 9_223 * Budget.MOST;
        assertThatThrownBy(() -> ledger.settle(BUSY, first, Budget.MOST)).isInstanceOf(UnavailableException.class);
        Hold most = new Hold("most", first.lines(), Budget.MOST, "", LEASE, false);
        assertThatThrownBy(() -> ledger.reserve(BUSY, most)).isInstanceOf(UnavailableException.class);
        assertThat(ledger.balance(BUSY, TOTAL)).isEqualTo(new Balance(spent, 1, 0));
        assertThat(ledger.settle(BUSY, first, 2).result()).isEqualTo(Result.SETTLED);
        assertThat(ledger.balance(BUSY, TOTAL)).isEqualTo(new Balance(spent + 2, 0, 0));
    }

    private static Hold hold(String id) {
        return new Hold(id, List.of(new Line(TOTAL, BudgetLedger.NO_LIMIT)), 1, "", LEASE, false);
    }
}
