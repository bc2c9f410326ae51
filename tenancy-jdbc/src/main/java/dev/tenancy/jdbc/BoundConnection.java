package dev.tenancy.jdbc;

import dev.tenancy.TenantContext;
import dev.tenancy.TenantIdentity;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Array;
import java.sql.Blob;
import java.sql.CallableStatement;
import java.sql.Clob;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.NClob;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLClientInfoException;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A connection that serves one identity from borrow to close, and everything that JDBC makes of it.
 *
 * <p>Statements, result sets, arrays and metadata are wrapped too: none of them leads to the physical connection, does
 * anything while another identity or the system is current, or outlives the close.
 */
final class BoundConnection implements InvocationHandler {
    private static final String CLOSED_STATE = "08003";
    private static final String OTHER_IDENTITY_STATE = "28000";
    private static final String OTHER_IDENTITY =
            "this connection was borrowed for another identity than the one (or the system) that is current now; borrow one"
                    + " for each";

    /** What ends the use of a connection, or only looks at the object. */
    private static final Set<String> FOR_EVERYBODY =
            Set.of("close", "abort", "cancel", "rollback", "isClosed", "identity", "equals", "hashCode", "toString");

    private static final Set<String> WHEN_CLOSED =
            Set.of("close", "abort", "isClosed", "isValid", "identity", "equals", "hashCode", "toString");

    /** What is wrapped, the most special first. */
    private static final List<Class<?>> PARTS = List.of(
            CallableStatement.class,
            PreparedStatement.class,
            Statement.class,
            ResultSet.class,
            DatabaseMetaData.class,
            Array.class,
            Blob.class,
            NClob.class,
            Clob.class);

    private final Connection physical;
    private final Optional<TenantIdentity> identity;
    private final TenantBinding binding;
    private final TenantConnection self = proxy(TenantConnection.class, this);
    private final AtomicReference<State> state = new AtomicReference<>(State.OPEN);

    private enum State {
        OPEN,
        CLOSING,
        CLOSED
    }

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
        requireAllowed(name);
        return switch (name) {
            case "close" -> {
                close();
                yield null;
            }
            case "abort" -> {
                abort(arguments == null ? null : arguments[0]);
                yield null;
            }
            case "isClosed" -> !isOpen() || physical.isClosed();
            case "isValid" -> isOpen() ? call(physical, method, arguments) : false;
            case "identity" -> identity;
            case "physicalConnection" -> physical;
            default -> callWrapped(self, physical, method, arguments);
        };
    }

    private void close() throws SQLException {
        if (!state.compareAndSet(State.OPEN, State.CLOSING)) {
            return;
        }
        try {
            binding.release(physical);
        } catch (SQLException | RuntimeException failure) {
            state.set(State.CLOSED);
            Eviction.evict(physical, failure);
            return;
        }
        state.set(State.CLOSED);
        physical.close();
    }

    /**
     * Breaks the connection now, whatever the executor would do and when: one that breaks later would be handed to the
     * next borrower before. JDBC lets whoever aborts a connection forget to close it, so it is given back at once too.
     */
    private void abort(@Nullable Object executor) throws SQLException {
        if (executor == null) {
            throw new SQLException("executor is null");
        }
        if (state.compareAndSet(State.OPEN, State.CLOSED)) {
            Eviction.discard(physical);
        } else if (state.get() == State.CLOSING) {
            physical.abort(Runnable::run);
        }
    }

    private boolean isOpen() {
        return state.get() == State.OPEN;
    }

    /**
     * Refuses what is done after the close, and what another tenant's code would do: it would work as the wrong tenant.
     */
    private void requireAllowed(String name) throws SQLException {
        if (!isOpen() && !WHEN_CLOSED.contains(name)) {
            throw name.equals("setClientInfo")
                    ? new SQLClientInfoException("this connection is closed", CLOSED_STATE, Map.of())
                    : new SQLException("this connection is closed", CLOSED_STATE);
        }
        if (identity.isPresent() && !FOR_EVERYBODY.contains(name) && isOtherThan(identity.get())) {
            throw name.equals("setClientInfo")
                    ? new SQLClientInfoException(OTHER_IDENTITY, OTHER_IDENTITY_STATE, Map.of())
                    : new SQLException(OTHER_IDENTITY, OTHER_IDENTITY_STATE);
        }
    }

    /** Whether somebody else than {@code borrower} is current: another identity, or the system. */
    private static boolean isOtherThan(TenantIdentity borrower) {
        return TenantContext.current()
                .map(current -> !borrower.hasSameAccessAs(current))
                .orElseGet(() -> TenantContext.systemReason().isPresent());
    }

    /**
     * Calls {@code target}, which {@code proxy} stands for, and wraps what would lead back to the physical connection.
     */
    @SuppressWarnings("ReferenceEquality") // a proxy equals itself only
    private @Nullable Object callWrapped(Object proxy, Object target, Method method, Object @Nullable [] arguments)
            throws Throwable {
        Object argument = arguments == null ? null : arguments[0];
        return switch (method.getName()) {
            case "equals" -> proxy == argument;
            case "hashCode" -> System.identityHashCode(proxy);
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
        for (Class<?> type : PARTS) {
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
            return method.invoke(target, unwrapped(arguments));
        } catch (InvocationTargetException failure) {
            throw failure.getCause() == null ? failure : failure.getCause();
        }
    }

    /** The driver wants its own arrays and large objects back as parameters. */
    private static Object @Nullable [] unwrapped(Object @Nullable [] arguments) {
        if (arguments == null) {
            return null;
        }
        Object[] own = arguments.clone();
        for (int i = 0; i < own.length; i++) {
            if (own[i] != null
                    && Proxy.isProxyClass(own[i].getClass())
                    && Proxy.getInvocationHandler(own[i]) instanceof Part part) {
                own[i] = part.target;
            }
        }
        return own;
    }

    /** A statement, result set, array, large object or metadata of this connection. */
    private final class Part implements InvocationHandler {
        private final Object target;
        private final Object parent;

        private Part(Object target, Object parent) {
            this.target = target;
            this.parent = parent;
        }

        @Override
        public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments) throws Throwable {
            String name = method.getName();
            requireAllowed(name);
            return switch (name) {
                case "getConnection" -> self;
                case "getStatement" -> parent instanceof Statement ? parent : null;
                default -> callWrapped(proxy, target, method, arguments);
            };
        }
    }
}
