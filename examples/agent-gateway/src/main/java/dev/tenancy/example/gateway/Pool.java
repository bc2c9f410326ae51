package dev.tenancy.example.gateway;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import javax.sql.DataSource;

/**
 * A pool whose borrowers wait for a busy database, but not for one that is gone: while there is no connection at all in
 * the pool, they ask the database itself, and are refused as soon as that is.
 */
final class Pool extends HikariDataSource {
    private static final long LOOK_AGAIN_MILLIS = 1_000;

    private final DataSource database;
    private final Duration longestWait;
    private final ReentrantLock asking = new ReentrantLock();

    /** {@code database} gives plain connections to the same one, and soon fails if it is gone. */
    Pool(HikariConfig config, DataSource database, Duration longestWait) {
        super(lookingAgain(config));
        this.database = database;
        this.longestWait = longestWait;
    }

    private static HikariConfig lookingAgain(HikariConfig config) {
        config.setConnectionTimeout(LOOK_AGAIN_MILLIS);
        config.setValidationTimeout(LOOK_AGAIN_MILLIS);
        return config;
    }

    @Override
    public Connection getConnection() throws SQLException {
        long start = System.nanoTime();
        while (true) {
            if (isEmpty()) {
                askDatabase();
            }
            try {
                return super.getConnection();
            } catch (SQLTransientConnectionException noneIsFree) {
                if (System.nanoTime() - start >= longestWait.toNanos()) {
                    throw noneIsFree;
                }
            }
        }
    }

    private boolean isEmpty() {
        return getHikariPoolMXBean().getTotalConnections() == 0;
    }

    /** One at a time, so that a burst on an empty pool does not take the sessions that the pool is about to open. */
    private void askDatabase() throws SQLException {
        try {
            if (!asking.tryLock(longestWait.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new SQLTransientConnectionException("the database does not answer");
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new SQLTransientConnectionException("interrupted while the database did not answer");
        }
        try {
            if (isEmpty()) {
                database.getConnection().close();
            }
        } finally {
            asking.unlock();
        }
    }
}
