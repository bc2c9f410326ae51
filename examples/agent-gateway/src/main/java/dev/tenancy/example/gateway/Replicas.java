package dev.tenancy.example.gateway;

import dev.tenancy.TenantId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells all replicas on the same database which tenants have new records. It carries no record. Every role can listen
 * and notify on any channel of a database (PostgreSQL manual, LISTEN), so the name of this one is a secret.
 */
final class Replicas implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Replicas.class);

    /** What happens meanwhile is told together. */
    private static final Duration TOGETHER = Duration.ofMillis(20);

    private static final int HEARTBEAT_MILLIS = 5_000;
    private static final long PAUSE_MILLIS = 1_000;
    private static final long STOP_MILLIS = 5_000;

    /** Nobody has to find on the disk what is worthless after a crash. */
    private static final String TELL =
            "SELECT set_config('synchronous_commit', 'off', true), pg_notify(?, news)" + " FROM unnest(?) AS news";

    private final DataSource owners;
    private final String channel;
    private final List<Listener> listeners;
    private final String self = UUID.randomUUID().toString();
    private final Map<TenantId, Long> untold = new LinkedHashMap<>();
    private final Thread hearing = new Thread(this::hear, "replicas-hear");
    private final ScheduledExecutorService telling = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "replicas-tell");
        thread.setDaemon(true);
        return thread;
    });

    private final ScheduledFuture<?> tellingRegularly;
    private volatile boolean closed;
    private volatile @Nullable Connection open;

    /** Is told what any replica tells. */
    interface Listener {
        /** A tenant has records up to this number. */
        void wake(TenantId tenant, long newest);

        /** Something may have been missed. */
        void wakeAll();
    }

    /**
     * Listens from now on.
     *
     * @param owners plain connections of a role that no SQL of tenants runs as, since sessions of one role see each
     *     other's statements
     */
    Replicas(DataSource owners, SharedSecret secret, List<Listener> listeners) {
        this.owners = owners;
        this.channel = "gateway_"
                + HexFormat.of().formatHex(secret.forUse("gateway.replicas")).substring(0, 32);
        this.listeners = List.copyOf(listeners);
        hearing.setDaemon(true);
        hearing.start();
        this.tellingRegularly = telling.scheduleWithFixedDelay(
                this::tellNow, TOGETHER.toMillis(), TOGETHER.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Tells this one at once, and the others soon. If that fails, they notice by themselves within seconds. */
    void tell(TenantId tenant, long newest) {
        wake(tenant, newest);
        synchronized (untold) {
            untold.merge(tenant, newest, Math::max);
        }
    }

    private void wake(TenantId tenant, long newest) {
        listeners.forEach(listener -> listener.wake(tenant, newest));
    }

    private void tellNow() {
        Map<TenantId, Long> now;
        synchronized (untold) {
            now = Map.copyOf(untold);
            untold.clear();
        }
        if (now.isEmpty()) {
            return;
        }
        try (Connection connection = owners.getConnection();
                PreparedStatement tell = connection.prepareStatement(TELL)) {
            tell.setString(1, channel);
            tell.setArray(
                    2,
                    connection.createArrayOf(
                            "text",
                            now.entrySet().stream()
                                    .map(news -> self + " " + news.getValue() + " " + news.getKey())
                                    .toArray()));
            tell.executeQuery();
        } catch (SQLException | RuntimeException failure) {
            LOG.debug("other replicas are not told; they look for themselves", failure);
        }
    }

    private void hear() {
        while (!closed) {
            try (Connection connection = owners.getConnection()) {
                open = connection;
                execute(connection, "LISTEN " + channel);
                listeners.forEach(Listener::wakeAll);
                while (!closed) {
                    hear(connection);
                }
            } catch (SQLException | RuntimeException failure) {
                if (!closed) {
                    LOG.warn("what other replicas write is told late, as long as they are not heard", failure);
                }
            }
            pause();
        }
    }

    private void hear(Connection connection) throws SQLException {
        @Nullable PGNotification[] heard = connection.unwrap(PGConnection.class).getNotifications(HEARTBEAT_MILLIS);
        if (heard == null || heard.length == 0) {
            execute(connection, "SELECT 1"); // a connection that is gone does not say so by itself
            return;
        }
        Map<TenantId, Long> news = new LinkedHashMap<>();
        for (PGNotification notification : heard) {
            if (notification != null) {
                String[] parts = notification.getParameter().split(" ", 3);
                if (!parts[0].equals(self)) {
                    news.merge(TenantId.of(parts[2]), Long.valueOf(parts[1]), Math::max);
                }
            }
        }
        news.forEach(this::wake);
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private void pause() {
        try {
            if (!closed) {
                TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
            }
        } catch (InterruptedException ended) {
            closed = true; // only close() has this thread
        }
    }

    @Override
    public void close() {
        closed = true;
        tellingRegularly.cancel(false);
        telling.shutdown();
        hearing.interrupt();
        Connection listening = open;
        try {
            if (listening != null) {
                listening.abort(Runnable::run);
            }
            hearing.join(STOP_MILLIS);
        } catch (SQLException failure) {
            LOG.debug("the connection that hears was gone", failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
