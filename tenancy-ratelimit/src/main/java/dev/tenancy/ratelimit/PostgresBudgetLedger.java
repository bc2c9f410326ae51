package dev.tenancy.ratelimit;

import dev.tenancy.TenantId;
import dev.tenancy.UnavailableException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Set;
import java.util.UUID;
import javax.sql.DataSource;

/**
 * Budgets in PostgreSQL: lasting, and shared by all replicas of a server.
 *
 * <p>One statement for each call (two for a refusal), in a transaction of its own on a connection of its own; give it a
 * small pool of its own, so that it does not wait for connections that requests hold. With a {@code TenantDataSource}
 * every call sees the current tenant's rows only. Immutable and thread-safe.
 *
 * @since 0.1
 */
public final class PostgresBudgetLedger implements BudgetLedger {
    private static final String SCHEMA = """
            CREATE TABLE IF NOT EXISTS tenancy_budget (
                tenant_id text NOT NULL,
                budget text NOT NULL,
                period text NOT NULL,
                spent bigint NOT NULL,
                reserved bigint NOT NULL,
                last_reservation uuid,
                PRIMARY KEY (tenant_id, budget, period)
            );
            CREATE TABLE IF NOT EXISTS tenancy_budget_reservation (
                tenant_id text NOT NULL,
                id uuid NOT NULL,
                budget text NOT NULL,
                period text NOT NULL,
                amount bigint NOT NULL,
                expires_at timestamptz NOT NULL,
                state text NOT NULL CHECK (state IN ('open', 'expired', 'settled')),
                charge bigint,
                PRIMARY KEY (tenant_id, id)
            );
            CREATE INDEX IF NOT EXISTS tenancy_budget_reservation_open
                ON tenancy_budget_reservation (tenant_id, budget, period, expires_at) WHERE state = 'open';
            """;

    /**
     * Expired reservations are locked before the budget, as settling does, and none is waited for: whoever holds one
     * settles it. The row of the budget is locked by the upsert, which computes with its newest version. What expired
     * is taken off whether the new reservation fits or not; {@code last_reservation} says which it was.
     */
    private static final String RESERVE = """
            WITH given AS (
                SELECT ?::text AS tenant_id, ?::text AS budget, ?::text AS period, ?::uuid AS id, ?::bigint AS amount, ?::bigint AS most
            ), due AS (
                SELECT old.tenant_id, old.id FROM tenancy_budget_reservation AS old, given
                WHERE old.tenant_id = given.tenant_id AND old.budget = given.budget AND old.period = given.period
                    AND old.state = 'open' AND old.expires_at <= clock_timestamp()
                FOR UPDATE OF old SKIP LOCKED
            ), expired AS (
                UPDATE tenancy_budget_reservation AS old SET state = 'expired' FROM due
                WHERE old.tenant_id = due.tenant_id AND old.id = due.id
                RETURNING old.amount
            ), freed AS (
                SELECT coalesce(sum(amount), 0)::bigint AS amount FROM expired
            ), budget AS (
                INSERT INTO tenancy_budget AS budget (tenant_id, budget, period, spent, reserved, last_reservation)
                SELECT tenant_id, budget, period, 0, CASE WHEN amount <= most THEN amount ELSE 0 END,
                    CASE WHEN amount <= most THEN id END
                FROM given
                ON CONFLICT (tenant_id, budget, period) DO UPDATE SET (reserved, last_reservation) = (
                    SELECT CASE WHEN fits THEN still + given.amount ELSE still END, CASE WHEN fits THEN given.id END
                    FROM given, freed,
                        LATERAL (SELECT budget.reserved - freed.amount AS still) AS reserved,
                        LATERAL (SELECT budget.spent + still + given.amount <= given.most AS fits) AS room
                )
                RETURNING budget.last_reservation
            )
            INSERT INTO tenancy_budget_reservation (tenant_id, id, budget, period, amount, expires_at, state)
            SELECT given.tenant_id, given.id, given.budget, given.period, given.amount,
                clock_timestamp() + make_interval(secs => ?), 'open'
            FROM given JOIN budget ON budget.last_reservation = given.id
            """;

