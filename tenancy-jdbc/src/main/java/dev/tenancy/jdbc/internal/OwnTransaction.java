package dev.tenancy.jdbc.internal;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

/** Changes of the schema: all or nothing, and one at a time, also of several servers that start at once. */
public final class OwnTransaction {
    /** Any number that nobody else uses. Any SQL could, and keep the lock: hence the wait has an end. */
    private static final long LOCK = 7_236_783_296L;

    private static final String ONE_AT_A_TIME = "SELECT pg_catalog.pg_advisory_xact_lock(" + LOCK + ")";
    private static final String LOCK_NOT_AVAILABLE = "55P03";

    /** Longer than others take to change large tables. */
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(10);

    private OwnTransaction() {}

    /** Does {@code work} in the open transaction of {@code owner}, or in one of its own if that is in autocommit. */
    public static void run(Connection owner, SqlWork work) throws SQLException {
        run(owner, LONGEST_WAIT, work);
    }

    /** The same, where it is known how long others may take. */
    public static void run(Connection owner, Duration longestWait, SqlWork work) throws SQLException {
        if (!owner.getAutoCommit()) {
            runAlone(owner, longestWait, work);
            return;
        }
        owner.setAutoCommit(false);
        try {
            runAlone(owner, longestWait, work);
            owner.commit();
        } catch (SQLException | RuntimeException failure) {
            owner.rollback();
            throw failure;
        } finally {
            owner.setAutoCommit(true);
        }
    }

    private static void runAlone(Connection owner, Duration longestWait, SqlWork work) throws SQLException {
        try (Statement statement = owner.createStatement()) {
            String before = lockTimeout(statement);
            statement.execute(Sql.lockTimeout(longestWait));
            statement.execute(ONE_AT_A_TIME);
            statement.execute("SET LOCAL lock_timeout = " + Sql.literal(before));
        } catch (SQLException failure) {
            throw LOCK_NOT_AVAILABLE.equals(failure.getSQLState()) ? late(longestWait, failure) : failure;
        }
        work.run();
    }

    private static String lockTimeout(Statement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery("SHOW lock_timeout")) {
            row.next();
            return row.getString(1);
        }
    }

    private static SQLException late(Duration longestWait, SQLException cause) {
        return new SQLException(
                "the schema is not changed: for more than " + longestWait + " another session has the advisory lock "
                        + LOCK + ", which pg_locks shows",
                LOCK_NOT_AVAILABLE,
                cause);
    }
}
