package dev.tenancy.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenancy.TenantContext;
import dev.tenancy.TenantId;
import dev.tenancy.TenantIdentity;
import dev.tenancy.ratelimit.BudgetLedger.Account;
import dev.tenancy.ratelimit.BudgetLedger.Hold;
import dev.tenancy.ratelimit.BudgetLedger.Line;
import dev.tenancy.ratelimit.BudgetLedger.Result;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What expired is taken off whatever happened before, and a denial does not pass all that has ended. */
class SweptAccountsIT {
    private static final TenantId ACME = TenantId.of("acme");
    private static final Duration AT_ONCE = Duration.ZERO;
    private static final Duration LEASE = Duration.ofHours(1);
    private static final Pattern PAGES = Pattern.compile("shared hit=([0-9]+)");

    @AutoClose
    private LedgerDatabase database;

    private BudgetLedger ledger;

    @BeforeEach
    void create() throws SQLException {
        database = LedgerDatabase.create(2);
        ledger = database.ledger();
    }

    static List<List<Line>> lines() {
        Line one = new Line(new Account("default", "", "total"), 100);
        Line other = new Line(new Account("default", "=u1", "total"), 100);
        return List.of(List.of(one), List.of(one, other));
    }

    /** The index of open reservations has those that have ended until they are vacuumed. */
    @ParameterizedTest
    @MethodSource("lines")
    void aDenialTakesNotLongerTheMoreHasEnded(List<Line> lines) throws SQLException {
        assertThat(reserve("all", lines, 100, LEASE)).isEqualTo(Result.RESERVED);
        assertThat(reserve("more", lines, 1, LEASE)).isEqualTo(Result.DENIED);
        int before = pagesOfADenial(lines);

        openOthers("clock_timestamp() - interval '1 minute' + n * interval '1 millisecond'");
        database.database()
                .asSuperuser("UPDATE tenancy_budget_reservation SET state = 'settled', ended_at = clock_timestamp()"
                        + " WHERE id LIKE 'other%'");

        assertThat(pagesOfADenial(lines)).isLessThan(before + 50);
    }

    @ParameterizedTest
    @MethodSource("lines")
    void aDenialTakesNotLongerTheMoreIsOpen(List<Line> lines) throws SQLException {
        assertThat(reserve("all", lines, 100, LEASE)).isEqualTo(Result.RESERVED);
        assertThat(reserve("more", lines, 1, LEASE)).isEqualTo(Result.DENIED);
        int before = pagesOfADenial(lines);

        openOthers("clock_timestamp() + interval '1 hour'");

        assertThat(pagesOfADenial(lines)).isLessThan(before + 50);
    }

    @ParameterizedTest
    @MethodSource("lines")
    void aDenialSweepsWhatWasNotSweptForLong(List<Line> lines) throws SQLException {
        assertThat(reserve("all", lines, 100, LEASE)).isEqualTo(Result.RESERVED);
        sweptTo("clock_timestamp() - interval '1 hour'");

        assertThat(reserve("more", lines, 1, LEASE)).isEqualTo(Result.DENIED);

        assertThat(notSweptLately()).isZero();
    }

    @ParameterizedTest
    @MethodSource("lines")
    void aNewAccountIsAsGoodAsSwept(List<Line> lines) throws SQLException {
        assertThat(reserve("first", lines, 100, LEASE)).isEqualTo(Result.RESERVED);

        assertThat(notSweptLately()).isZero();
    }

    private long notSweptLately() throws SQLException {
        return database.number(
                "count(*) FROM tenancy_budget WHERE swept_to < clock_timestamp() - interval '30 minutes'");
    }

    /** In tables about which PostgreSQL knows nothing yet. */
    @ParameterizedTest
    @MethodSource("lines")
    void oneIsEndedWithoutReadingAllThatAreOpen(List<Line> lines) throws SQLException {
        openOthers("clock_timestamp() + interval '1 hour'");
        Hold one = new Hold("one", lines, 1, "", LEASE, false);

        TenantContext.run(identity(), () -> {
            assertThat(ledger.reserve(ACME, one).result()).isEqualTo(Result.RESERVED);
            assertThat(ledger.extend(ACME, one, LEASE)).isTrue();
            assertThat(ledger.settle(ACME, one, 1).result()).isEqualTo(Result.SETTLED);
        });

        database.closePoolAndAwaitEndOfSessions();
        assertThat(read("tenancy_budget_reservation_pkey")).isPositive();
        assertThat(read("tenancy_budget_reservation_open")).isLessThan(100);
    }

    private void openOthers(String expiresAt) {
        database.database()
                .asSuperuser(
                        "INSERT INTO tenancy_budget_reservation (tenant_id, id, budgets, subjects, periods, tag, amount,"
                                + " expires_at, charged_when_expired, state, reserved_at)"
                                + " SELECT 'acme', 'other' || n, '{default}', '{\"\"}', '{total}', '', 0, " + expiresAt
                                + ", false, 'open', clock_timestamp() FROM generate_series(1, 50000) n");
    }

    private long read(String index) throws SQLException {
        return database.number("idx_tup_read FROM pg_stat_user_indexes WHERE indexrelname = '" + index + "'");
    }

