package dev.tenancy.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenancy.TenantContext;
import dev.tenancy.TenantId;
import dev.tenancy.TenantIdentity;
import dev.tenancy.jdbc.TenantBinding;
import dev.tenancy.ratelimit.BudgetLedger.Account;
import dev.tenancy.ratelimit.BudgetLedger.Hold;
import dev.tenancy.ratelimit.BudgetLedger.Line;
import dev.tenancy.ratelimit.testing.BudgetLedgerContract;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PostgresBudgetLedgerContractIT extends BudgetLedgerContract {
    private static final Line ONE = new Line(new Account("default", "", "total"), BudgetLedger.NO_LIMIT);
    private static final Line OTHER = new Line(new Account("default", "=u1", "total"), BudgetLedger.NO_LIMIT);
    private static final List<List<Line>> ONE_AND_SEVERAL = List.of(List.of(ONE), List.of(ONE, OTHER));

    private LedgerDatabase database;
    private BudgetLedger ledger;

    @BeforeAll
    void create() throws Exception {
        database = LedgerDatabase.create(8, true, TenantBinding.transaction());
        ledger = database.ledger();
    }

    @AfterAll
    void close() {
        database.close();
    }

    @BeforeEach
    void empty() {
        database.empty();
    }

    @Override
    protected BudgetLedger ledger() {
        return ledger;
    }

    @Override
    protected void pass(Duration time) {
        database.pass(time);
    }

    @Override
    protected int operationsPerThread() {
        return Integer.getInteger("tenancy.test.operations", 200);
    }

    /** So that a tenant whose budget is never spent does not keep what expired for ever. */
    @Test
    void whatExpiredIsTakenOffNowAndThenWhereThereIsRoomToo() throws Exception {
        for (List<Line> lines : ONE_AND_SEVERAL) {
            TenantId tenant = TenantId.of("with-" + lines.size());
            TenantContext.run(TenantIdentity.of(tenant, "test"), () -> {
                for (int i = 0; i < 1_000; i++) {
                    ledger.reserve(tenant, new Hold("r" + i, lines, 1, "", Duration.ZERO, false));
                }
            });

            assertThat(database.inState("open", tenant)).isLessThan(1_000);
        }
    }

    @Test
    void howAReservationEndedIsRemembered() throws Exception {
        for (List<Line> lines : ONE_AND_SEVERAL) {
            TenantId tenant = TenantId.of("ends-" + lines.size());
            TenantContext.run(TenantIdentity.of(tenant, "test"), () -> {
                for (String id : List.of("used", "unused", "free")) {
                    Hold hold = new Hold(id, lines, 1, "", Duration.ofMinutes(1), false);
                    ledger.reserve(tenant, hold);
                    if (id.equals("unused")) {
                        ledger.release(tenant, hold);
                    } else {
                        ledger.settle(tenant, hold, id.equals("used") ? 1 : 0);
                    }
                }
            });

            assertThat(database.inState("settled", tenant)).isEqualTo(2);
            assertThat(database.inState("released", tenant)).isEqualTo(1);
        }
    }
}
