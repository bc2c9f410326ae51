package dev.tenancy.jdbc;

import dev.tenancy.TenantIdentity;
import java.sql.BatchUpdateException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.postgresql.core.TransactionState;
import org.postgresql.jdbc.AutoSave;
import org.postgresql.jdbc.PreferQueryMode;

/**
 * Binds each transaction, with its first statement that needs a tenant. Between transactions the session is nobody's.
 *
 * <p>After an error and after a rollback of any kind it is not known what the server has undone, so the next statement
 * is bound again: that costs no round trip, since the binding travels with it.
 */
final class TransactionLease extends Lease {
    private final boolean trusted;
    private final FormerTraces traces;
    private boolean bound;
    private @Nullable SQLException unusable;

    /** @param trusted whether the SQL is vetted; if it is not, the session must be the connection's own */
    TransactionLease(Connection connection, Optional<TenantIdentity> identity, BoundSettings settings, boolean trusted)
            throws SQLException {
        super(connection, identity, settings);
        this.trusted = trusted;
        this.traces = new FormerTraces(this);
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
        traces.lookFor(identity());
        Baseline baseline = session().baseline();
        boolean readsDifferently = baseline != null && !baseline.isWhatIsReportedBy(driver());
        boolean ownSession = !trusted || settings().needOwnSession();
        boolean needsClock = settings().areSealed() && baseline == null;
        if (identity().isEmpty() || readsDifferently || ownSession || needsClock) {
            clean();
        }
        if (ownSession) {
            refusePooler();
        }
    }

    private void refusePooler() throws SQLException {
        if (!traces.isSessionOurs()) {
            throw new SQLException(
                    "text that nobody vetted, and a seal that is bound to the session, need a server session of their own, and this connection goes through a pooler"
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
        restoreAttributes();
        traces.handOn();
    }

    @Override
    boolean folds() {
        return identity().isPresent();
    }

    @Override
    boolean needsCleaning() {
        return traces.areThere();
    }

    @Override
    Fold fold(boolean repeatable) throws SQLException {
        noticeEnd();
        if (driver().getTransactionState() == TransactionState.FAILED || !needsBinding()) {
            return Fold.NONE;
        }
        return nextFold(repeatable);
    }

    private Fold nextFold(boolean repeatable) throws SQLException {
        boolean alone = isIdle() && driver().getAutoCommit();
        if (!repeatable || namesEverything() || (!alone && !canBeginAnew())) {
            clean();
        }
        return alone ? traces.prologue().alone() : traces.prologue().inTransaction(driver().hintReadOnly());
    }

    /** Whether the transaction that the driver is about to begin can be ended by the cleaning, and begun again. */
    private boolean canBeginAnew() {
        return isIdle() && driver().getAutosave() == AutoSave.NEVER;
    }

    /** With prepareThreshold=-1 the driver gives a name to every text that it keeps. */
    private boolean namesEverything() {
        return driver().getPrepareThreshold() < 0;
    }

    /** What was bound in a transaction that ended behind our back is bound no more. */
    private void noticeEnd() {
        if (isIdle()) {
            bound = false;
        }
    }

    private boolean needsBinding() {
        return identity().isPresent() && (!bound || isIdle() || handedOut() || traces.areThere() || isBindingOld());
    }

    @Override
    void folded(Fold fold, Statement executed) throws SQLException {
        traces.prologueRan(fold, executed);
        bound = !fold.isAlone();
        wasBound();
    }

    @Override
    void foldFailed(Fold fold, SQLException failure) throws SQLException {
        bound = false;
        boolean isDirty = !fold.looks() && SessionCleaning.foundDirt(failure);
        boolean isEnded = SessionCleaning.foundEnded(failure) && driver().isClosed(); // a function may say so too
        if (fold.isOnce() && (isDirty || isEnded)) {
            throw new DirtySessionException(failure);
        }
        if (fold.isAlone()) {
            rollBackAfter(failure);
        }
        if (BoundSettings.wereRefused(failure)) {
            throw cannotBeBound(failure);
        }
    }

    @Override
    @Nullable
    Object run(SqlKind kind, SqlCall call) throws SQLException {
        note(kind);
        noticeEnd();
        boolean succeeded = false;
        try {
            Object result = runAs(kind, call);
            succeeded = true;
            return result;
        } finally {
            if (!succeeded || (kind != SqlKind.ROWS && kind != SqlKind.CATALOG)) {
                bound = false;
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

    private @Nullable Object runBound(SqlCall call) throws SQLException {
        if (driver().getTransactionState() == TransactionState.FAILED || !needsBinding()) {
            return call.call();
        }
        boolean alone = isIdle() && driver().getAutoCommit();
        bindNow();
        if (!alone) {
            return call.call();
        }
        Object result;
        try {
            result = call.call();
            runOnce(Fold.COMMIT);
        } catch (BatchUpdateException failure) {
            rollBackAfter(failure);
            throw withNothingStored(failure);
        } catch (SQLException | RuntimeException failure) {
            rollBackAfter(failure);
            throw failure;
        }
        return result;
    }

    /** The driver takes for stored what came before, as it would be without a transaction around it. */
    private static BatchUpdateException withNothingStored(BatchUpdateException failure) {
        long[] counts = new long[failure.getLargeUpdateCounts().length];
        Arrays.fill(counts, Statement.EXECUTE_FAILED);
        BatchUpdateException told = new BatchUpdateException(
                failure.getMessage(), failure.getSQLState(), failure.getErrorCode(), counts, failure.getCause());
        told.setNextException(failure.getNextException());
        told.setStackTrace(failure.getStackTrace());
        for (Throwable suppressed : failure.getSuppressed()) {
            told.addSuppressed(suppressed);
        }
        return told;
    }

    private void bindNow() throws SQLException {
        Fold fold = nextFold(true);
        try {
            runOnceForTenant(fold.before(), statement -> traces.prologueRan(fold, statement));
        } catch (SQLException failure) {
            foldFailed(fold, failure);
            throw SqlStates.CANCELED.equals(failure.getSQLState()) ? failure : cannotBeBound(failure);
        }
        bound = true;
        wasBound();
    }

    private SQLException cannotBeBound(SQLException failure) {
        unusable = new SQLException("the connection cannot be bound to its tenant", SqlStates.CANNOT_BE_BOUND, failure);
        return unusable;
    }

    @Override
    void clean() throws SQLException {
        traces.remove();
    }

    @Override
    void isHandedOut() throws SQLException {
        note(SqlKind.ANYTHING);
        clean();
        if (!driver().getAutoCommit() || !isIdle()) {
            runBound(() -> null);
        }
        super.isHandedOut();
    }
}
