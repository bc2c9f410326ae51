package dev.tenancy.jdbc;

import dev.tenancy.TenantIdentity;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;

/** Where bound connections get physical ones from, and where they leave them. */
interface LeaseSource {

    /**
     * Lends a clean connection of the pool.
     *
     * @throws SQLException if the pool has none, or it cannot be bound (08006)
     */
    Lease lease(Optional<TenantIdentity> identity) throws SQLException;

    /** Whether a connection that is given back goes to somebody else, so that the lease has to end well. */
    boolean handsOn();

    /** Takes back a connection that served its borrower well. */
    void giveBack(Connection physical) throws SQLException;

    /** Throws away a connection that cannot be bound or cleaned, for {@code reason}. */
    void discard(Connection physical, Exception reason);

    /** Is told that a borrower has no connection any more. */
    void ended(Optional<TenantIdentity> identity);
}
