package dev.tenancy.ratelimit;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tenancy.TenantId;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import javax.sql.DataSource;

/**
 * Budgets in PostgreSQL 14 or later: lasting, and shared by all replicas of a server.
 *
 * <p>One statement for each call, or two for what is out of the ordinary, each in a transaction of its own on a
 * connection of its own, by the server's clock. Give it a small pool of its own, so that it does not wait for
 * connections that requests hold, in PostgreSQL's default isolation level (READ COMMITTED). With a
 * {@code TenantDataSource} every call sees the current tenant's rows only. Immutable and thread-safe.
 *
 * @since 0.1
 */
public final class PostgresBudgetLedger implements BudgetLedger {
    private static final String DDL = resource("budgets.sql");

    private static final String RESERVE = "SELECT outcome, denied_at, all_spent, all_reserved, all_told"
            + " FROM tenancy_budget_reserve(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";

    private static final String SETTLE =
            "SELECT outcome, NULL, all_spent, all_reserved, all_told FROM tenancy_budget_settle(?, ?, ?, ?)";

    private static final String EXTEND = """
            UPDATE tenancy_budget_reservation
            SET expires_at = greatest(expires_at, clock_timestamp() + ? * interval '1 second')
            WHERE tenant_id = ? AND id = ? AND state = 'open' AND expires_at > clock_timestamp()
            """;

    /** Whoever waited for the row sees what the one before remembered. */
    private static final String TELL = """
            WITH former AS (
                SELECT told FROM tenancy_budget
                WHERE tenant_id = ? AND budget = ? AND subject = ? AND period = ? AND told < ? FOR NO KEY UPDATE)
            UPDATE tenancy_budget AS a SET told = ? FROM former
            WHERE a.tenant_id = ? AND a.budget = ? AND a.subject = ? AND a.period = ?
            RETURNING former.told
            """;

    private final LedgerTransactions transactions;
    private final OneAccount oneAccount;
    private final LedgerReports reports;

    private PostgresBudgetLedger(DataSource dataSource) {
        this.transactions = new LedgerTransactions(dataSource);
        this.oneAccount = new OneAccount(transactions);
        this.reports = new LedgerReports(transactions);
    }

    /** {@return a ledger in the tables of {@link #ddl()}, found by the {@code search_path}} */
    public static PostgresBudgetLedger on(DataSource dataSource) {
        return new PostgresBudgetLedger(Objects.requireNonNull(dataSource, "dataSource"));
    }

    /**
     * {@return the SQL that makes its tables {@code tenancy_budget} and {@code tenancy_budget_reservation} if they are
     * not there, and its functions, which run with the rights of whoever calls them}
     *
     * <p>The tables have a column {@code tenant_id} and primary keys that lead with it, {@code (tenant_id, budget,
     * subject, period)} and {@code (tenant_id, id)}; protect them with row-level security like your own tables. The
     * role of the application needs SELECT, INSERT and UPDATE on them.
     */
    public static String ddl() {
        return DDL;
    }

    @Override
    public Outcome reserve(TenantId tenant, Hold hold) {
        return oneAccount
                .reserve(tenant, hold)
                .orElseGet(() -> transactions.run(RESERVE, statement -> {
                    List<Line> lines = hold.lines();
                    Connection connection = statement.getConnection();
                    statement.setString(1, tenant.value());
                    statement.setString(2, hold.id());
                    statement.setArray(3, connection.createArrayOf("text", texts(lines, 0)));
                    statement.setArray(4, connection.createArrayOf("text", texts(lines, 1)));
                    statement.setArray(5, connection.createArrayOf("text", texts(lines, 2)));
                    statement.setArray(
                            6,
                            connection.createArrayOf(
                                    "bigint",
                                    lines.stream()
                                            .map(line -> line.limit() == NO_LIMIT ? null : line.limit())
                                            .toArray()));
                    statement.setLong(7, hold.amount());
                    statement.setString(8, hold.tag());
                    statement.setDouble(9, LedgerParameters.seconds(hold.lease()));
                    statement.setBoolean(10, hold.chargedWhenExpired());
                    return outcome(statement);
                }));
    }

    private static Object[] texts(List<Line> lines, int part) {
        return lines.stream()
                .map(Line::account)
                .map(account -> part == 0 ? account.budget() : part == 1 ? account.subject() : account.period())
                .toArray();
    }

    @Override
    public Outcome settle(TenantId tenant, Hold hold, long charge) {
        return end(tenant, hold, Expense.requireAmount("charge", charge), "settled");
    }

    @Override
    public Outcome release(TenantId tenant, Hold hold) {
        return end(tenant, hold, 0, "released");
    }

    private Outcome end(TenantId tenant, Hold hold, long charge, String state) {
        return oneAccount
                .settle(tenant, hold, charge, state)
                .orElseGet(() -> transactions.run(SETTLE, statement -> {
                    statement.setString(1, tenant.value());
                    statement.setString(2, hold.id());
                    statement.setLong(3, charge);
                    statement.setString(4, state);
                    return outcome(statement);
                }));
    }

    private static Outcome outcome(PreparedStatement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery()) {
            row.next();
            Result result = Result.valueOf(row.getString(1).toUpperCase(Locale.ROOT));
            if (row.getArray(3) == null) {
                return Outcome.of(result);
            }
            Long[] spent = (Long[]) row.getArray(3).getArray();
            Long[] reserved = (Long[]) row.getArray(4).getArray();
            Integer[] told = (Integer[]) row.getArray(5).getArray();
            List<Balance> balances = new ArrayList<>(spent.length);
            for (int i = 0; i < spent.length; i++) {
                balances.add(new Balance(spent[i], reserved[i], told[i]));
            }
            return new Outcome(result, row.getInt(2) - 1, balances); // NULL is 0
        }
    }

    @Override
    public boolean extend(TenantId tenant, Hold hold, Duration lease) {
        return transactions.run(EXTEND, statement -> {
            statement.setDouble(1, LedgerParameters.seconds(lease));
            statement.setString(2, tenant.value());
            statement.setString(3, hold.id());
            return statement.executeUpdate() == 1;
        });
    }

    @Override
    public Balance balance(TenantId tenant, Account account) {
        return reports.balance(tenant, account);
    }

    @Override
    public List<Entry> entries(TenantId tenant) {
        return reports.entries(tenant);
    }

    @Override
    public int tell(TenantId tenant, Account account, int level) {
        return transactions.run(TELL, statement -> {
            int next = LedgerParameters.bind(statement, 1, tenant, account);
            statement.setInt(next, level);
            statement.setInt(next + 1, level);
            LedgerParameters.bind(statement, next + 2, tenant, account);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? row.getInt(1) : level;
            }
        });
    }

    @Override
    public Map<String, Long> spentByTag(TenantId tenant, Account account) {
        return reports.spentByTag(tenant, account);
    }

    @Override
    public List<CostRecord> costs(TenantId tenant, Account account, int most) {
        return reports.costs(tenant, account, most);
    }

    private static String resource(String name) {
        try (InputStream file = PostgresBudgetLedger.class.getResourceAsStream(name)) {
            if (file == null) {
                throw new IllegalStateException(name + " is not in the jar");
            }
            return new String(file.readAllBytes(), UTF_8);
        } catch (IOException failure) {
            throw new UncheckedIOException(name + " cannot be read", failure);
        }
    }
}
