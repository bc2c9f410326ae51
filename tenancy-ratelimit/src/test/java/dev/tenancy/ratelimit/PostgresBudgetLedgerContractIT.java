package dev.tenancy.ratelimit;

import dev.tenancy.ratelimit.testing.BudgetLedgerContract;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PostgresBudgetLedgerContractIT extends BudgetLedgerContract {
    private LedgerDatabase database;
    private BudgetLedger ledger;

    @BeforeAll
    void create() throws Exception {
        database = LedgerDatabase.create(8);
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
        return Integer.getInteger("tenancy.test.operations", 20_000) / 200;
    }
}
