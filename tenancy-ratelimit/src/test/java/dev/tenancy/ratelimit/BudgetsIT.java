package dev.tenancy.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.tenancy.Admitted;
import dev.tenancy.NoTenantException;
import dev.tenancy.Tenancy;
import dev.tenancy.Tenant;
import dev.tenancy.TenantCatalog;
import dev.tenancy.TenantContext;
import dev.tenancy.TenantId;
import dev.tenancy.TenantIdentity;
import dev.tenancy.TenantRequest;
import dev.tenancy.UnavailableException;
import dev.tenancy.jdbc.TenantBinding;
import dev.tenancy.jdbc.TenantDataSource;
import dev.tenancy.resolver.HeaderTenantResolver;
import dev.tenancy.testservers.CountingProxy;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.CsvSource;

/** Budgets in PostgreSQL, as a role that row-level security applies to. */
@ParameterizedClass(name = "autoCommit={0}, bound in a session={1}")
@CsvSource({"true, true", "false, false"})
class BudgetsIT {
    private static final TenantIdentity ACME = TenantIdentity.of(TenantId.of("acme"), "test");
    private static final TenantIdentity GLOBEX = TenantIdentity.of(TenantId.of("globex"), "test");
    private static final Budget HUNDRED = Budget.of(100, Budget.Period.DAY);
    private static final Instant TODAY = Instant.parse("2026-03-01T12:00:00Z");

    @Parameter(0)
    boolean autoCommit;

    @Parameter(1)
    boolean boundInSession;

    private LedgerDatabase database;
    private TenantDataSource source;
    private BudgetLedger ledger;
    private Budgets budgets;

    @BeforeEach
    void makeLedger() throws Exception {
        database = LedgerDatabase.create(4, autoCommit, binding());
        source = database.source();
        ledger = database.ledger();
        budgets = at(ledger).build();
    }

    private TenantBinding binding() {
        return boundInSession ? TenantBinding.session() : TenantBinding.transaction();
    }

