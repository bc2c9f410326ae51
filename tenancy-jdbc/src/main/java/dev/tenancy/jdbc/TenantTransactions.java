package dev.tenancy.jdbc;

import dev.tenancy.TenantId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import javax.sql.DataSource;

/**
 * Transactions for one tenant, each on a connection of its own.
 *
 * <p>The tenant is bound, so that policies on its tables show its rows and keep those of others from whatever statement
 * has a fault; and every statement has its condition too, since a table may have the column and no policy, and a role
 * may be one that no policy applies to. What PostgreSQL prints can be read again exactly, whatever the session's
 * settings are.
 *
 * @param dataSource gives the connections
 * @param tenant whose transactions they are
 * @param statementTimeout how long a statement may take, zero for as long as it takes
 * @param lockTimeout how long a statement may wait for a lock
 */
record TenantTransactions(DataSource dataSource, TenantId tenant, Duration statementTimeout, Duration lockTimeout) {

    /** One snapshot of the whole database. */
    static final String ONE_SNAPSHOT = "REPEATABLE READ, READ ONLY";

    /** Each statement sees what was committed before it. */
    static final String WRITING = "READ COMMITTED, READ WRITE";

    private static final Map<String, String> EXACT = Map.of(
            "row_security", "on",
            "datestyle", "ISO, MDY",
            "intervalstyle", "postgres",
            "timezone", "UTC",
            "extra_float_digits", "1",
            "bytea_output", "hex",
            "xmloption", "content");

    /** What is done in a transaction. */
    @FunctionalInterface
    interface Work<R> {
        R in(Connection connection) throws SQLException;
    }

    /** The same, with statements that may take as long as they take. */
    TenantTransactions unhurried() {
        return new TenantTransactions(dataSource, tenant, Duration.ZERO, lockTimeout);
    }

    /** Does it in a transaction, and commits; or fails, and nothing is done. */
    <R> R call(String mode, Work<R> work) throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            boolean autoCommit = connection.getAutoCommit();
            connection.setAutoCommit(false);
            R result;
            try {
                begin(connection, mode);
                result = work.in(connection);
                connection.commit();
            } catch (SQLException | RuntimeException | Error failure) {
                giveUp(connection, autoCommit, failure);
                throw failure;
            }
            connection.setAutoCommit(autoCommit);
            return result;
        }
    }

    private void begin(Connection connection, String mode) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET TRANSACTION ISOLATION LEVEL " + mode);
        }
        Map<String, String> settings = new TreeMap<>(EXACT);
        settings.put(TenantBinding.SETTING, tenant.value());
        settings.put("statement_timeout", Long.toString(statementTimeout.toMillis()));
        settings.put("lock_timeout", Long.toString(lockTimeout.toMillis()));
        for (Map.Entry<String, String> setting : settings.entrySet()) {
            set(connection, setting.getKey(), setting.getValue());
        }
    }

    /**
     * Does it while only {@code pg_catalog} is searched: so that names of types, conditions of policies and values that
     * are names are qualified, wherever they are read again.
     */
    static <R> R withoutSearchPath(Connection connection, Work<R> work) throws SQLException {
        String path;
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT pg_catalog.current_setting('search_path')")) {
            row.next();
            path = row.getString(1);
        }
        set(connection, "search_path", "pg_catalog");
        R result = work.in(connection);
        set(connection, "search_path", path); // after a failure the transaction ends, and it is back by itself
        return result;
    }

    /** Until the end of the transaction. */
    private static void set(Connection connection, String setting, String value) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("SELECT pg_catalog.set_config(?, ?, true)")) {
            statement.setString(1, setting);
            statement.setString(2, value);
            statement.execute();
        }
    }

    private static void giveUp(Connection connection, boolean autoCommit, Throwable failure) {
        try {
            connection.rollback();
            connection.setAutoCommit(autoCommit);
        } catch (SQLException broken) {
            failure.addSuppressed(broken);
        }
    }
}
