package dev.tenancy.jdbc;

import dev.tenancy.TenantId;
import dev.tenancy.TenantIdentity;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

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
 * @param seal seals the binding, if policies believe no other
 * @param statementTimeout how long a statement may take, zero for as long as it takes
 * @param lockTimeout how long a statement may wait for a lock
 */
record TenantTransactions(
        DataSource dataSource,
        TenantId tenant,
        @Nullable TenantSeal seal,
        Duration statementTimeout,
        Duration lockTimeout) {

    /** As long as a transaction can last in which a seal is accepted. */
    private static final Duration LONGEST_SEALED = Duration.ofDays(1);

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
        return new TenantTransactions(dataSource, tenant, seal, Duration.ZERO, lockTimeout);
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
                requireSealed(connection);
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
        if (seal != null) {
            seal(connection, seal.lasting(LONGEST_SEALED));
        }
    }

    private void seal(Connection connection, TenantSeal lasting) throws SQLException {
        String text;
        try (Statement statement = connection.createStatement();
                ResultSet row =
                        statement.executeQuery("SELECT pg_catalog.clock_timestamp(), pg_catalog.pg_backend_pid()")) {
            row.next();
            text = lasting.of(
                    TenantIdentity.of(tenant, "offboarding"),
                    row.getTimestamp(1).toInstant(),
                    row.getInt(2));
        }
        set(connection, TenantSeal.SETTING, text);
        requireSealed(connection);
    }

    /** Where a seal is not accepted no row is seen: nothing may be said of what was read, nor done. */
    private void requireSealed(Connection connection) throws SQLException {
        if (seal == null) {
            return;
        }
        try (Statement statement = connection.createStatement()) {
            statement.execute("SELECT " + SealFunctions.SCHEMA + ".require_tenant()");
        } catch (SQLException failure) {
            throw Refusal.during("the database does not accept the seal of tenant " + tenant, failure);
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