    private static Budgets.Builder at(BudgetLedger ledger) {
        return Budgets.builder(ledger).clock(Clock.fixed(TODAY, ZoneOffset.UTC));
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void whatIsReservedIsGoneUntilItIsReleased() {
        TenantContext.run(ACME, () -> {
            Reservation first = budgets.reserve(HUNDRED, 60);
            assertThatThrownBy(() -> budgets.reserve(HUNDRED, 41)).isInstanceOf(BudgetSpentException.class);
            assertThat(budgets.reserve(HUNDRED, 40).release()).isTrue();
            assertThat(first.release()).isTrue();
            assertUsage(0, 0);
            assertThat(budgets.reserve(HUNDRED, 100).amount()).isEqualTo(100);
        });
    }

    @Test
    void whatWasUsedIsChargedOnce() {
        TenantContext.run(ACME, () -> {
            Reservation reservation = budgets.reserve(HUNDRED, 60);
            assertUsage(0, 60);

            assertThat(reservation.settle(25)).isTrue();
            assertThat(reservation.settle(25)).isFalse();
            assertThat(reservation.release()).isFalse();

            assertUsage(25, 0);
        });
    }

    @Test
    void moreThanWasReservedIsChargedAndTheNextIsRefused() {
        TenantContext.run(ACME, () -> {
            budgets.reserve(HUNDRED, 10).settle(150);

            assertUsage(150, 0);
            assertThat(budgets.usage(HUNDRED).left()).isZero();
            assertThatThrownBy(() -> budgets.reserve(HUNDRED, 1)).isInstanceOf(BudgetSpentException.class);
        });
    }

    @Test
    void aDenialReservesNothingAndSaysWhenTheBudgetIsBack() {
        TenantContext.run(ACME, () -> {
            Reservation other = budgets.reserve(HUNDRED, 60);
            assertThatThrownBy(() -> budgets.reserve(HUNDRED, 41))
                    .isInstanceOfSatisfying(BudgetSpentException.class, spent -> {
                        assertThat(spent.problem().status()).isEqualTo(429);
                        assertThat(spent.problem().type().getPath()).endsWith("/budget-spent");
                        assertThat(spent.problem().headers()).containsEntry("Retry-After", "43200");
                    });
            assertUsage(0, 60);
            other.release();
        });
    }

    @Test
    void tenantsHaveBudgetsOfTheirOwn() {
        TenantContext.run(ACME, () -> budgets.reserve(HUNDRED, 100));

        TenantContext.run(GLOBEX, () -> {
            assertUsage(0, 0);
            assertThat(budgets.reserve(HUNDRED, 100).settle(100)).isTrue();
        });
        TenantContext.run(ACME, () -> assertUsage(0, 100));
    }

    @Test
    void settlingTwiceAtOnceChargesOnce() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            for (int round = 1; round <= 20; round++) {
                Reservation reservation = TenantContext.call(ACME, () -> budgets.reserve(HUNDRED, 3));
                Callable<Boolean> settling = () -> reservation.settle(1);
                for (Future<Boolean> each : threads.invokeAll(Collections.nCopies(4, settling))) {
                    each.get();
                }
                int rounds = round;
                TenantContext.run(ACME, () -> assertUsage(rounds, 0));
            }
        } finally {
            threads.shutdownNow();
        }
    }

    /** Reserving sweeps what expired, while others settle the same: neither waits for the other in a circle. */
    @Test
    void lateSettlementsAndReservationsDoNotDeadlock() throws Exception {
        Budgets hasty = at(ledger).lease(Duration.ofMillis(1)).build();
        Budget big = Budget.of(1_000_000, Budget.Period.DAY);
        Callable<Integer> worker = TenantContext.call(
                ACME,
                () -> TenantContext.wrap((Callable<Integer>) () -> {
                    for (int i = 0; i < 40; i++) {
                        Reservation first = hasty.reserve(big, 5);
                        Reservation second = hasty.reserve(big, 5);
                        first.settle(1);
                        second.settle(1);
                    }
                    return 80;
                }));
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            int spent = 0;
            for (Future<Integer> each : threads.invokeAll(Collections.nCopies(8, worker))) {
                spent += each.get();
            }
            int total = spent;
            TenantContext.run(ACME, () -> assertUsage(total, 0));
            assertThat(counterOf("reserved")).as("the counter itself").isZero();
        } finally {
            threads.shutdownNow();
        }
    }

    private long counterOf(String column) throws SQLException {
        return TenantContext.call(ACME, () -> {
            try (Connection connection = source.getConnection();
                    ResultSet row = connection
                            .createStatement()
                            .executeQuery("SELECT sum(" + column + ") FROM tenancy_budget")) {
                row.next();
                return row.getLong(1);
            }
        });
    }

    @Test
    void concurrentReservationsDoNotOverspend() throws Exception {
        Callable<Integer> spender = TenantContext.call(
                ACME,
                () -> TenantContext.wrap((Callable<Integer>) () -> {
                    int spent = 0;
                    for (int i = 0; i < 25; i++) {
                        try {
                            Reservation reservation = budgets.reserve(HUNDRED, 3);
                            reservation.settle(2);
                            spent += 2;
                        } catch (BudgetSpentException refused) {
                            assertThat(refused.problem().status()).isEqualTo(429);
                        }
                    }
                    return spent;
                }));
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            int spent = 0;
            for (Future<Integer> each : threads.invokeAll(Collections.nCopies(8, spender))) {
                spent += each.get();
            }
            int total = spent;
            assertThat(total).isBetween(98, 100);
            TenantContext.run(ACME, () -> assertUsage(total, 0));
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void aLedgerThatIsAwayIsAnOutage() {
        source.close();

        TenantContext.run(
                ACME,
                () -> assertThatThrownBy(() -> budgets.reserve(HUNDRED, 1)).isInstanceOf(UnavailableException.class));
    }

    @Test
    void withoutATenantNothingIsReserved() {
        assertThatThrownBy(() -> budgets.reserve(HUNDRED, 1)).isInstanceOf(NoTenantException.class);
    }

    @Test
    void theGuardChargesTheEstimateWhenAHandlerSucceededWithoutSettling() {
        Tenancy tenancy = Tenancy.builder()
                .resolver(HeaderTenantResolver.of("X-Tenant"))
                .catalog(TenantCatalog.of(Tenant.builder(ACME.tenantId())
                        .setting("budget", "100/1d")
                        .build()))
                .guard(BudgetGuard.of(budgets, request -> Optional.of(Expense.of(10))))
                .build();
        TenantRequest request =
                TenantRequest.builder().header("X-Tenant", "acme").build();
        try (Admitted admitted = (Admitted) tenancy.admit(request)) {
            assertThat(admitted.attachment(Reservation.class)).isPresent();
            admitted.markSucceeded();
        }

        TenantContext.run(ACME, () -> assertUsage(10, 0));
    }

    /**
     * Bound by transaction; a session takes three. In one account now and then twice, when what expired is taken off.
     */
    @Test
    void aReservationIsOneRoundTripAndSoIsItsEnd() throws Exception {
        BudgetPlan several = BudgetPlan.of(HUNDRED, HUNDRED.perSubject());
        try (CountingProxy proxy = CountingProxy.to(database.database().address());
                TenantDataSource counted =
                        LedgerDatabase.pool(proxy.url(database.database().appUrl()), 1, autoCommit, binding())) {
            Budgets far = at(PostgresBudgetLedger.on(counted)).build();
            for (BudgetPlan plan : List.of(BudgetPlan.of(HUNDRED), several)) {
                spendHundredTimes(far, plan);
                long trips = boundInSession ? 3 : 1;
                assertThat(proxy.roundTripsOf(() -> spendHundredTimes(far, plan)))
                        .isBetween(200 * trips, (plan.equals(several) ? 200 : 220) * trips);
            }
        }
    }

    private static void spendHundredTimes(Budgets budgets, BudgetPlan plan) {
        TenantContext.run(ACME, () -> {
            for (int i = 0; i < 100; i++) {
                assertThat(budgets.reserve(plan, Expense.of(1)).settle(0)).isTrue();
            }
        });
    }

    /** A caller that holds the only connection is refused; with a pool of its own, the ledger does not wait for it. */
    @Test
    void aPoolOfOneStarvesNobodyButItself() throws Exception {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(database.database().appUrl());
        config.setMaximumPoolSize(1);
        config.setAutoCommit(autoCommit);
        config.setConnectionTimeout(250);
        try (TenantDataSource one = TenantDataSource.wrap(new HikariDataSource(config))) {
            Budgets starved = at(PostgresBudgetLedger.on(one)).build();
            TenantContext.run(ACME, () -> {
                try (Connection held = one.getConnection()) {
                    assertThat(held.isClosed()).isFalse();
                    assertThatThrownBy(() -> starved.reserve(HUNDRED, 1)).isInstanceOf(UnavailableException.class);
                    assertThat(budgets.reserve(HUNDRED, 1).settle(1)).isTrue();
                } catch (SQLException failure) {
                    throw new IllegalStateException(failure);
                }
                assertThat(starved.reserve(HUNDRED, 1).settle(1)).isTrue();
                assertUsage(2, 0);
            });
        }
    }

    /** What the caller rolls back is not what it reserved. */
    @Test
    void theTransactionOfTheCallerIsNotTheLedgers() throws Exception {
        TenantContext.run(ACME, () -> {
            try (Connection callers = source.getConnection()) {
                callers.setAutoCommit(false);
                callers.createStatement().execute("SELECT 1");
                budgets.reserve(HUNDRED, 10).settle(10);
                callers.rollback();
                callers.setAutoCommit(autoCommit);
            } catch (SQLException failure) {
                throw new IllegalStateException(failure);
            }
            assertUsage(10, 0);
        });
    }

    private void assertUsage(long spent, long reserved) {
        Budgets.Usage usage = budgets.usage(HUNDRED);
        assertThat(usage.spent()).as("spent").isEqualTo(spent);
        assertThat(usage.reserved()).as("reserved").isEqualTo(reserved);
    }
}
