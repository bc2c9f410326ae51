package dev.tenancy.jdbc;

import dev.tenancy.TenantIdentity;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;

/**
 * A connection of a {@link TenantDataSource}: {@code connection.unwrap(TenantConnection.class)}.
 *
 * @since 0.1
 */
public interface TenantConnection extends Connection {

    /** {@return whom this connection serves, from borrow to close; empty if it serves nobody} */
    Optional<TenantIdentity> identity();

    /**
     * {@return the connection of the wrapped {@code DataSource}, for what only the driver offers}
     *
     * <p>With {@link TenantBinding#session()} it is bound to the same tenant; with {@link TenantBinding#transaction()}
     * only in a transaction that is open when this is called, or is begun by it in a connection without autocommit, and
     * otherwise to nobody. What runs on it is no longer checked against the tenant that is current then. Do not close
     * it or keep it.
     *
     * @throws SQLException if this connection is closed (08003), or another identity is current (28000)
     */
    Connection physicalConnection() throws SQLException;
}
