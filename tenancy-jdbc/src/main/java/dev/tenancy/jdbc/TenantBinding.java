package dev.tenancy.jdbc;

import dev.tenancy.TenantIdentity;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;

/**
 * How a connection is told whose it is. Immutable and thread-safe.
 *
 * @since 0.1
 */
public final class TenantBinding {

    /** The setting of the PostgreSQL session that has the tenant's id, and is empty for nobody. */
    public static final String SETTING = "tenancy.tenant_id";

    private static final TenantBinding SESSION = new TenantBinding(
            "session", (connection, identity, settings, trusted) -> new SessionLease(connection, identity, settings));
    private static final TenantBinding TRANSACTION = new TenantBinding("transaction", TransactionLease::new);

    private final String name;
    private final Leasing leasing;

    private TenantBinding(String name, Leasing leasing) {
        this.name = name;
        this.leasing = leasing;
    }

    /**
     * {@return the binding of the session}
     *
     * <p>Bound when the connection is borrowed, in a transaction of its own, so that no ROLLBACK can bring back what
     * was before; unbound and cleaned when it is returned. One round trip each. Refuses to work behind a pooler that
     * hands a server session from one client to another, such as PgBouncer.
     */
    public static TenantBinding session() {
        return SESSION;
    }

    /**
     * {@return the binding of each transaction}
     *
     * <p>The tenant is set for one transaction only, by statements that travel in the round trip of the borrower's own
     * first statement: {@code BEGIN; bind; statement; COMMIT} in autocommit, {@code bind; statement} in a transaction.
     * Between transactions the session is nobody's, so there is nothing to reset. Works behind a pooler that shares
     * sessions between transactions, for SQL that is vetted.
     *
     * <p>What cannot travel together (batches, generated keys, calls, updatable result sets, and anything but SELECT,
     * INSERT, UPDATE, DELETE, MERGE, WITH, VALUES and TABLE) is bound by a statement of its own before it: one more
     * round trip as the first statement of a transaction, two more in autocommit. Then it runs in a transaction that it
     * would not have alone; what PostgreSQL refuses in a transaction (VACUUM, say) and a text of several statements
     * that opens or ends one are refused.
     */
    public static TenantBinding transaction() {
        return TRANSACTION;
    }

    /** Lends a connection that the pool gave to {@code identity}, or to nobody. */
    Lease lease(Connection connection, Optional<TenantIdentity> identity, BoundSettings settings, boolean trusted)
            throws SQLException {
        return leasing.lease(connection, identity, settings, trusted);
    }

    @Override
    public String toString() {
        return "TenantBinding[" + name + "]";
    }

    @FunctionalInterface
    private interface Leasing {
        Lease lease(Connection connection, Optional<TenantIdentity> identity, BoundSettings settings, boolean trusted)
                throws SQLException;
    }
}
