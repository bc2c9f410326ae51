package dev.tenancy.ratelimit;

import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

/** In PostgreSQL. */
class BudgetPitfallsIT extends BudgetPitfalls {
    private static LedgerDatabase database;

    @BeforeAll
    static void create() throws Exception {
        database = LedgerDatabase.create(2);
    }

    @AfterAll
    static void close() {
        database.close();
    }

    @BeforeEach
    void empty() {
        database.empty();
    }

    @Override
    BudgetLedger openLedger() {
        return PostgresBudgetLedger.on(database.source());
    }

    @Override
    void pass(Duration time) {
        database.pass(time);
    }
}
