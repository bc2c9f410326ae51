package dev.tenancy.jdbc;

import dev.tenancy.TenantContext;
import dev.tenancy.TenantIdentity;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * A connection that serves one identity from borrow to close, and everything that JDBC makes of it.
 *
 * <p>Statements, result sets and metadata are wrapped too, so that none of them leads to the physical connection, and
 * so that nothing is executed while another identity is current.
 */
final class BoundConnection implements InvocationHandler {
    private static final Set<String> ANSWERED_WHEN_CLOSED =
            Set.of("close", "abort", "isClosed", "isValid", "identity", "equals", "hashCode", "toString");

    private final Connection physical;
    private final Optional<TenantIdentity> identity;
    private final TenantBinding binding;
    private final TenantConnection self = proxy(TenantConnection.class, this);
    private final AtomicBoolean closed = new AtomicBoolean();

    private BoundConnection(Connection physical, Optional<TenantIdentity> identity, TenantBinding binding) {
        this.physical = physical;
        this.identity = identity;
        this.binding = binding;
    }

    static Connection of(Connection physical, Optional<TenantIdentity> identity, TenantBinding binding) {
        return new BoundConnection(physical, identity, binding).self;
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments) throws Throwable {
        String name = method.getName();
        boolean open = !closed.get();
        if (!open && !ANSWERED_WHEN_CLOSED.contains(name)) {
            throw new SQLException("this connection is closed", "08003");
        }
        return switch (name) {
            case "close" -> {
                close();
                yield null;
            }
            case "abort" -> {
                abort(method, arguments);
                yield null;
            }
            case "isClosed" -> !open || physical.isClosed();
            case "isValid" -> open ? call(physical, method, arguments) : false;
            case "identity" -> identity;
            case "physicalConnection" -> physical;
            default -> callWrapped(self, physical, method, arguments);
        };
    }

    private void close() throws SQLException {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        try {
            binding.release(physical);
        } catch (SQLException | RuntimeException failure) {
            Eviction.evict(physical, failure);
            return;
        }
        physical.close();
    }

    /** The connection goes back at once: JDBC lets whoever aborts one forget to close it. */
    private void abort(Method method, Object @Nullable [] arguments) throws Throwable {
        if (closed.compareAndSet(false, true)) {
            call(physical, method, arguments);
            Eviction.giveBackBroken(physical);
        }
    }

    /** Refuses what another tenant's code would do on this connection: it would be stored under the wrong tenant. */
    private void requireSameIdentity() throws SQLException {
        Optional<TenantIdentity> current = TenantContext.current();
        if (identity.isPresent() && current.isPresent() && !identity.get().hasSameAccessAs(current.get())) {
            throw new SQLException(
                    "this connection was borrowed for another identity than the one that is current now; borrow one for each",
                    "28000");
        }
    }

    /**
     * Calls {@code target}, which {@code proxy} stands for, and wraps what would lead back to the physical connection.
     */
    private @Nullable Object callWrapped(Object proxy, Object target, Method method, Object @Nullable [] arguments)
            throws Throwable {
        Object argument = arguments == null ? null : arguments[0];
        return switch (method.getName()) {
            case "equals" -> proxy == argument;
            case "hashCode" -> System.identityHashCode(proxy);
            case "toString" -> "tenant's " + target;
            case "isWrapperFor" -> argument instanceof Class<?> type && type.isInstance(proxy);
            case "unwrap" -> unwrap(proxy, argument);
            default -> wrap(call(target, method, arguments), proxy);
        };
    }

    private static Object unwrap(Object proxy, @Nullable Object type) throws SQLException {
        if (type instanceof Class<?> wanted && wanted.isInstance(proxy)) {
            return proxy;
        }
        throw new SQLException(
                "what a TenantDataSource hands out does not unwrap to classes of the driver or the pool; if it must"
                        + " be, unwrap the connection to TenantConnection and call physicalConnection()");
    }

    private @Nullable Object wrap(@Nullable Object result, Object parent) {
        for (Class<?> type : Part.TYPES) {
            if (type.isInstance(result)) {
                return proxy(type, new Part(result, parent));
            }
        }
        return result;
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(
                Proxy.newProxyInstance(BoundConnection.class.getClassLoader(), new Class<?>[] {type}, handler));
    }

    private static @Nullable Object call(Object target, Method method, Object @Nullable [] arguments) throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException failure) {
            throw failure.getCause() == null ? failure : failure.getCause();
        }
    }

    /** A statement, result set or metadata of this connection. */
    private final class Part implements InvocationHandler {
        /** The most special first. */
        private static final List<Class<?>> TYPES = List.of(
                CallableStatement.class,
                PreparedStatement.class,
                Statement.class,
                ResultSet.class,
                DatabaseMetaData.class);

        private static final Set<String> WRITES_OF_A_RESULT_SET =
                Set.of("insertRow", "updateRow", "deleteRow", "refreshRow");

        private final Object target;
        private final Object parent;

        private Part(Object target, Object parent) {
            this.target = target;
            this.parent = parent;
        }

        @Override
        public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments) throws Throwable {
            String name = method.getName();
            if (name.equals("getConnection")) {
                return self;
            }
            if (name.equals("getStatement")) {
                return parent instanceof Statement ? parent : null;
            }
            if (name.startsWith("execute") || WRITES_OF_A_RESULT_SET.contains(name)) {
                requireSameIdentity();
            }
            return callWrapped(proxy, target, method, arguments);
        }
    }
}
