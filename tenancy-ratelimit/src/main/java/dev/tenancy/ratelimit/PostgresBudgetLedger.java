package dev.tenancy.ratelimit;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tenancy.TenantId;
import dev.tenancy.UnavailableException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import javax.sql.DataSource;

/**
 * Budgets in PostgreSQL 14 or later: lasting, and shared by all replicas of a server.
 *
 * <p>One statement for each call, in a transaction of its own on a connection of its own, by the server's clock. Give
 * it a small pool of its own, so that it does not wait for connections that requests hold, in PostgreSQL's default
 * isolation level (READ COMMITTED). With a {@code TenantDataSource} every call sees the current tenant's rows only.
 * Immutable and thread-safe.
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
            WHERE tenant_id = ? AND id = ? AND state = 'open'
            """;

    /** What is due counts as if it had ended. */
    private static final String BALANCES = """
            SELECT a.budget, a.subject, a.period, a.spent + coalesce(due.charge, 0), a.reserved - coalesce(due.amount, 0), a.told
            FROM tenancy_budget AS a LEFT JOIN (
                SELECT p.budget, p.subject, p.period, sum(r.amount)::bigint AS amount,
                    sum(CASE WHEN r.charged_when_expired THEN r.amount ELSE 0 END)::bigint AS charge
                FROM tenancy_budget_reservation AS r, unnest(r.budgets, r.subjects, r.periods) AS p (budget, subject, period)
                WHERE r.tenant_id = ? AND r.state = 'open' AND r.expires_at <= clock_timestamp()
                GROUP BY p.budget, p.subject, p.period
            ) AS due ON due.budget = a.budget AND due.subject = a.subject AND due.period = a.period
            WHERE a.tenant_id = ?
            """;

    private static final String BALANCE = BALANCES + " AND a.budget = ? AND a.subject = ? AND a.period = ?";
    private static final String ENTRIES = BALANCES + " ORDER BY a.budget, a.subject, a.period";

    /** Whoever waited for the row sees what the one before remembered. */
    private static final String TELL = """
            WITH former AS (
                SELECT told FROM tenancy_budget
                WHERE tenant_id = ? AND budget = ? AND subject = ? AND period = ? AND told < ? FOR NO KEY UPDATE)
            UPDATE tenancy_budget AS a SET told = ? FROM former
            WHERE a.tenant_id = ? AND a.budget = ? AND a.subject = ? AND a.period = ?
            RETURNING former.told
            """;

    /** What is charged already: also what is due and not yet taken off. */
    private static final String COSTS = """
            FROM (
                SELECT r.id, r.tag, r.amount, r.late, coalesce(r.ended_at, r.expires_at) AS at, r.budgets, r.subjects, r.periods,
                    CASE WHEN r.state = 'open' THEN r.amount ELSE r.charge END AS charge
                FROM tenancy_budget_reservation AS r
                WHERE r.tenant_id = ? AND (r.state <> 'open' OR r.charged_when_expired AND r.expires_at <= clock_timestamp())
            ) AS cost
            WHERE charge > 0 AND (?, ?, ?) IN (SELECT * FROM unnest(budgets, subjects, periods))
            """;

    private static final String BY_TAG = "SELECT tag, sum(charge)::bigint " + COSTS + " GROUP BY tag ORDER BY tag";
    private static final String RECORDS =
            "SELECT id, tag, amount, charge, late, at " + COSTS + " ORDER BY at DESC, id LIMIT ?";

    /** Serialization failure, deadlock (PostgreSQL manual, section 13.5). */
    private static final Set<String> CONTENTION = Set.of("40001", "40P01");

    private static final int MOST_TRIES = 20;

    private final DataSource dataSource;

    private PostgresBudgetLedger(DataSource dataSource) {
        this.dataSource = dataSource;
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
        return inTransactionOfItsOwn(RESERVE, statement -> {
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
            statement.setDouble(9, seconds(hold.lease()));
            statement.setBoolean(10, hold.chargedWhenExpired());
            return outcome(statement);
        });
    }

    private static Object[] texts(List<Line> lines, int part) {
        return lines.stream()
                .map(Line::account)
                .map(account -> part == 0 ? account.budget() : part == 1 ? account.subject() : account.period())
                .toArray();
    }

    @Override
    public Outcome settle(TenantId tenant, String id, long charge, boolean released) {
        return inTransactionOfItsOwn(SETTLE, statement -> {
            statement.setString(1, tenant.value());
            statement.setString(2, id);
            statement.setLong(3, charge);
            statement.setString(4, released ? "released" : "settled");
            return outcome(statement);
        });
    }

    private static Outcome outcome(PreparedStatement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery()) {
            row.next();
            Result result = Result.valueOf(row.getString(1).toUpperCase(Locale.ROOT));
            if (result == Result.DENIED) {
                return new Outcome(result, row.getInt(2) - 1, List.of());
            }
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
            return new Outcome(result, -1, balances);
        }
    }

    @Override
    public boolean extend(TenantId tenant, String id, Duration lease) {
        return inTransactionOfItsOwn(EXTEND, statement -> {
            statement.setDouble(1, seconds(lease));
            statement.setString(2, tenant.value());
            statement.setString(3, id);
            return statement.executeUpdate() == 1;
        });
    }

    @Override
    public Balance balance(TenantId tenant, Account account) {
        return inTransactionOfItsOwn(BALANCE, statement -> {
            statement.setString(1, tenant.value());
            bind(statement, 2, tenant, account);
            List<Entry> found = entries(statement);
            return found.isEmpty() ? new Balance(0, 0, 0) : found.get(0).balance();
        });
    }

    @Override
    public List<Entry> entries(TenantId tenant) {
        return inTransactionOfItsOwn(ENTRIES, statement -> {
            statement.setString(1, tenant.value());
            statement.setString(2, tenant.value());
            return entries(statement);
        });
    }

    private static List<Entry> entries(PreparedStatement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery()) {
            List<Entry> entries = new ArrayList<>();
            while (row.next()) {
                entries.add(new Entry(
                        new Account(row.getString(1), row.getString(2), row.getString(3)),
                        new Balance(row.getLong(4), row.getLong(5), row.getInt(6))));
            }
            return entries;
        }
    }

    @Override
    public int tell(TenantId tenant, Account account, int level) {
        return inTransactionOfItsOwn(TELL, statement -> {
            int next = bind(statement, 1, tenant, account);
            statement.setInt(next, level);
            statement.setInt(next + 1, level);
            bind(statement, next + 2, tenant, account);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? row.getInt(1) : level;
            }
        });
    }

    @Override
    public Map<String, Long> spentByTag(TenantId tenant, Account account) {
        return inTransactionOfItsOwn(BY_TAG, statement -> {
            bind(statement, 1, tenant, account);
            try (ResultSet row = statement.executeQuery()) {
                Map<String, Long> byTag = new LinkedHashMap<>();
                while (row.next()) {
                    byTag.put(row.getString(1), row.getLong(2));
                }
                return byTag;
            }
        });
    }

    @Override
    public List<CostRecord> costs(TenantId tenant, Account account, int most) {
        return inTransactionOfItsOwn(RECORDS, statement -> {
            statement.setInt(bind(statement, 1, tenant, account), most);
            try (ResultSet row = statement.executeQuery()) {
                List<CostRecord> records = new ArrayList<>();
                while (row.next()) {
                    Timestamp at = row.getTimestamp(6);
                    records.add(new CostRecord(
                            row.getString(1),
                            row.getString(2),
                            row.getLong(3),
                            row.getLong(4),
                            row.getBoolean(5),
                            at.toInstant()));
                }
                return records;
            }
        });
    }

    /** Binds an account from a position on, and tells which position is next. */
    private static int bind(PreparedStatement statement, int position, TenantId tenant, Account account)
            throws SQLException {
        statement.setString(position, tenant.value());
        statement.setString(position + 1, account.budget());
        statement.setString(position + 2, account.subject());
        statement.setString(position + 3, account.period());
        return position + 4;
    }

    private static double seconds(Duration time) {
        return time.toMillis() / 1e3;
    }

    /**
     * In autocommit the statement is its own transaction. One that contends with others is tried again: it has done
     * nothing.
     */
    private <R> R inTransactionOfItsOwn(String sql, SqlWork<R> work) {
        SQLException lastFailure = null;
        for (int tries = 0; tries < MOST_TRIES; tries++) {
            try {
                return once(sql, work);
            } catch (SQLException failure) {
                lastFailure = failure;
                if (failure.getSQLState() == null || !CONTENTION.contains(failure.getSQLState())) {
                    break;
                }
            }
        }
        throw new UnavailableException("the budget ledger cannot be used", lastFailure);
    }

    private <R> R once(String sql, SqlWork<R> work) throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            boolean autoCommit = connection.getAutoCommit();
            if (!autoCommit) {
                connection.setAutoCommit(true);
            }
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                return work.on(statement);
            } finally {
                if (!autoCommit) {
                    connection.setAutoCommit(false);
                }
            }
        }
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

    @FunctionalInterface
    private interface SqlWork<R> {
        R on(PreparedStatement statement) throws SQLException;
    }
}
