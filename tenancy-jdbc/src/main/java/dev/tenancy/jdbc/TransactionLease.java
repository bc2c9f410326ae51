package dev.tenancy.jdbc;

import dev.tenancy.TenantIdentity;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.postgresql.core.TransactionState;
import org.postgresql.jdbc.PreferQueryMode;

/**
 * Binds each transaction, with its first statement that needs a tenant. Between transactions the session is nobody's.
 *
 * <p>After an error and after a rollback of any kind it is not known what the server has undone, so the next statement
 * is bound again: that costs no round trip, since the binding travels with it.
 */
final class TransactionLease extends Lease {
    private final boolean trusted;
    private Traces traces = Traces.NONE;
    private boolean bound;
    private boolean handedOut;
    private @Nullable SQLException unusable;

    /** What is there of former borrowers. */
    private enum Traces {
        NONE,
        /** Taken away in the open transaction, and back if that is rolled back. */
        NONE_IF_COMMITTED,
        THERE
    }

    /** @param trusted whether the SQL is vetted; if it is not, the session must be the connection's own */
    TransactionLease(Connection connection, Optional<TenantIdentity> identity, boolean trusted) throws SQLException {
        super(connection, identity);
        this.trusted = trusted;
    }

    @Override
    void begin() throws SQLException {
        refuseSuperuser();
        if (driver().getPreferQueryMode() == PreferQueryMode.SIMPLE) {
            throw new SQLException(
                    "the transaction binding cannot work with the connection property preferQueryMode=simple; allowed:"
                            + " extended, extendedForPrepared, extendedCacheEverything",
                    SqlStates.NOT_SUPPORTED);
        }
        rollBackIfOpen();
        Baseline baseline = session().baseline();
        if (baseline == null || (session().hasTracesForeignTo(identity()) && sharesNoSession())) {
            traces = Traces.THERE;
        }
        boolean readsDifferently = baseline != null && !baseline.isWhatIsReportedBy(driver());
        if (identity().isEmpty() || readsDifferently || !trusted) {
            clean();
        }
        if (!trusted) {
            refusePooler();
        }
    }

    /** Whether nobody else has the server's session, as everybody has behind a pooler that works by transactions. */
    private boolean sharesNoSession() {
        Baseline baseline = session().baseline();
        return baseline != null && baseline.backendPid() == driver().getBackendPID();
    }

    private void refusePooler() throws SQLException {
        if (!sharesNoSession()) {
            throw new SQLException(
                    "text that nobody vetted needs a server session of its own, and this connection goes through a pooler"
                            + " that shares sessions (PgBouncer, for example); connect to PostgreSQL directly",
                    SqlStates.CANNOT_BE_BOUND);
        }
    }

    @Override
    void end() throws SQLException {
        if (unusable != null) {
            throw unusable;
        }
        rollBackIfOpen();
        transactionEnded(false);
        restoreAttributes();
        if (anythingRan() && sharesNoSession()) {
            traces = Traces.THERE;
            clean();
        } else if (traces == Traces.NONE) {
            session().wasUsedBy(identity());
        } else {
            session().wasUsedBySeveral();
        }
    }

    @Override
    boolean folds() {
        return identity().isPresent();
    }

    @Override
    boolean needsCleaning() {
        return traces == Traces.THERE;
    }

    @Override
    Fold fold(boolean repeatable) throws SQLException {
        noticeEnd();
        if (driver().getTransactionState() == TransactionState.FAILED || !needsBinding()) {
            return Fold.NONE;
        }
        if (!repeatable || namesEverything()) {
            clean();
        }
        return isIdle() && driver().getAutoCommit()
                ? prologue().alone()
                : prologue().inTransaction();
    }

    /** With prepareThreshold=-1 the driver gives a name to every text that it keeps. */
    private boolean namesEverything() {
        return driver().getPrepareThreshold() < 0;
    }

    /** A transaction that ended behind our back may have been rolled back. */
    private void noticeEnd() throws SQLException {
        if (isIdle()) {
            transactionEnded(false);
        }
    }

    private boolean needsBinding() {
        return identity().isPresent() && (!bound || isIdle() || handedOut || traces == Traces.THERE);
    }

    private Prologue prologue() {
        return traces == Traces.THERE ? session().cleaningPrologue() : Prologue.BIND;
    }

    @Override
    void folded(Fold fold, Statement executed) throws SQLException {
        prologueRan(fold, executed);
        bound = true;
        if (fold.isAlone()) {
            transactionEnded(true);
        }
    }

    private void prologueRan(Fold fold, Statement executed) throws SQLException {
        for (int i = 0; i < fold.resultsBefore(); i++) {
            boolean isTheLook =
                    fold.prologue() == Prologue.LOOK_AND_BIND && session().baseline() == null;
            if (isTheLook && executed.getResultSet() != null) {
                session().firstSeenAs(Baseline.read(executed.getResultSet(), driver()));
            }
            executed.getMoreResults();
        }
        if (fold.isOnce()) {
            traces = Traces.NONE_IF_COMMITTED;
        }
    }

