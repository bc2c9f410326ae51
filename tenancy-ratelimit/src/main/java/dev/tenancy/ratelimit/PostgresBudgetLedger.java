package dev.tenancy.ratelimit;

import dev.tenancy.TenantId;
import dev.tenancy.UnavailableException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
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
                period text NOT NULL,
                spent bigint NOT NULL,
                reserved bigint NOT NULL,
                last_reservation uuid,
                PRIMARY KEY (tenant_id, period)
            );
            CREATE TABLE IF NOT EXISTS tenancy_budget_reservation (
                tenant_id text NOT NULL,
                id uuid NOT NULL,
                period text NOT NULL,
                amount bigint NOT NULL,
                expires_at timestamptz NOT NULL,
                state text NOT NULL CHECK (state IN ('open', 'expired', 'settled')),
                charge bigint,
                PRIMARY KEY (tenant_id, id)
            );
            CREATE INDEX IF NOT EXISTS tenancy_budget_reservation_open
                ON tenancy_budget_reservation (tenant_id, period, expires_at) WHERE state = 'open';
            """;

    /**
     * The row of the budget is locked by the upsert, which computes with its newest version. What expired is taken off
     * whether the new reservation fits or not; {@code last_reservation} says which it was.
     */
    private static final String RESERVE = """
            WITH given AS (
                SELECT ?::text AS tenant_id, ?::text AS period, ?::uuid AS id, ?::bigint AS amount, ?::bigint AS most
            ), expired AS (
                UPDATE tenancy_budget_reservation AS old SET state = 'expired' FROM given
                WHERE old.tenant_id = given.tenant_id AND old.period = given.period AND old.state = 'open'
                    AND old.expires_at <= clock_timestamp()
                RETURNING old.amount
            ), freed AS (
                SELECT coalesce(sum(amount), 0)::bigint AS amount FROM expired
            ), budget AS (
                INSERT INTO tenancy_budget AS budget (tenant_id, period, spent, reserved, last_reservation)
                SELECT tenant_id, period, 0, CASE WHEN amount <= most THEN amount ELSE 0 END,
                    CASE WHEN amount <= most THEN id END
                FROM given
                ON CONFLICT (tenant_id, period) DO UPDATE SET (reserved, last_reservation) = (
                    SELECT CASE WHEN fits THEN still + given.amount ELSE still END, CASE WHEN fits THEN given.id END
                    FROM given, freed,
                        LATERAL (SELECT budget.reserved - freed.amount AS still) AS reserved,
                        LATERAL (SELECT budget.spent + still + given.amount <= given.most AS fits) AS room
                )
                RETURNING budget.last_reservation
            )
            INSERT INTO tenancy_budget_reservation (tenant_id, id, period, amount, expires_at, state)
            SELECT given.tenant_id, given.id, given.period, given.amount,
                clock_timestamp() + make_interval(secs => ?), 'open'
            FROM given JOIN budget ON budget.last_reservation = given.id
            """;

    private static final String SETTLE = """
            WITH ended AS (
                SELECT tenant_id, id, period, amount, state FROM tenancy_budget_reservation
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
            WHERE budget.tenant_id = ended.tenant_id AND budget.period = ended.period
            """;

    private static final String BALANCE = """
            SELECT
                (SELECT coalesce(sum(spent), 0) FROM tenancy_budget WHERE tenant_id = ? AND period = ?),
                (SELECT coalesce(sum(amount), 0) FROM tenancy_budget_reservation
                    WHERE tenant_id = ? AND period = ? AND state = 'open' AND expires_at > clock_timestamp())
            """;

    private static final String EXISTS = "SELECT 1 FROM tenancy_budget_reservation WHERE tenant_id = ? AND id = ?";

    private static final String DUPLICATE_KEY = "23505";

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
        return insert(account, reservation, limit, amount, lease) || exists(account.tenant(), reservation);
    }

    private boolean insert(Account account, UUID reservation, long limit, long amount, Duration lease) {
        return inTransactionOfItsOwn(RESERVE, statement -> {
            statement.setString(1, account.tenant().value());
            statement.setString(2, account.period());
            statement.setObject(3, reservation);
            statement.setLong(4, amount);
            statement.setLong(5, limit);
            statement.setDouble(6, lease.toMillis() / 1e3);
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
    private boolean exists(TenantId tenant, UUID reservation) {
        return inTransactionOfItsOwn(EXISTS, statement -> {
            statement.setString(1, tenant.value());
            statement.setObject(2, reservation);
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
            statement.setString(1, account.tenant().value());
            statement.setString(2, account.period());
            statement.setString(3, account.tenant().value());
            statement.setString(4, account.period());
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return new Balance(row.getLong(1), row.getLong(2));
            }
        });
    }

    /** In autocommit the statement is its own transaction. */
    private <R> R inTransactionOfItsOwn(String sql, SqlWork<R> work) {
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
        } catch (SQLException failure) {
            throw new UnavailableException("the budget ledger cannot be used", failure);
        }
    }

    @FunctionalInterface
    private interface SqlWork<R> {
        R on(PreparedStatement statement) throws SQLException;
    }
}
