package dev.tenancy.jdbc;

import dev.tenancy.TenantIdentity;
import dev.tenancy.jdbc.internal.SqlWork;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.postgresql.core.TransactionState;

/** Sets the tenant in the session at borrow; makes the session nobody's, and cleans it, at return. */
final class SessionLease extends Lease {
    private static final String UNBIND = BoundSettings.unbindSession();

    SessionLease(Connection connection, Optional<TenantIdentity> identity, BoundSettings settings) throws SQLException {
        super(connection, identity, settings);
    }

    @Override
    void begin() throws SQLException {
        refuseSuperuser();
        rollBackIfOpen();
        if (session().hasTracesForeignTo(identity())) {
            unbindAndClean();
        }
        if (session().baseline() == null) {
            inTransactionOfItsOwn(() -> look(""));
        }
        bind();
    }

    private void bind() throws SQLException {
        String sql = settings().bindSession(identity(), driver().getBackendPID());
        inTransactionOfItsOwn(() -> runOnceForTenant(sql, this::refusePooler));
        wasBound();
    }

    private void refusePooler(Statement executed) throws SQLException {
        try (ResultSet row = executed.getResultSet()) {
            row.next();
            if (row.getInt("pid") != driver().getBackendPID()) {
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
        String sql = cleaning == null ? UNBIND : cleaning + UNBIND;
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
        try {
            work.run();
        } finally {
            if (!autoCommit && !driver().isClosed()) {
                driver().setAutoCommit(false);
            }
        }
    }

    /** In a transaction for that one only: its end, whichever, leaves what was told before. */
    private void bindAgain() throws SQLException {
        if (isIdle()) {
            bind();
        } else if (driver().getTransactionState() == TransactionState.OPEN) {
            runOnceForTenant(Prologue.textOf(settings().bindTransaction()), executed -> {});
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
        if (isBindingOld() && (kind == SqlKind.ROWS || kind == SqlKind.ANYTHING)) {
            bindAgain();
        }
        return call.call();
    }
}
