package dev.tenancy.example.gateway;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * A new session for everybody who asks, opened by who asks, and so many at once at most. A pool is for sessions that
 * are used again, and most open one after another: where none is ever used again, all would wait for that.
 */
final class NewSessions extends PGSimpleDataSource {
    private static final long serialVersionUID = 1L;
    private static final Set<String> ENDS = Set.of("close", "abort");

    private final int most;
    private final long waitMillis;
    private final transient Semaphore places;

    /** At most {@code most} sessions; who finds them all in use waits for {@code longestWait}. */
    NewSessions(String url, int most, Duration longestWait) {
        setUrl(url);
        this.most = most;
        this.waitMillis = longestWait.toMillis();
        this.places = new Semaphore(most, true);
    }

    @Override
    public Connection getConnection() throws SQLException {
        awaitPlace();
        boolean opened = false;
        try {
            Connection session = super.getConnection();
            opened = true;
            return givingPlaceBack(session);
        } finally {
            if (!opened) {
                places.release();
            }
        }
    }

    private void awaitPlace() throws SQLException {
        try {
            if (places.tryAcquire(waitMillis, TimeUnit.MILLISECONDS)) {
                return;
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new SQLTransientConnectionException("interrupted while all " + most + " sessions were in use");
        }
        throw new SQLTransientConnectionException("all " + most + " sessions are in use");
    }

    private Connection givingPlaceBack(Connection session) {
        AtomicBoolean ended = new AtomicBoolean();
        return (Connection) Proxy.newProxyInstance(
                NewSessions.class.getClassLoader(), new Class<?>[] {Connection.class}, (proxy, method, arguments) -> {
                    try {
                        return call(session, method, arguments);
                    } finally {
                        if (ENDS.contains(method.getName()) && ended.compareAndSet(false, true)) {
                            places.release();
                        }
                    }
                });
    }

    private static Object call(Connection session, Method method, Object[] arguments) throws Throwable {
        try {
            return method.invoke(session, arguments);
        } catch (InvocationTargetException thrown) {
            throw thrown.getCause();
        }
    }
}
