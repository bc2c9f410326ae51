package dev.tenancy.jdbc.torture;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;

/** Whoever may interrupt a session: an operator with a session of a superuser. Used by one worker. */
final class Outside implements AutoCloseable {
    private static final AtomicLong MARKERS = new AtomicLong();

    private final Connection superuser;
    private final ExecutorService thread = Executors.newSingleThreadExecutor(work -> {
        Thread daemon = new Thread(work, "torture-outside");
        daemon.setDaemon(true);
        return daemon;
    });

    Outside(String superuserUrl) throws SQLException {
        this.superuser = DriverManager.getConnection(superuserUrl);
    }

    /** Something that is done to a session of the server. */
    @FunctionalInterface
    interface Interruption {
        void of(int pid) throws SQLException;
    }

    /** Something that is done from outside. */
    @FunctionalInterface
    interface Act {
        void by(Outside outside) throws SQLException;
    }

    /** A word by which the text of a statement is found. */
    String marker() {
        return "marker" + MARKERS.incrementAndGet() + "_";
    }

    /** Runs {@code work}, and interrupts it once the statement with the marker sleeps on the server. */
    void during(String marker, Interruption interruption, Borrowed.Call work) throws SQLException {
        meanwhile(outside -> interruption.of(asleep(marker)), work);
    }

    /** Runs both at the same time. */
    void meanwhile(Act act, Borrowed.Call work) throws SQLException {
        CompletableFuture<Void> done = CompletableFuture.runAsync(
                () -> {
                    try {
                        act.by(this);
                    } catch (SQLException failure) {
                        throw new AssertionError("the interruption fails", failure);
                    }
                },
                thread);
        work.run();
        done.join();
    }

    private int asleep(String marker) throws SQLException {
        try (PreparedStatement wait = superuser.prepareStatement("SELECT pid_of_sleeper(?)")) {
            wait.setString(1, marker);
            try (ResultSet row = wait.executeQuery()) {
                row.next();
                return row.getInt(1);
            }
        }
    }

    /** Ends a session, and waits until it is gone. */
    void end(int pid) throws SQLException {
        try (PreparedStatement end = superuser.prepareStatement("SELECT pg_terminate_backend(?, 20000)")) {
            end.setInt(1, pid);
            end.executeQuery().close();
        }
    }

    @Override
    public void close() throws SQLException {
        thread.shutdown();
        superuser.close();
    }
}