    @Override
    void foldFailed(Fold fold, SQLException failure) throws SQLException {
        bound = false;
        if (fold.isOnce() && SessionCleaning.foundDirt(failure)) {
            throw new DirtySessionException(failure);
        }
        if (fold.isAlone()) {
            rollBackAfter(failure);
        }
    }

    @Override
    @Nullable
    Object run(SqlKind kind, SqlCall call) throws SQLException {
        note(kind);
        noticeEnd();
        boolean wasOpen = driver().getTransactionState() == TransactionState.OPEN;
        boolean succeeded = false;
        try {
            Object result = runAs(kind, call);
            succeeded = true;
            return result;
        } finally {
            if (!succeeded || (kind != SqlKind.ROWS && kind != SqlKind.CATALOG)) {
                bound = false;
            }
            if (kind == SqlKind.ROLLBACK || (wasOpen && isIdle())) {
                transactionEnded(kind == SqlKind.COMMIT && succeeded);
            }
        }
    }

    private @Nullable Object runAs(SqlKind kind, SqlCall call) throws SQLException {
        return switch (kind) {
            case ROWS, ANYTHING -> runBound(call);
            case SETTING, LOCAL_SETTING, BEGIN, CATALOG -> {
                clean();
                yield call.call();
            }
            case COMMIT, ROLLBACK, ROLLBACK_TO -> call.call();
            case SEVERAL_TRANSACTIONS ->
                throw new SQLException(
                        "a text of several statements, of which one opens or ends a transaction, cannot be bound to a tenant as"
                                + " a whole; run the statements one by one",
                        SqlStates.NOT_SUPPORTED);
        };
    }

    private void transactionEnded(boolean committed) throws SQLException {
        bound = false;
        if (traces == Traces.NONE_IF_COMMITTED) {
            traces = Traces.THERE;
            if (committed) {
                cleaned();
            }
        }
    }

    private void cleaned() throws SQLException {
        traces = Traces.NONE;
        session().isClean();
        driver().getQueryExecutor().getNotifications();
    }

    private @Nullable Object runBound(SqlCall call) throws SQLException {
        if (driver().getTransactionState() == TransactionState.FAILED || !needsBinding()) {
            return call.call();
        }
        boolean alone = isIdle() && driver().getAutoCommit();
        bindNow(alone);
        if (!alone) {
            return call.call();
        }
        Object result;
        try {
            result = call.call();
            runOnce(Fold.COMMIT);
        } catch (SQLException | RuntimeException failure) {
            rollBackAfter(failure);
            throw failure;
        }
        return result;
    }

    private void bindNow(boolean alone) throws SQLException {
        if (namesEverything()) {
            clean();
        }
        Fold fold = alone ? prologue().alone() : prologue().inTransaction();
        try (PreparedStatement statement = driver().prepareStatement(fold.before())) {
            neverNamed(statement);
            statement.setString(1, tenant());
            statement.execute();
            prologueRan(fold, statement);
        } catch (SQLException failure) {
            foldFailed(fold, failure);
            throw SqlStates.CANCELED.equals(failure.getSQLState()) ? failure : cannotBeBound(failure);
        }
        bound = true;
    }

    private SQLException cannotBeBound(SQLException failure) {
        unusable = new SQLException("the connection cannot be bound to its tenant", SqlStates.CANNOT_BE_BOUND, failure);
        return unusable;
    }

    /** In a transaction of its own, unless one is open. */
    @Override
    void clean() throws SQLException {
        if (traces != Traces.THERE || driver().getTransactionState() == TransactionState.FAILED) {
            return; // in a transaction that failed the server does nothing for anybody
        }
        boolean inTransaction = !isIdle();
        String end = driver().getAutoCommit() || inTransaction ? "" : Fold.COMMIT;
        String cleaning = session().cleaning(anythingRan());
        try (Statement statement = driver().createStatement()) {
            neverNamed(statement);
            statement.execute((cleaning == null ? Baseline.SELECT + ";" : cleaning) + end);
            if (cleaning == null) {
                try (ResultSet row = statement.getResultSet()) {
                    session().firstSeenAs(Baseline.read(row, driver()));
                }
            }
        } catch (SQLException failure) {
            if (inTransaction) {
                throw failure;
            }
            rollBackAfter(failure);
            throw cleaning == null ? failure : new DirtySessionException(failure);
        }
        traces = Traces.NONE_IF_COMMITTED;
        if (!inTransaction) {
            cleaned();
        }
    }

    private void rollBackAfter(Exception failure) {
        try {
            rollBackIfOpen();
        } catch (SQLException | RuntimeException second) {
            failure.addSuppressed(second);
        }
    }

    @Override
    void isHandedOut() throws SQLException {
        super.isHandedOut();
        if (!driver().getAutoCommit() || !isIdle()) {
            runBound(() -> null);
        }
        handedOut = true;
    }
}
