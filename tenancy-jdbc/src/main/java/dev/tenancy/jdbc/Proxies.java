package dev.tenancy.jdbc;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** Makes the objects that stand for those of the driver, and calls those of the driver. */
final class Proxies {
    private Proxies() {}

    static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(proxy(handler, type));
    }

    static Object proxy(InvocationHandler handler, Class<?>... types) {
        return Proxy.newProxyInstance(Proxies.class.getClassLoader(), types, handler);
    }

    /** Calls a method of JDBC. The driver gets its own arrays and large objects back as parameters. */
    static @Nullable Object call(Object target, Method method, @Nullable Object @Nullable [] arguments)
            throws SQLException {
        try {
            return method.invoke(target, unwrapped(arguments));
        } catch (InvocationTargetException failure) {
            throw rethrown(failure);
        } catch (IllegalAccessException impossible) {
            throw new IllegalStateException("a method of java.sql is not accessible", impossible);
        }
    }

    private static SQLException rethrown(InvocationTargetException failure) {
        Throwable cause = failure.getCause();
        if (cause instanceof SQLException sqlFailure) {
            return sqlFailure;
        }
        if (cause instanceof RuntimeException unchecked) {
            throw unchecked;
        }
        if (cause instanceof Error error) {
            throw error;
        }
        return new SQLException(cause);
    }

    private static @Nullable Object @Nullable [] unwrapped(@Nullable Object @Nullable [] arguments)
            throws SQLException {
        if (arguments == null) {
            return null;
        }
        @Nullable Object[] own = arguments.clone();
        for (int i = 0; i < own.length; i++) {
            own[i] = own(own[i]);
        }
        return own;
    }

    /**
     * What the driver made, if {@code object} stands for that.
     *
     * @throws SQLException with SQLState 08003 or 28000 if it is of a connection that was closed, or of another
     *     borrower
     */
    static @Nullable Object own(@Nullable Object object) throws SQLException {
        if (object != null
                && Proxy.isProxyClass(object.getClass())
                && Proxy.getInvocationHandler(object) instanceof BoundPart part) {
            part.connection().requireBorrower();
            return part.target();
        }
        return object;
    }
}