    private static final String SETTLE = """
            WITH ended AS (
                SELECT tenant_id, id, budget, period, amount, state FROM tenancy_budget_reservation
                WHERE tenant_id = ? AND id = ? AND state <> 'settled'
                FOR UPDATE
            ), charged AS (
                UPDATE tenancy_budget_reservation AS reservation SET state = 'settled', charge = ?
                FROM ended WHERE reservation.tenant_id = ended.tenant_id AND reservation.id = ended.id
                RETURNING reservation.charge
            )
            UPDATE tenancy_budget AS budget SET
                spent = budget.spent + charged.charge,
                reserved = budget.reserved - CASE ended.state WHEN 'open' THEN ended.amount ELSE 0 END
            FROM ended, charged
            WHERE budget.tenant_id = ended.tenant_id AND budget.budget = ended.budget AND budget.period = ended.period
            """;

    private static final String BALANCE = """
            SELECT
                (SELECT coalesce(sum(spent), 0) FROM tenancy_budget WHERE tenant_id = ? AND budget = ? AND period = ?),
                (SELECT coalesce(sum(amount), 0) FROM tenancy_budget_reservation
                    WHERE tenant_id = ? AND budget = ? AND period = ? AND state = 'open' AND expires_at > clock_timestamp())
            """;

    private static final String IS_OPEN = """
            SELECT 1 FROM tenancy_budget_reservation
            WHERE tenant_id = ? AND budget = ? AND period = ? AND id = ? AND amount = ?
                AND state = 'open' AND expires_at > clock_timestamp()
            """;

    private static final String DUPLICATE_KEY = "23505";

    /** Serialization failure, deadlock (PostgreSQL manual, section 13.5). */
    private static final Set<String> CONTENTION = Set.of("40001", "40P01");

    private static final int MOST_TRIES = 20;

    private final DataSource dataSource;

    private PostgresBudgetLedger(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    /** {@return a ledger in the tables of {@link #ddl()}} */
    public static PostgresBudgetLedger on(DataSource dataSource) {
        return new PostgresBudgetLedger(dataSource);
    }

    /**
     * {@return the SQL that makes its tables {@code tenancy_budget} and {@code tenancy_budget_reservation}, if they are
     * not there}
     *
     * <p>They have a column {@code tenant_id} and primary keys that lead with it; protect them with row-level security
     * like your own tables.
     */
    public static String ddl() {
        return SCHEMA;
    }

    @Override
    public boolean reserve(Account account, UUID reservation, long limit, long amount, Duration lease) {
        return insert(account, reservation, limit, amount, lease) || isOpen(account, reservation, amount);
    }

    private boolean insert(Account account, UUID reservation, long limit, long amount, Duration lease) {
        return inTransactionOfItsOwn(RESERVE, statement -> {
            int next = bind(statement, 1, account);
            statement.setObject(next, reservation);
            statement.setLong(next + 1, amount);
            statement.setLong(next + 2, limit);
            statement.setDouble(next + 3, lease.toMillis() / 1e3);
            try {
                return statement.executeUpdate() == 1;
            } catch (SQLException failure) {
                if (DUPLICATE_KEY.equals(failure.getSQLState())) {
                    return false;
                }
                throw failure;
            }
        });
    }

    /** Tells a reservation that is asked for again from one that does not fit. */
    private boolean isOpen(Account account, UUID reservation, long amount) {
        return inTransactionOfItsOwn(IS_OPEN, statement -> {
            int next = bind(statement, 1, account);
            statement.setObject(next, reservation);
            statement.setLong(next + 1, amount);
            try (ResultSet row = statement.executeQuery()) {
                return row.next();
            }
        });
    }

    @Override
    public boolean settle(TenantId tenant, UUID reservation, long charge) {
        return inTransactionOfItsOwn(SETTLE, statement -> {
            statement.setString(1, tenant.value());
            statement.setObject(2, reservation);
            statement.setLong(3, charge);
            return statement.executeUpdate() == 1;
        });
    }

    @Override
    public Balance balance(Account account) {
        return inTransactionOfItsOwn(BALANCE, statement -> {
            bind(statement, bind(statement, 1, account), account);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return new Balance(row.getLong(1), row.getLong(2));
            }
        });
    }

    /** Binds an account from a position on, and tells which position is next. */
    private static int bind(PreparedStatement statement, int position, Account account) throws SQLException {
        statement.setString(position, account.tenant().value());
        statement.setString(position + 1, account.budget());
        statement.setString(position + 2, account.period());
        return position + 3;
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

    @FunctionalInterface
    private interface SqlWork<R> {
        R on(PreparedStatement statement) throws SQLException;
    }
}
