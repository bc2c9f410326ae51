package dev.tenancy.jdbc;

import dev.tenancy.InvalidTenantIdException;
import dev.tenancy.TenantId;
import dev.tenancy.catalog.CachedTenantCatalog;
import dev.tenancy.jdbc.internal.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hears on a connection of its own which tenants change, and has them forgotten. What was missed while there was no
 * connection is made up for by forgetting all when there is one again; until then the cache's time to live is the
 * bound.
 */
final class CatalogListener implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CatalogListener.class);
    private static final int HEARTBEAT_MILLIS = 5_000;
    private static final int NETWORK_TIMEOUT_MILLIS = 10_000;
    private static final Duration SHORTEST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

    private final DataSource dataSource;
    private final String channel;
    private final CachedTenantCatalog cache;
    private final Thread thread;
    private volatile boolean closed;
    private volatile @Nullable Connection listening;
    private long pauseMillis = SHORTEST_PAUSE.toMillis();

    private CatalogListener(DataSource dataSource, String channel, CachedTenantCatalog cache) {
        this.dataSource = dataSource;
        this.channel = channel;
        this.cache = cache;
        this.thread = new Thread(this::run, "tenancy-catalog-" + channel);
        thread.setDaemon(true);
    }

    static CatalogListener start(DataSource dataSource, String channel, CachedTenantCatalog cache) {
        CatalogListener listener = new CatalogListener(dataSource, channel, cache);
        listener.thread.start();
        return listener;
    }

    private void run() {
        while (!closed) {
            try {
                listen();
            } catch (SQLException | RuntimeException failure) {
                if (!closed) {
                    LOG.warn(
                            "changes of tenants are not told at once, as long as channel {} is not heard",
                            channel,
                            failure);
                }
            }
            pause();
        }
    }

    private void listen() throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            listening = connection;
            connection.setAutoCommit(true);
            connection.setNetworkTimeout(Runnable::run, NETWORK_TIMEOUT_MILLIS);
            execute(connection, "LISTEN " + Sql.quoted(channel));
            cache.invalidateAll();
            pauseMillis = SHORTEST_PAUSE.toMillis();
            hear(connection);
        } finally {
            listening = null;
        }
    }

    private void hear(Connection connection) throws SQLException {
        PGConnection driver = connection.unwrap(PGConnection.class);
        while (!closed) {
            @Nullable PGNotification[] heard = driver.getNotifications(HEARTBEAT_MILLIS);
            if (heard == null || heard.length == 0) {
                execute(connection, "SELECT 1"); // a connection that is gone does not say so by itself
                continue;
            }
            for (PGNotification notification : heard) {
                if (notification != null) {
                    forget(notification.getParameter());
                }
            }
        }
    }

    private void forget(String changed) {
        try {
            cache.invalidate(TenantId.of(changed));
        } catch (InvalidTenantIdException all) {
            cache.invalidateAll();
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private void pause() {
        try {
            if (!closed) {
                TimeUnit.MILLISECONDS.sleep(pauseMillis);
            }
        } catch (InterruptedException ended) {
            closed = true; // only close() has this thread
        }
        pauseMillis = Math.min(LONGEST_PAUSE.toMillis(), pauseMillis * 2);
    }

    /** Ends the thread and its connection. */
    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        Connection open = listening;
        if (open != null) {
            try {
                open.abort(Runnable::run);
            } catch (SQLException failure) {
                LOG.debug("the connection that listens was gone", failure);
            }
        }
        try {
            thread.join(NETWORK_TIMEOUT_MILLIS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
