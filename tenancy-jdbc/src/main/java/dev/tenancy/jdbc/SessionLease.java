package dev.tenancy.jdbc;

import dev.tenancy.TenantIdentity;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Sets the tenant in the session at borrow; makes the session nobody's, and cleans it, at return. */
final class SessionLease extends Lease {
    private static final String BIND_NOBODY =
            "SELECT pg_catalog.set_config('" + TenantBinding.SETTING + "', '', false)";

    SessionLease(Connection connection, Optional<TenantIdentity> identity) throws SQLException {
        super(connection, identity);
    }

    @Override
    void begin() throws SQLException {
        refuseSuperuser();
        rollBackIfOpen();
        if (session().hasTracesForeignTo(identity())) {
            unbindAndClean();
        }
        boolean unknown = session().baseline() == null;
        String sql = unknown ? Baseline.SELECT + ";" + bind() : bind();
        inTransactionOfItsOwn(() -> runOnceForTenant(sql, executed -> {
            if (unknown) {
                try (ResultSet row = executed.getResultSet()) {
                    session().firstSeenAs(Baseline.read(row, driver()));
                }
                executed.getMoreResults(Statement.KEEP_CURRENT_RESULT);
            }
            refusePooler(executed);
        }));
    }

    /** Sets nothing in a session that others share. */
    private String bind() {
        return "SELECT pg_catalog.set_config('" + TenantBinding.SETTING + "', CASE WHEN pg_catalog.pg_backend_pid()"
                + " OPERATOR(pg_catalog.=) " + driver().getBackendPID()
                + " THEN ? ELSE '' END, false), pg_catalog.pg_backend_pid()";
    }

    private void refusePooler(Statement executed) throws SQLException {
        try (ResultSet row = executed.getResultSet()) {
            row.next();
            if (row.getInt(2) != driver().getBackendPID()) {
                throw new SQLException(
                        "the session binding needs a server session of its own, and this connection goes through a pooler"
                                + " that shares sessions (PgBouncer, for example); connect to PostgreSQL directly, or use"
                                + " TenantBinding.transaction()",
                        SqlStates.CANNOT_BE_BOUND);
            }
        }
    }

    @Override
    void end() throws SQLException {
        rollBackIfOpen();
        restoreAttributes();
        unbindAndClean();
    }

    /** Has been done at borrow. */
    @Override
    void clean() {}

    private void unbindAndClean() throws SQLException {
        String cleaning = session().cleaning(anythingRan());
        String sql = cleaning == null ? BIND_NOBODY : cleaning + BIND_NOBODY;
        try {
            inTransactionOfItsOwn(() -> runOnce(sql));
        } catch (SQLException failure) {
            throw SessionCleaning.foundDirt(failure) ? new DirtySessionException(failure) : failure;
        }
        driver().getQueryExecutor().getNotifications();
        session().isClean();
    }

    /**
     * A setting made inside the caller's transaction would be undone by its ROLLBACK, to what it was for the former
     * tenant.
     */
    private void inTransactionOfItsOwn(SqlWork work) throws SQLException {
        boolean autoCommit = driver().getAutoCommit();
        if (!autoCommit) {
            driver().setAutoCommit(true);
        }
        work.run();
        if (!autoCommit) {
            driver().setAutoCommit(false);
        }
    }

    @Override
    boolean folds() {
        return false;
    }

    @Override
    Fold fold(boolean repeatable) {
        return Fold.NONE;
    }

    @Override
    void folded(Fold fold, Statement executed) {}

    @Override
    void foldFailed(Fold fold, SQLException failure) {}

    @Override
    boolean needsCleaning() {
        return false;
    }

    @Override
    @Nullable
    Object run(SqlKind kind, SqlCall call) throws SQLException {
        note(kind);
        return call.call();
    }
}
