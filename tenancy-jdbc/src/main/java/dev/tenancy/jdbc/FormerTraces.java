package dev.tenancy.jdbc;

import dev.tenancy.TenantIdentity;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import org.postgresql.core.BaseConnection;
import org.postgresql.core.TransactionState;

/** What former borrowers left in the session of a lease, until it is taken away for good. */
final class FormerTraces {
    private final Lease lease;
    private final BaseConnection driver;
    private final ServerSession session;
    private boolean areThere;

    FormerTraces(Lease lease) {
        this.lease = lease;
        this.driver = lease.driver();
        this.session = lease.session();
    }

    /** Finds out whether there are any that {@code next} must not meet, or that nobody has looked yet. */
    void lookFor(Optional<TenantIdentity> next) {
        if (session.baseline() == null || (session.hasTracesForeignTo(next) && isSessionOurs())) {
            areThere = true;
        }
    }

    /** Whether nobody else has the server's session, as everybody has behind a pooler that works by transactions. */
    boolean isSessionOurs() {
        Baseline baseline = session.baseline();
        return baseline != null && baseline.backendPid() == driver.getBackendPID();
    }

    /** Whether they are there, or may be. */
    boolean areThere() {
        return areThere;
    }

    /** What has to run before the next statement: it binds, and takes them away if they are there. */
    Prologue prologue() {
        return areThere
                ? session.cleaningPrologue(lease.settings())
                : lease.settings().bind();
    }

    /** Says that a prologue ran, and goes on to the result behind its own. */
    void prologueRan(Fold fold, Statement executed) throws SQLException {
        for (int i = 0; i < fold.resultsBefore(); i++) {
            boolean isTheLook = fold.looks() && session.baseline() == null;
            if (isTheLook && executed.getResultSet() != null) {
                session.firstSeenAs(Baseline.read(executed.getResultSet(), driver));
            }
            executed.getMoreResults();
        }
        if (fold.isOnce()) {
            areGone();
        }
    }

    /** Takes them away now, in a transaction of its own: one that is open has nothing of the borrower's yet. */
    void remove() throws SQLException {
        if (!areThere || driver.getTransactionState() == TransactionState.FAILED) {
            return; // in a transaction that failed the server does nothing for anybody
        }
        boolean unknown = session.baseline() == null;
        try {
            removeNow(driver.getAutoCommit() && lease.isIdle() ? "" : Fold.COMMIT);
        } catch (SQLException failure) {
            lease.rollBackAfter(failure);
            throw unknown ? failure : new DirtySessionException(failure);
        }
        areGone();
    }

    private void removeNow(String end) throws SQLException {
        String cleaning = session.cleaning(lease.anythingRan());
        if (cleaning == null) {
            lease.look(end);
        } else {
            lease.runOnce(cleaning + end);
        }
    }

    private void areGone() throws SQLException {
        areThere = false;
        session.isClean();
        driver.getQueryExecutor().getNotifications();
    }

    /**
     * Hands the session on. What the borrower's own SQL left is looked for when another identity has it, or taken away
     * now if it cannot be looked for.
     */
    void handOn() throws SQLException {
        if (lease.anythingRan() && isSessionOurs()) {
            areThere = true;
            remove();
        } else if (areThere) {
            session.wasUsedBySeveral();
        } else {
            session.wasUsedBy(lease.identity());
        }
    }
}
