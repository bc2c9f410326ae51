package dev.tenancy.jdbc;

import dev.tenancy.TenantIdentity;
import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.SQLClientInfoException;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A connection that serves one identity from borrow to close, and everything that JDBC makes of it.
 *
 * <p>Statements, result sets, arrays and metadata are wrapped too: none of them leads to the physical connection, does
 * anything while another identity or the system is current, or outlives the close.
 */
final class BoundConnection implements InvocationHandler {
    /** What the driver answers by itself. */
    private static final Set<String> WITHOUT_SERVER = Set.of(
            "getAutoCommit",
            "isReadOnly",
            "getWarnings",
            "clearWarnings",
            "nativeSQL",
            "getHoldability",
            "setHoldability",
            "getTypeMap",
            "setTypeMap",
            "getClientInfo",
            "getNetworkTimeout",
            "setNetworkTimeout",
            "createSQLXML",
            "beginRequest",
            "endRequest");

    private final LeaseSource source;
    private final Optional<TenantIdentity> identity;
    private final TenantConnection self = Proxies.proxy(TenantConnection.class, this);
    private final AtomicReference<State> state = new AtomicReference<>(State.OPEN);
    private final ReentrantLock lock = new ReentrantLock();
    private volatile Lease lease;

    private enum State {
        OPEN,
        CLOSING,
        CLOSED
    }

    /** Something that is done with the lease. */
    @FunctionalInterface
    interface Work {
        @Nullable
        Object with(Lease lease) throws SQLException;
    }

    /** The connection, for one thread alone, until this is closed. */
    interface Hold extends AutoCloseable {
        @Override
        void close();
    }

    private BoundConnection(LeaseSource source, Optional<TenantIdentity> identity) throws SQLException {
        this.source = source;
        this.identity = identity;
        this.lease = source.lease(identity);
    }

    /** Borrows a connection. */
    static Connection borrow(LeaseSource source, Optional<TenantIdentity> identity) throws SQLException {
        return new BoundConnection(source, identity).self;
    }

    Lease lease() {
        return lease;
    }

    Connection self() {
        return self;
    }

    /**
     * Waits until nobody else uses the connection. Everything that may ask the server holds it: who was let in before
     * the close, and comes after it, would otherwise use the session of the next borrower.
     *
     * @throws SQLException with SQLState 08003 if the connection was closed meanwhile
     */
    Hold hold() throws SQLException {
        lock.lock();
        try {
            Access.requireOpen(isOpen());
        } catch (SQLException closed) {
            lock.unlock();
            throw closed;
        }
        return lock::unlock;
    }

    /** Does {@code work} that runs nothing, alone: also on a session that is lost. */
    @Nullable
    Object alone(Work work) throws SQLException {
        try (Hold alone = hold()) {
            return work.with(lease);
        }
    }

    /**
     * Does {@code work}, alone. If the session turns out to have what a former borrower left in it and nothing takes
     * away, nothing of the work has been done: it is done again on another session.
     */
    @Nullable
    Object work(Work work) throws SQLException {
        try (Hold alone = hold()) {
            while (true) {
                JdbcAttributes before = lease.needsCleaning() ? JdbcAttributes.of(lease.connection()) : null;
                try {
                    return work.with(lease);
                } catch (DirtySessionException dirty) {
                    replaceSession(dirty, before == null ? JdbcAttributes.of(lease.connection()) : before);
                }
            }
        }
    }

    /** @param attributes what the borrower had said of the connection; one that has ended does not tell any more */
    private void replaceSession(DirtySessionException dirty, JdbcAttributes attributes) throws SQLException {
        source.discard(lease.connection(), dirty);
        try {
            lease = source.lease(identity);
            attributes.applyTo(lease.connection());
        } catch (SQLException | RuntimeException failure) {
            Eviction.discard(lease.connection());
            if (state.compareAndSet(State.OPEN, State.CLOSED)) {
                source.ended(identity);
            }
            throw failure;
        }
        if (state.get() == State.CLOSED) { // aborted meanwhile: the session before this one was broken, perhaps
            Eviction.discard(lease.connection());
            throw new SQLException("this connection was aborted", SqlStates.CONNECTION_CLOSED);
        }
    }

    @Override
    @SuppressWarnings("ReferenceEquality") // a proxy equals itself only
    public @Nullable Object invoke(Object proxy, Method method, @Nullable Object @Nullable [] arguments)
            throws Throwable {
        String name = method.getName();
        requireAllowed(name);
        @Nullable Object first = arguments == null ? null : arguments[0];
        return switch (name) {
            case "close" -> {
                close();
                yield null;
            }
            case "abort" -> {
                abort(first);
                yield null;
            }
            case "isClosed" -> !isOpen() || lease.connection().isClosed();
            case "isValid" -> isValid(method, arguments);
            case "identity" -> identity;
            case "physicalConnection" -> physical();
            case "equals" -> proxy == first;
            case "hashCode" -> System.identityHashCode(proxy);
            case "toString" -> "TenantConnection[" + identity.map(TenantIdentity::tenantId) + "]";
            case "isWrapperFor" -> first instanceof Class<?> type && type.isInstance(proxy);
            case "unwrap" -> unwrap(proxy, first);
            case "createStatement" -> NewStatement.ofTexts(this, method, arguments);
            case "prepareStatement" -> NewStatement.prepared(this, method, arguments);
            case "prepareCall" -> NewStatement.call(this, method, arguments);
            case "getMetaData" -> Proxies.proxy(DatabaseMetaData.class, new MetaDataPart(this));
            case "setClientInfo" -> setClientInfo(proxy, method, arguments);
            default -> onServer(proxy, method, arguments);
        };
    }

