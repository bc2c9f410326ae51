package dev.tenancy.jdbc;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.sql.Array;
import java.sql.Blob;
import java.sql.Clob;
import java.sql.NClob;
import java.sql.ParameterMetaData;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGResultSetMetaData;

/** Something that a bound connection made: it leads back to that connection, and never to the physical one. */
abstract class BoundPart implements InvocationHandler {
    /** What parts make themselves, the most special first. */
    private static final List<Class<?>> PARTS = List.of(Array.class, Blob.class, NClob.class, Clob.class);

    private final BoundConnection connection;

    BoundPart(BoundConnection connection) {
        this.connection = connection;
    }

    /** What this stands for. */
    abstract Object target() throws SQLException;

    /** Does what was asked of {@code proxy}, which stands for {@link #target}. */
    abstract @Nullable Object invoked(Object proxy, Method method, @Nullable Object @Nullable [] arguments)
            throws SQLException;

    final BoundConnection connection() {
        return connection;
    }

    @Override
    @SuppressWarnings("ReferenceEquality") // a proxy equals itself only
    public final @Nullable Object invoke(Object proxy, Method method, @Nullable Object @Nullable [] arguments)
            throws Throwable {
        String name = method.getName();
        connection.requireAllowed(name);
        Object argument = arguments == null ? null : arguments[0];
        return switch (name) {
            case "equals" -> proxy == argument;
            case "hashCode" -> System.identityHashCode(proxy);
            case "toString" -> toString();
            case "isWrapperFor" -> argument instanceof Class<?> type && type.isInstance(proxy);
            case "unwrap" -> BoundConnection.unwrap(proxy, argument);
            case "getConnection" -> connection.self();
            default -> invoked(proxy, method, arguments);
        };
    }

    @Override
    public String toString() {
        return getClass().getSimpleName() + "@" + Integer.toHexString(hashCode());
    }

    /** Calls {@code target}, and wraps what would lead back to the physical connection. */
    final @Nullable Object call(Object proxy, Object target, Method method, @Nullable Object @Nullable [] arguments)
            throws SQLException {
        return wrapped(connection, proxy, Proxies.call(target, method, arguments));
    }

    /** What stands for {@code result}, which {@code parent} made. */
    static @Nullable Object wrapped(BoundConnection connection, Object parent, @Nullable Object result) {
        if (result instanceof ResultSet rows) {
            return new BoundRows(connection, rows, parent instanceof Statement made ? made : null);
        }
        if (result instanceof ResultSetMetaData) {
            return Proxies.proxy(
                    new DescriptionPart(connection, result), ResultSetMetaData.class, PGResultSetMetaData.class);
        }
        if (result instanceof ParameterMetaData) {
            return Proxies.proxy(ParameterMetaData.class, new DescriptionPart(connection, result));
        }
        for (Class<?> type : PARTS) {
            if (type.isInstance(result)) {
                return Proxies.proxy(type, new ValuePart(connection, result));
            }
        }
        return result;
    }
}
