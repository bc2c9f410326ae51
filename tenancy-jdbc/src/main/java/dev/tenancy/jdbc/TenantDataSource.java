package dev.tenancy.jdbc;

import static java.util.Objects.requireNonNull;

import dev.tenancy.TenantContext;
import dev.tenancy.TenantIdentity;
import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.time.Duration;
import java.util.Optional;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * A {@link DataSource} whose connections are bound to the tenant that is current when they are borrowed.
 *
 * <p>Wraps any pool of connections of the PostgreSQL JDBC driver. Without a current tenant there is no connection: an
 * {@link SQLException} with SQLState 28000, before the pool is touched. A connection serves the tenant it was borrowed
 * for until it is closed; whatever is done on it while another identity, or the system, is current is refused with
 * 28000. A connection that cannot be bound (08006) or cleaned is thrown away.
 *
 * <p>What the SQL of one identity left in the session of the server (settings, temporary tables, prepared statements,
 * locks, notifications) is taken away before another identity has it. A session from which it cannot be taken away is
 * thrown away, and the borrower gets another one. What driver and pool had set in the session when it was first seen
 * stays, but for settings with a dot in their name, which PostgreSQL does not list: those belong into the connection
 * property {@code options}.
 *
 * <p>Thread-safe; its connections are as thread-safe as those of the driver.
 *
 * @since 0.1
 */
public final class TenantDataSource implements DataSource, AutoCloseable {
    private final PooledLeases leases;
    private final Borrower borrower;
    private final boolean closesPool;

    private TenantDataSource(PooledLeases leases, Borrower borrower, boolean closesPool) {
        this.leases = leases;
        this.borrower = borrower;
        this.closesPool = closesPool;
    }

    /** {@return {@code pool}, its connections bound by {@link TenantBinding#session()}} */
    public static TenantDataSource wrap(DataSource pool) {
        return builder(pool).build();
    }

    /** {@return {@code pool}, its connections bound by {@code binding}} */
    public static TenantDataSource wrap(DataSource pool, TenantBinding binding) {
        return builder(pool).binding(binding).build();
    }

    /** {@return a builder of a data source that wraps {@code pool}} */
    public static Builder builder(DataSource pool) {
        return new Builder(requireNonNull(pool, "pool"));
    }

    /**
     * {@return the same pool for what concerns no tenant (health checks, metadata): its connections are bound to
     * nobody, and see and write no row of a tenant table}
     */
    public DataSource withoutTenant() {
        return new TenantDataSource(leases, Borrower.NOBODY, false);
    }

    /**
     * {@return the same pool for text that nobody vetted (an agent's SQL, say): a session that ran it is thrown away at
     * return, and never passed on}
     *
     * <p>Each borrow costs a new connection. Refused (08006) behind a pooler that shares sessions. It keeps what such
     * text does to the session from others; to keep it from other tenants' rows while it runs, the binding must be one
     * that the text cannot change.
     */
    public TenantDataSource untrusted() {
        return new TenantDataSource(leases.untrusted(), borrower, false);
    }

    /**
     * {@return a connection that serves the current tenant}
     *
     * @throws SQLException with SQLState 28000 if there is no current tenant, its id cannot be in the tenant column, it
     *     has no schema, or more readable tenants than a seal has room for, 57P03 if its schema cannot be migrated now,
     *     08006 if the connection cannot be bound, 53300 (a {@link java.sql.SQLTransientException}) if the tenant holds
     *     its share of the connections, or whatever the pool throws
     */
    @Override
    public Connection getConnection() throws SQLException {
        Optional<TenantIdentity> identity = borrower.identity();
        leases.requireBindable(identity);
        long start = leases.isListenedTo() ? System.nanoTime() : 0;
        leases.waitForShare(identity);
        Connection connection = null;
        try {
            connection = BoundConnection.borrow(leases, identity);
        } finally {
            if (connection == null) {
                leases.giveShareBack(identity);
            }
        }
        if (leases.isListenedTo()) {
            Duration waited = Duration.ofNanos(System.nanoTime() - start);
            leases.tell(listener -> listener.borrowed(identity, waited));
        }
        return connection;
    }

    /**
     * Not supported: another user is another role, whose rights nobody checked.
     *
     * @throws SQLFeatureNotSupportedException always
     */
    @Override
    public Connection getConnection(@Nullable String username, @Nullable String password) throws SQLException {
        throw new SQLFeatureNotSupportedException("connections of a TenantDataSource all have the user of its pool");
    }

    /**
     * Closes the wrapped pool, if it can be closed. What {@link #withoutTenant()} or {@link #untrusted()} made closes
     * nothing.
     *
     * @throws IllegalStateException if the pool does not close
     */
    @Override
    public void close() {
        if (closesPool && leases.pool() instanceof AutoCloseable closeable) {
            try {
                closeable.close();
            } catch (Exception failure) {
                throw new IllegalStateException("the wrapped pool does not close", failure);
            }
        }
    }

