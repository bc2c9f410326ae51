package dev.tenancy.ratelimit;

import dev.tenancy.UnavailableException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Set;
import javax.sql.DataSource;

/** Runs statements, each in a transaction of its own, whatever the caller has begun. Immutable and thread-safe. */
final class LedgerTransactions {
    /** Serialization failure, deadlock (PostgreSQL manual, section 13.5). */
    private static final Set<String> CONTENTION = Set.of("40001", "40P01");

    private static final int MOST_TRIES = 20;

    private final DataSource dataSource;

    LedgerTransactions(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    /**
     * In autocommit the statement is its own transaction. One that contends with others is tried again: it has done
     * nothing.
     */
    <R> R run(String sql, Work<R> work) {
        SQLException lastFailure = null;
        for (int tries = 0; tries < MOST_TRIES; tries++) {
            try {
                return once(sql, work);
            } catch (SQLException failure) {
                lastFailure = failure;
                if (failure.getSQLState() == null || !CONTENTION.contains(failure.getSQLState())) {
                    break;
                }
            }
        }
        throw new UnavailableException("the budget ledger cannot be used", lastFailure);
    }

    private <R> R once(String sql, Work<R> work) throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            boolean autoCommit = connection.getAutoCommit();
            if (!autoCommit) {
                connection.setAutoCommit(true);
            }
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                return work.on(statement);
            } finally {
                if (!autoCommit) {
                    connection.setAutoCommit(false);
                }
            }
        }
    }

    @FunctionalInterface
    interface Work<R> {
        R on(PreparedStatement statement) throws SQLException;
    }
}