    /** Of one that need not look at everything. */
    private int pagesOfADenial(List<Line> lines) throws SQLException {
        sweptTo("clock_timestamp()");
        return TenantContext.call(identity(), () -> {
            try (Connection connection = database.source().getConnection();
                    Statement statement = connection.createStatement();
                    ResultSet plan = statement.executeQuery(
                            "EXPLAIN (ANALYZE, BUFFERS) SELECT " + call("one more", lines, "100", 1, LEASE))) {
                while (plan.next()) {
                    Matcher pages = PAGES.matcher(plan.getString(1));
                    if (pages.find()) {
                        return Integer.parseInt(pages.group(1));
                    }
                }
                throw new AssertionError("no pages");
            }
        });
    }

    private static String call(String id, List<Line> lines, String limit, long amount, Duration lease) {
        return "tenancy_budget_reserve('acme', '" + id + "', " + array(lines, Account::budget) + ", "
                + array(lines, Account::subject) + ", " + array(lines, Account::period) + ", array_fill(" + limit
                + "::bigint, ARRAY[" + lines.size() + "]), " + amount + ", '', " + lease.toSeconds() + ", false)";
    }

    private static String array(List<Line> lines, Function<Account, String> part) {
        return lines.stream()
                .map(line -> "'" + part.apply(line.account()) + "'")
                .collect(Collectors.joining(", ", "ARRAY[", "]"));
    }

    /** A rollback leaves it open. */
    @ParameterizedTest
    @MethodSource("lines")
    void whatSomebodyElseWasEndingIsTakenOffLater(List<Line> lines) throws SQLException {
        assertThat(reserve("expired", lines, 100, AT_ONCE)).isEqualTo(Result.RESERVED);
        try (Connection other = DriverManager.getConnection(database.database().superuserUrl());
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute("SELECT FROM tenancy_budget_reservation FOR UPDATE");

            assertThat(reserve("next", lines, 100, LEASE)).isEqualTo(Result.DENIED);

            other.rollback();
        }

        assertThat(reserve("next", lines, 100, LEASE)).isEqualTo(Result.RESERVED);
    }

    /** It would be expired before the time to which the account is swept. */
    @ParameterizedTest
    @MethodSource("lines")
    void whoIsReservingIsWaitedForByASweep(List<Line> lines) throws Exception {
        assertThat(reserve("all", lines, 100, LEASE)).isEqualTo(Result.RESERVED);
        sweptTo("clock_timestamp() - interval '1 hour'");
        ExecutorService threads = Executors.newSingleThreadExecutor();
        try (Connection other = DriverManager.getConnection(database.database().superuserUrl());
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute("SELECT " + call("expired", lines, "NULL", 50, AT_ONCE));
            Future<Result> denied = threads.submit(() -> reserve("next", lines, 1, LEASE));
            while (!database.isSomebodyWaitingForALock()) {
                assertThat(denied).isNotDone();
            }
            other.commit();

            assertThat(denied.get()).isEqualTo(Result.DENIED);
        } finally {
            threads.shutdownNow();
        }
        assertThat(database.number("max(reserved) FROM tenancy_budget")).isEqualTo(100);
    }

    @ParameterizedTest
    @MethodSource("lines")
    void aClockThatWasSetBackKeepsNothingReserved(List<Line> lines) throws SQLException {
        assertThat(reserve("expired", lines, 100, AT_ONCE)).isEqualTo(Result.RESERVED);
        sweptTo("clock_timestamp() + interval '1 hour'");

        assertThat(reserve("next", lines, 100, LEASE)).isEqualTo(Result.RESERVED);
    }

    /** What a clock that was set back, and is right again, leaves behind. */
    @ParameterizedTest
    @MethodSource("lines")
    void whatExpiredBeforeTheAccountWasSweptIsTakenOffInTheEnd(List<Line> lines) throws SQLException {
        assertThat(reserve("expired", lines, 100, AT_ONCE)).isEqualTo(Result.RESERVED);
        database.database()
                .asSuperuser(
                        "UPDATE tenancy_budget_reservation SET expires_at = clock_timestamp() - interval '1 minute'");
        Result result = Result.DENIED;
        for (int sweeps = 0; sweeps < 1_000 && result == Result.DENIED; sweeps++) {
            sweptTo("clock_timestamp() - interval '10 seconds'");
            result = reserve("next", lines, 100, LEASE);
        }

        assertThat(result).isEqualTo(Result.RESERVED);
    }

    @ParameterizedTest
    @MethodSource("lines")
    void whatExpiredBeforeTheAccountWasSweptIsReservedAgain(List<Line> lines) throws SQLException {
        assertThat(reserve("expired", lines, 100, AT_ONCE)).isEqualTo(Result.RESERVED);
        sweptTo("clock_timestamp()");

        assertThat(reserve("expired", lines, 100, LEASE)).isEqualTo(Result.RESERVED);
    }

    @ParameterizedTest
    @MethodSource("lines")
    void whatExpiredInAnAccountThatWasDeletedIsReservedAgain(List<Line> lines) {
        assertThat(reserve("expired", lines, 100, AT_ONCE)).isEqualTo(Result.RESERVED);
        database.database().asSuperuser("DELETE FROM tenancy_budget");

        assertThat(reserve("expired", lines, 100, LEASE)).isEqualTo(Result.RESERVED);
    }

    private Result reserve(String id, List<Line> lines, long amount, Duration lease) {
        return TenantContext.call(
                identity(),
                () -> ledger.reserve(ACME, new Hold(id, lines, amount, "", lease, false))
                        .result());
    }

    private void sweptTo(String time) {
        database.database().asSuperuser("UPDATE tenancy_budget SET swept_to = " + time);
    }

    private static TenantIdentity identity() {
        return TenantIdentity.of(ACME, "test");
    }
}
