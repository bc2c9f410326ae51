package dev.tenancy.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenancy.TenantContext;
import dev.tenancy.TenantId;
import dev.tenancy.TenantIdentity;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collections;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Several work with one key at once, in one account and in several. */
class BudgetKeysIT {
    private static final TenantIdentity ACME = TenantIdentity.of(TenantId.of("acme"), "test");
    private static final int WORKERS = 6;
    private static final int JOBS = 200;

    @AutoClose("shutdownNow")
    private final ExecutorService threads = Executors.newFixedThreadPool(WORKERS);

    @AutoClose
    private LedgerDatabase database;

    private Budgets budgets;

    @BeforeEach
    void create() throws SQLException {
        database = LedgerDatabase.create(WORKERS);
        budgets = Budgets.in(database.ledger());
    }

    /** PostgreSQL waits for a second before it undoes one, and it would be tried again. */
    @ParameterizedTest
    @ValueSource(strings = {"1000000/total", "1000000/total, 1000000/total per subject"})
    void whoReservesAndWhoSettlesDoNotDeadlock(String plan) throws Exception {
        Callable<Integer> worker = TenantContext.call(
                ACME,
                () -> TenantContext.wrap((Callable<Integer>) () -> {
                    int settled = 0;
                    for (int job = 0; job < JOBS; job++) {
                        settled += work(BudgetPlan.parse(plan), Expense.of(1).withKey("job-" + job));
                    }
                    return settled;
                }));
        int settled = 0;
        for (Future<Integer> each : threads.invokeAll(Collections.nCopies(WORKERS, worker))) {
            settled += each.get();
        }

        assertThat(settled).isEqualTo(JOBS);
        assertThat(database.number("sum(spent) / count(*) FROM tenancy_budget")).isEqualTo(JOBS);
        database.closePoolAndAwaitEndOfSessions();
        assertThat(database.number("deadlocks FROM pg_stat_database WHERE datname = current_database()"))
                .isZero();
    }

    private int work(BudgetPlan plan, Expense job) {
        try {
            return budgets.reserve(plan, job).settle(1) ? 1 : 0;
        } catch (ReservationConflictException done) {
            return 0;
        }
    }

    /** There is no room, so that the record is looked for; when it is read it is gone, and there is room. */
    @ParameterizedTest
    @ValueSource(strings = {"100/total", "100/total, 100/total per subject"})
    void aRecordThatIsDeletedMeanwhileIsNone(String text) throws Exception {
        BudgetPlan plan = BudgetPlan.parse(text);
        Expense job = Expense.of(100).withKey("job-17");
        TenantContext.run(ACME, () -> budgets.reserve(plan, job).settle(100));
        try (Connection cleaning =
                        DriverManager.getConnection(database.database().superuserUrl());
                Statement statement = cleaning.createStatement()) {
            cleaning.setAutoCommit(false);
            statement.execute("DELETE FROM tenancy_budget_reservation");
            Future<Reservation> again = threads.submit(TenantContext.call(
                    ACME, () -> TenantContext.wrap((Callable<Reservation>) () -> budgets.reserve(plan, job))));
            while (!database.isSomebodyWaitingForALock()) {
                assertThat(again).isNotDone();
            }
            statement.execute("UPDATE tenancy_budget SET spent = 0");
            cleaning.commit();

            assertThat(again.get().settle(40)).isTrue();
        }
        assertThat(database.number("sum(reserved) FROM tenancy_budget")).isZero();
    }
}
