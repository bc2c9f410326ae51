package dev.tenancy.jdbc;

import dev.tenancy.TenantIdentity;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import org.postgresql.PGConnection;
import org.postgresql.PGStatement;
import org.postgresql.core.BaseConnection;
import org.postgresql.core.TransactionState;

/** Sets the tenant in the session at borrow, and nobody at return. */
final class SessionBinding extends TenantBinding {
    static final SessionBinding INSTANCE = new SessionBinding();

    /** Every function is qualified: a function of that name in an attacker's schema must not be found first. */
    private static final String BIND =
            "SELECT pg_catalog.set_config('" + SETTING + "', ?, false), pg_catalog.pg_backend_pid()";

    /** One round trip. Unlike DISCARD ALL it keeps prepared statements, and may run with others under one Sync. */
    private static final String UNBIND_AND_CLEAN = "SELECT pg_catalog.set_config('" + SETTING + "', '', false);"
            + " CLOSE ALL; UNLISTEN *; DISCARD TEMP; DISCARD SEQUENCES; SELECT pg_catalog.pg_advisory_unlock_all()";

    private static final String NOBODY = "";

    private SessionBinding() {}

    @Override
    void bind(Connection connection, Optional<TenantIdentity> identity) throws SQLException {
        String tenant = identity.map(bound -> bound.tenantId().value()).orElse(NOBODY);
        PGConnection driver = connection.unwrap(PGConnection.class);
        refuseSuperuser(driver);
        rollBackIfOpen(connection);
        int driverPid = driver.getBackendPID();
        inTransactionOfItsOwn(connection, () -> {
            try (PreparedStatement statement = connection.prepareStatement(BIND)) {
                neverNamed(statement);
                statement.setString(1, tenant);
                try (ResultSet result = statement.executeQuery()) {
                    result.next();
                    if (result.getInt(2) != driverPid) {
                        throw new SQLException(
                                "the session binding needs a server session of its own, and this connection goes through"
                                        + " a pooler that shares sessions (PgBouncer, for example); connect to PostgreSQL"
                                        + " directly",
                                "08006");
                    }
                }
            }
        });
    }

    @Override
    void release(Connection connection) throws SQLException {
        rollBackIfOpen(connection);
        inTransactionOfItsOwn(connection, () -> {
            try (Statement statement = connection.createStatement()) {
                neverNamed(statement);
                statement.execute(UNBIND_AND_CLEAN);
            }
        });
    }

    /** SQL of a former borrower can replace the named statements of the session. */
    private static void neverNamed(Statement statement) throws SQLException {
        statement.unwrap(PGStatement.class).setPrepareThreshold(0);
    }

    /** The server reports this by itself, so that asking costs no round trip (PostgreSQL manual, section 54.2.7). */
    private static void refuseSuperuser(PGConnection driver) throws SQLException {
        if ("on".equals(driver.getParameterStatus("is_superuser"))) {
            throw new SQLException(
                    "the pool's role is a superuser, and PostgreSQL applies row-level security to none; use a role of the"
                            + " application that is neither superuser nor BYPASSRLS nor owner of the tables",
                    "28000");
        }
    }

    /**
     * As SQL, since the driver rolls back only what it began itself, and somebody's SQL may have said BEGIN. Only where
     * a transaction is open, since PostgreSQL logs a warning for each ROLLBACK that is not needed.
     */
    private static void rollBackIfOpen(Connection connection) throws SQLException {
        if (connection.unwrap(BaseConnection.class).getTransactionState() != TransactionState.IDLE) {
            try (Statement statement = connection.createStatement()) {
                statement.execute("ROLLBACK");
            }
        }
    }

    /**
     * A setting made inside the caller's transaction would be undone by its ROLLBACK, to what it was for the former
     * tenant.
     */
    private static void inTransactionOfItsOwn(Connection connection, SqlWork work) throws SQLException {
        boolean autoCommit = connection.getAutoCommit();
        if (!autoCommit) {
            connection.setAutoCommit(true);
        }
        work.run();
        if (!autoCommit) {
            connection.setAutoCommit(false);
        }
    }

    @FunctionalInterface
    private interface SqlWork {
        void run() throws SQLException;
    }
}