    private boolean isValid(Method method, @Nullable Object @Nullable [] arguments) throws SQLException {
        try (Hold alone = hold()) {
            return Boolean.TRUE.equals(call(method, arguments));
        } catch (SQLException failure) {
            if (isOpen()) {
                throw failure;
            }
            return false; // is said of a closed one
        }
    }

    /** Whether a backslash in a literal is only that. */
    boolean standardStrings() {
        return lease.driver().getStandardConformingStrings();
    }

    /** The only method that may not fail with every {@link SQLException}. */
    private @Nullable Object setClientInfo(Object proxy, Method method, @Nullable Object @Nullable [] arguments)
            throws SQLClientInfoException {
        try {
            return onServer(proxy, method, arguments);
        } catch (SQLClientInfoException failure) {
            throw failure;
        } catch (SQLException failure) {
            throw new SQLClientInfoException(failure.getMessage(), failure.getSQLState(), Map.of(), failure);
        }
    }

    private @Nullable Object onServer(Object proxy, Method method, @Nullable Object @Nullable [] arguments)
            throws SQLException {
        if (WITHOUT_SERVER.contains(method.getName())) {
            try (Hold alone = hold()) {
                return call(method, arguments);
            }
        }
        Object result = work(lease -> switch (method.getName()) {
            case "commit" -> lease.run(SqlKind.COMMIT, () -> call(method, arguments));
            case "rollback" ->
                lease.run(arguments == null ? SqlKind.ROLLBACK : SqlKind.ROLLBACK_TO, () -> call(method, arguments));
            case "setAutoCommit" ->
                Boolean.TRUE.equals(arguments == null ? null : arguments[0])
                        ? lease.run(SqlKind.COMMIT, () -> callThatTellsReadOnly(lease, method, arguments))
                        : callThatTellsReadOnly(lease, method, arguments);
            case "setSavepoint", "releaseSavepoint" -> lease.run(SqlKind.BEGIN, () -> call(method, arguments));
            case "setReadOnly" -> callThatTellsReadOnly(lease, method, arguments);
            default -> lease.run(SqlKind.CATALOG, () -> call(method, arguments));
        });
        return BoundPart.wrapped(this, proxy, result);
    }

    /** With readOnlyMode=always the driver tells the server at once; cleaning the session later would undo that. */
    private @Nullable Object callThatTellsReadOnly(Lease lease, Method method, @Nullable Object @Nullable [] arguments)
            throws SQLException {
        String setting = "default_transaction_read_only";
        String before = lease.driver().getParameterStatus(setting);
        call(method, arguments);
        String after = lease.driver().getParameterStatus(setting);
        if (lease.needsCleaning() && after != null && !after.equals(before)) {
            boolean readOnly = lease.connection().isReadOnly();
            lease.connection().setReadOnly(!readOnly); // or it would be what the session was like at first
            lease.clean();
            lease.connection().setReadOnly(readOnly);
        }
        return null;
    }

    /** Calls the connection that is served now. */
    @Nullable
    Object call(Method method, @Nullable Object @Nullable [] arguments) throws SQLException {
        return Proxies.call(lease.connection(), method, arguments);
    }

    private @Nullable Object physical() throws SQLException {
        return work(lease -> {
            lease.isHandedOut();
            return lease.connection();
        });
    }

    private void close() throws SQLException {
        if (!state.compareAndSet(State.OPEN, State.CLOSING)) {
            return;
        }
        try {
            lockAfterCancel(); // until then, the session may be replaced
            try {
                if (source.handsOn()) {
                    lease.handOn();
                }
            } finally {
                lock.unlock();
            }
        } catch (SQLException | RuntimeException failure) {
            state.set(State.CLOSED);
            source.discard(lease.connection(), failure);
            source.ended(identity);
            return;
        }
        try {
            if (state.compareAndSet(State.CLOSING, State.CLOSED)) {
                source.giveBack(lease.connection());
            } else { // aborted meanwhile
                Eviction.discard(lease.connection());
            }
        } finally {
            source.ended(identity);
        }
    }

    /** A statement that another thread waits for is canceled, as pools do with what is open at the close. */
    private void lockAfterCancel() throws SQLException {
        if (!lock.tryLock()) {
            lease.driver().cancelQuery();
            lock.lock();
        }
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
            Eviction.discard(lease.connection());
            source.ended(identity);
        } else if (state.compareAndSet(State.CLOSING, State.CLOSED)) { // and not given back any more
            lease.connection().abort(Runnable::run);
        }
    }

    boolean isOpen() {
        return state.get() == State.OPEN;
    }

    /** Refuses everybody but the borrower, and the borrower too after the close. */
    void requireBorrower() throws SQLException {
        Access.requireBorrower(isOpen(), identity);
    }

    /** The same, alone. */
    Hold holdForBorrower() throws SQLException {
        requireBorrower();
        return hold();
    }

    /** The same, where only an {@link IOException} can be thrown. */
    Hold holdForStream() throws IOException {
        try {
            return holdForBorrower();
        } catch (SQLException refusal) {
            throw new IOException(refusal.getMessage(), refusal);
        }
    }

    void requireAllowed(String name) throws SQLException {
        Access.require(name, isOpen(), identity);
    }

    static Object unwrap(Object proxy, @Nullable Object type) throws SQLException {
        if (type instanceof Class<?> wanted && wanted.isInstance(proxy)) {
            return proxy;
        }
        throw new SQLException(
                "what a TenantDataSource hands out does not unwrap to classes of the driver or the pool; if it must"
                        + " be (for COPY or notifications, say), unwrap the connection to TenantConnection and call"
                        + " physicalConnection()");
    }
}