    @Override
    public @Nullable PrintWriter getLogWriter() throws SQLException {
        return leases.pool().getLogWriter();
    }

    @Override
    public void setLogWriter(@Nullable PrintWriter out) throws SQLException {
        leases.pool().setLogWriter(out);
    }

    @Override
    public void setLoginTimeout(int seconds) throws SQLException {
        leases.pool().setLoginTimeout(seconds);
    }

    @Override
    public int getLoginTimeout() throws SQLException {
        return leases.pool().getLoginTimeout();
    }

    @Override
    public Logger getParentLogger() throws SQLFeatureNotSupportedException {
        return leases.pool().getParentLogger();
    }

    /**
     * Unwraps to this type only: the wrapped pool would hand out connections that are bound to nobody in particular.
     */
    @Override
    public <T> T unwrap(Class<T> type) throws SQLException {
        if (type.isInstance(this)) {
            return type.cast(this);
        }
        throw new SQLException("a TenantDataSource does not unwrap to " + type.getName());
    }

    @Override
    public boolean isWrapperFor(Class<?> type) {
        return type.isInstance(this);
    }

    /** Whom a borrowed connection is to serve. */
    private enum Borrower {
        CURRENT_TENANT {
            @Override
            Optional<TenantIdentity> identity() throws SQLException {
                Optional<TenantIdentity> current = TenantContext.current();
                if (current.isEmpty()) {
                    throw new SQLException(
                            "no tenant is current on this thread, so there is no connection; open a TenantContext, or use"
                                    + " withoutTenant() for what needs no rows",
                            SqlStates.REFUSED);
                }
                return current;
            }
        },
        NOBODY {
            @Override
            Optional<TenantIdentity> identity() {
                return Optional.empty();
            }
        };

        abstract Optional<TenantIdentity> identity() throws SQLException;
    }

    /**
     * Says how a pool is wrapped. Not thread-safe.
     *
     * @since 0.1
     */
    public static final class Builder {
        private final DataSource pool;
        private TenantBinding binding = TenantBinding.session();
        private TenantColumn column = TenantColumn.TEXT;
        private @Nullable TenantSeal seal;
        private @Nullable TenantSchemas schemas;
        private @Nullable TenantShares shares;
        private @Nullable TenantDataSourceListener listener;

        private Builder(DataSource pool) {
            this.pool = pool;
        }

        /** Sets how connections are bound; {@link TenantBinding#session()} if this is not called. */
        public Builder binding(TenantBinding how) {
            this.binding = requireNonNull(how, "binding");
            return this;
        }

        /**
         * Sets what signs the tenant, for tables whose policies are sealed; unsealed if this is not called. What is
         * signed stands against SQL that an attacker wrote.
         */
        public Builder seal(TenantSeal seal) {
            this.seal = requireNonNull(seal, "seal");
            return this;
        }

        /**
         * Sets which schema a tenant has: connections have it first in their {@code search_path}, and none is lent
         * before it is migrated. With {@link TenantBinding#transaction()} a {@code SET search_path} of the borrower's
         * does not outlast its transaction.
         */
        public Builder schemas(TenantSchemas ofTenants) {
            this.schemas = requireNonNull(ofTenants, "schemas");
            return this;
        }

        /**
         * Sets the type of the tables' tenant column; {@link TenantColumn#TEXT} if this is not called. A tenant whose
         * id is not the text that PostgreSQL writes for a value of the type gets no connection (28000), so that two ids
         * are never one tenant.
         */
        public Builder tenantColumn(TenantColumn type) {
            this.column = requireNonNull(type, "type");
            return this;
        }

        /**
         * Limits how many connections one tenant may hold at once, so that no tenant takes the whole pool; without
         * limit if this is not called.
         *
         * @param most at least 1, and less than the pool has
         * @param wait how long a borrower of a tenant that holds them all waits for one to come back; zero or more
         * @throws IllegalArgumentException if a value is not in its range
         */
        public Builder connectionsPerTenant(int most, Duration wait) {
            if (most < 1) {
                throw new IllegalArgumentException("connectionsPerTenant is " + most + "; allowed: 1 or more");
            }
            if (wait.isNegative()) {
                throw new IllegalArgumentException(
                        "the wait of connectionsPerTenant is " + wait + "; allowed: zero or more");
            }
            this.shares = new TenantShares(most, wait);
            return this;
        }

        /** Sets who is told what happens. */
        public Builder listener(TenantDataSourceListener told) {
            this.listener = requireNonNull(told, "listener");
            return this;
        }

        /** {@return the data source} */
        public TenantDataSource build() {
            BoundSettings settings = new BoundSettings(column, seal, schemas);
            return new TenantDataSource(
                    new PooledLeases(pool, binding, settings, true, shares, listener), Borrower.CURRENT_TENANT, true);
        }
    }
}
