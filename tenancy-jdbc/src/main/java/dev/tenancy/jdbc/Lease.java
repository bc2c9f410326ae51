package dev.tenancy.jdbc;

import dev.tenancy.TenantIdentity;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGStatement;
import org.postgresql.core.BaseConnection;
import org.postgresql.core.TransactionState;

/**
 * A physical connection while it serves one identity, from borrow to close: what sees to it that nothing is done on it
 * for anybody else. Used by one thread at a time.
 */
abstract sealed class Lease permits SessionLease, TransactionLease {
    private static final Duration LONGEST_END = Duration.ofSeconds(5);

    private final Connection connection;
    private final BaseConnection driver;
    private final ServerSession session;
    private final Optional<TenantIdentity> identity;
    private final BoundSettings settings;
    private final JdbcAttributes attributes;
    private boolean anythingRan;
    private boolean handedOut;
    private long boundAt;

    Lease(Connection connection, Optional<TenantIdentity> identity, BoundSettings settings) throws SQLException {
        this.connection = connection;
        this.driver = connection.unwrap(BaseConnection.class);
        this.session = ServerSession.of(driver);
        this.identity = identity;
        this.settings = settings;
        this.attributes = JdbcAttributes.of(connection);
    }

    /** Begins to serve: from now on the connection is its borrower's. */
    abstract void begin() throws SQLException;

    /** Ends to serve. Whoever called this gives up the connection if it fails. */
    abstract void end() throws SQLException;

    /**
     * What is to be put around a statement that can be folded.
     *
     * @param repeatable whether it may be run a second time, on another session, if this one turns out to be dirty
     */
    abstract Fold fold(boolean repeatable) throws SQLException;

    /** Says how a statement ended that was folded. */
    abstract void folded(Fold fold, Statement executed) throws SQLException;

    /**
     * Says that a statement failed that was folded. Whoever called this throws {@code failure}, or what this throws.
     */
    abstract void foldFailed(Fold fold, SQLException failure) throws SQLException;

    /** Does what is not folded: bound, and as the identity this serves. */
    abstract @Nullable Object run(SqlKind kind, SqlCall call) throws SQLException;

    /** Whether statements are folded at all. */
    abstract boolean folds();

    /** Takes away what a former borrower left in the session, now. */
    abstract void clean() throws SQLException;

    /** Whether what a former borrower left in the session is there still. */
    abstract boolean needsCleaning();

    /** What the pool gave. */
    final Connection connection() {
        return connection;
    }

    final BaseConnection driver() {
        return driver;
    }

    final ServerSession session() {
        return session;
    }

    final Optional<TenantIdentity> identity() {
        return identity;
    }

    final BoundSettings settings() {
        return settings;
    }

    /** Sets the parameters that bind, the first ones of {@code statement}. */
    final void setTenant(PreparedStatement statement) throws SQLException {
        settings.setParameters(statement, identity, session);
    }

    /** Whether SQL ran whose traces cannot be looked for. */
    final boolean anythingRan() {
        return anythingRan;
    }

    /** Says that the session was told just now whom it serves. */
    final void wasBound() {
        boundAt = System.nanoTime();
    }

    /** Whether the session has to be told again, since what it was told is going to expire. */
    final boolean isBindingOld() {
        return settings.areOld(boundAt);
    }

    /** Looks what the session is like; {@code end} is what ends a transaction that this begins. */
    final void look(String end) throws SQLException {
        try (Statement statement = driver.createStatement()) {
            neverNamed(statement);
            statement.execute(Baseline.SELECT + ";" + end);
            try (ResultSet row = statement.getResultSet()) {
                session.firstSeenAs(Baseline.read(row, driver));
            }
        }
        settings.requireClock(session);
    }

    /** Says that SQL of this kind runs. */
    final void note(SqlKind kind) {
        anythingRan |= kind == SqlKind.ANYTHING || kind == SqlKind.SETTING || kind == SqlKind.SEVERAL_TRANSACTIONS;
    }

    /** Says that things are done which nobody can note. */
    void isHandedOut() throws SQLException {
        anythingRan = true;
        handedOut = true;
    }

    /** Whether somebody has the physical connection. */
    final boolean handedOut() {
        return handedOut;
    }

    /**
     * Ends to serve, so that the next identity can be served. Where the physical connection was handed out, a COPY may
     * be open on it: the driver would wait for its end for ever, and is asked in vain only for some time.
     */
    final void handOn() throws SQLException {
        if (!handedOut) {
            end();
            return;
        }
        TimeLimit.of(LONGEST_END, this::end);
    }

    /** Makes JDBC's side of the connection what it was at borrow, without what the server warned the borrower of. */
    final void restoreAttributes() throws SQLException {
        attributes.applyTo(connection);
        connection.clearWarnings();
    }

    final boolean isIdle() {
        return driver.getTransactionState() == TransactionState.IDLE;
    }

    /** The server reports this by itself, so that asking costs no round trip (PostgreSQL manual, section 54.2.7). */
    final void refuseSuperuser() throws SQLException {
        if ("on".equals(driver.getParameterStatus("is_superuser"))) {
            throw new SQLException(
                    "the pool's role is a superuser, and PostgreSQL applies row-level security to none; use a role of the"
                            + " application that is neither superuser nor BYPASSRLS nor owner of the tables",
                    SqlStates.REFUSED);
        }
    }

    /**
     * As SQL, since the driver rolls back only what it began itself, and somebody's SQL may have said BEGIN. Only where
     * a transaction is open, since PostgreSQL logs a warning for each ROLLBACK that is not needed.
     */
    final void rollBackIfOpen() throws SQLException {
        if (!isIdle()) {
            runOnce("ROLLBACK");
        }
    }

    /** The same after {@code failure}, which tells if it fails too. */
    final void rollBackAfter(Exception failure) {
        try {
            rollBackIfOpen();
        } catch (SQLException | RuntimeException second) {
            failure.addSuppressed(second);
        }
    }

    /** Runs statements without parameters, under no name: SQL of a former borrower can replace the named ones. */
    final void runOnce(String sql) throws SQLException {
        try (Statement statement = driver.createStatement()) {
            neverNamed(statement);
            statement.execute(sql);
        }
    }

    /** Runs statements whose only parameters bind. */
    final void runOnceForTenant(String sql, SqlReader reader) throws SQLException {
        try (PreparedStatement statement = driver.prepareStatement(sql)) {
            neverNamed(statement);
            setTenant(statement);
            statement.execute();
            reader.read(statement);
        }
    }

    static void neverNamed(Statement statement) throws SQLException {
        statement.unwrap(PGStatement.class).setPrepareThreshold(0);
    }

    /** Reads results of a statement that was executed. */
    @FunctionalInterface
    interface SqlReader {
        void read(Statement executed) throws SQLException;
    }
}
