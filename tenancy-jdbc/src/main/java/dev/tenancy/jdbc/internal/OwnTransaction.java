package dev.tenancy.jdbc.internal;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/** Changes of the schema: all or nothing, and one at a time, also of several servers that start at once. */
public final class OwnTransaction {
    /** Any number that nobody else uses. */
    private static final String ONE_AT_A_TIME = "SELECT pg_catalog.pg_advisory_xact_lock(7236783296)";

    private OwnTransaction() {}

    /** Does {@code work} in the open transaction of {@code owner}, or in one of its own if that is in autocommit. */
    public static void run(Connection owner, SqlWork work) throws SQLException {
        if (!owner.getAutoCommit()) {
            runAlone(owner, work);
            return;
        }
        owner.setAutoCommit(false);
        try {
            runAlone(owner, work);
            owner.commit();
        } catch (SQLException | RuntimeException failure) {
            owner.rollback();
            throw failure;
        } finally {
            owner.setAutoCommit(true);
        }
    }

    private static void runAlone(Connection owner, SqlWork work) throws SQLException {
        try (Statement statement = owner.createStatement()) {
            statement.execute(ONE_AT_A_TIME);
        }
        work.run();
    }
}
