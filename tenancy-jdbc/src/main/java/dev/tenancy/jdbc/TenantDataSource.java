package dev.tenancy.jdbc;

import dev.tenancy.TenantContext;
import dev.tenancy.TenantIdentity;
import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
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
 * 28000. A connection that cannot be bound (08006) or cleaned is thrown away. Thread-safe; its connections are as
 * thread-safe as those of the driver.
 *
 * @since 0.1
 */
public final class TenantDataSource implements DataSource, AutoCloseable {
    private final DataSource delegate;
    private final TenantBinding binding;
    private final Borrower borrower;

    private TenantDataSource(DataSource delegate, TenantBinding binding, Borrower borrower) {
        this.delegate = delegate;
        this.binding = binding;
        this.borrower = borrower;
    }

    /** {@return {@code pool}, its connections bound by {@link TenantBinding#session()}} */
    public static TenantDataSource wrap(DataSource pool) {
        return wrap(pool, TenantBinding.session());
    }

    /** {@return {@code pool}, its connections bound by {@code binding}} */
    public static TenantDataSource wrap(DataSource pool, TenantBinding binding) {
        return new TenantDataSource(pool, binding, Borrower.CURRENT_TENANT);
    }

    /**
     * {@return the same pool for what concerns no tenant (health checks, metadata): its connections are bound to
     * nobody, and see and write no row of a tenant table}
     */
    public DataSource withoutTenant() {
        return new TenantDataSource(delegate, binding, Borrower.NOBODY);
    }

    /**
     * {@return a connection that serves the current tenant}
     *
     * @throws SQLException with SQLState 28000 if there is no current tenant, 08006 if the connection cannot be bound,
     *     or whatever the pool throws
     */
    @Override
    public Connection getConnection() throws SQLException {
        return borrow(borrower.identity());
    }

    private Connection borrow(Optional<TenantIdentity> identity) throws SQLException {
        Connection connection = delegate.getConnection();
        try {
            binding.bind(connection, identity);
        } catch (SQLException | RuntimeException failure) {
            Eviction.evict(connection, failure);
            throw new SQLException("the connection cannot be bound to its tenant", "08006", failure);
        }
        return BoundConnection.of(connection, identity, binding);
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
     * Closes the wrapped pool, if it can be closed. What {@link #withoutTenant()} made closes nothing.
     *
     * @throws IllegalStateException if the pool does not close
     */
    @Override
    public void close() {
        if (borrower == Borrower.CURRENT_TENANT && delegate instanceof AutoCloseable closeable) {
            try {
                closeable.close();
            } catch (Exception failure) {
                throw new IllegalStateException("the wrapped pool does not close", failure);
            }
        }
    }

    @Override
    public @Nullable PrintWriter getLogWriter() throws SQLException {
        return delegate.getLogWriter();
    }

    @Override
    public void setLogWriter(@Nullable PrintWriter out) throws SQLException {
        delegate.setLogWriter(out);
    }

    @Override
    public void setLoginTimeout(int seconds) throws SQLException {
        delegate.setLoginTimeout(seconds);
    }

    @Override
    public int getLoginTimeout() throws SQLException {
        return delegate.getLoginTimeout();
    }

    @Override
    public Logger getParentLogger() throws SQLFeatureNotSupportedException {
        return delegate.getParentLogger();
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
                            "28000");
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
}
