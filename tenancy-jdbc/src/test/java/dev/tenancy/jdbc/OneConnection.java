package dev.tenancy.jdbc;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import javax.sql.DataSource;

/** The least that can be a pool: one connection, whoever borrows it, that sends nothing by itself. */
public final class OneConnection implements AutoCloseable {
    private final Connection physical;

    public OneConnection(String url) throws SQLException {
        physical = DriverManager.getConnection(url);
    }

    public DataSource pool() {
        Connection neverClosed = standingFor(
                Connection.class,
                (proxy, method, arguments) ->
                        method.getName().equals("close") ? null : method.invoke(physical, arguments));
        return standingFor(DataSource.class, (proxy, method, arguments) -> neverClosed);
    }

    /** An object of that type whose methods {@code handler} answers; it may call others by reflection. */
    static <T> T standingFor(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(
                OneConnection.class.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                    try {
                        return handler.invoke(proxy, method, arguments);
                    } catch (InvocationTargetException failure) {
                        throw failure.getCause() == null ? failure : failure.getCause();
                    }
                }));
    }

    @Override
    public void close() throws SQLException {
        physical.close();
    }
}
