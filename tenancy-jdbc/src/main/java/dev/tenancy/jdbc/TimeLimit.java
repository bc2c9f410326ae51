package dev.tenancy.jdbc;

import dev.tenancy.jdbc.internal.SqlWork;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Gives up what the driver may wait for longer than anybody should, and has no timeout for. */
final class TimeLimit {
    private TimeLimit() {}

    /**
     * Does {@code work} on another thread, which is interrupted when {@code longest} is over.
     *
     * @throws SQLException if the work fails, or is not done by then; the connection is not to be used again
     */
    static void of(Duration longest, SqlWork work) throws SQLException {
        FutureTask<Boolean> task = new FutureTask<>(() -> {
            work.run();
            return true;
        });
        Thread thread = new Thread(task, "tenancy-close");
        thread.setDaemon(true);
        thread.start();
        try {
            task.get(longest.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException failure) {
            throw failure.getCause() instanceof SQLException told ? told : new SQLException(failure.getCause());
        } catch (TimeoutException late) {
            task.cancel(true);
            throw new SQLException("the connection was not cleaned within " + longest.toSeconds() + " s", late);
        } catch (InterruptedException interrupted) {
            task.cancel(true);
            Thread.currentThread().interrupt();
            throw new SQLException("interrupted while the connection was cleaned", interrupted);
        }
    }
}
