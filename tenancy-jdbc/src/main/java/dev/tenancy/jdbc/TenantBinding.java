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
public abstract sealed class TenantBinding permits SessionBinding {

    /** The setting of the PostgreSQL session that has the tenant's id, and is empty for nobody. */
    public static final String SETTING = "tenancy.tenant_id";

    TenantBinding() {}

    /**
     * {@return the binding of the session}
     *
     * <p>Bound when the connection is borrowed, in a transaction of its own, so that no ROLLBACK can bring back what
     * was before; unbound and cleaned when it is returned. One round trip each. Refuses to work behind a pooler that
     * hands a server session from one client to another, such as PgBouncer.
     */
    public static TenantBinding session() {
        return SessionBinding.INSTANCE;
    }

    /** Binds a connection that was just borrowed to {@code identity}, or to nobody. */
    abstract void bind(Connection connection, Optional<TenantIdentity> identity) throws SQLException;

    /**
     * Rolls back what was left open, and makes the session nobody's. Whoever called this gives up the connection if it
     * fails.
     */
    abstract void release(Connection connection) throws SQLException;
}
