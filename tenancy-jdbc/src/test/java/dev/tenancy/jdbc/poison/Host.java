package dev.tenancy.jdbc.poison;

import com.zaxxer.hikari.HikariDataSource;
import dev.tenancy.TenantContext;
import dev.tenancy.TenantIdentity;
import dev.tenancy.jdbc.TenantBinding;
import dev.tenancy.jdbc.TenantDataSource;
import java.sql.Connection;
import java.sql.SQLException;

/** A server whose tenants share a pool. */
interface Host extends AutoCloseable {

    /** Lets a tenant use a connection of the pool. */
    void as(TenantIdentity tenant, Use use) throws SQLException;

    @Override
    void close();

    /** What is done with a connection. */
    @FunctionalInterface
    interface Use {
        void with(Connection connection) throws SQLException;
    }

    /** With the protection that is tested. */
    static Host protectedBy(TenantBinding binding, HikariDataSource pool) {
        return new Protected(TenantDataSource.wrap(pool, binding));
    }

    /** As those do it who set the tenant when a connection is borrowed, and leave the rest to the pool. */
    static Host unprotected(HikariDataSource pool) {
        return new Unprotected(pool);
    }

    /** Every connection is bound, and every session cleaned. */
    record Protected(TenantDataSource source) implements Host {
        @Override
        public void as(TenantIdentity tenant, Use use) throws SQLException {
            TenantContext.run(tenant, () -> {
                try (Connection connection = source.getConnection()) {
                    use.with(connection);
                }
            });
        }

        @Override
        public void close() {
            source.close();
        }
    }

    /** Every connection is bound, and that is all. */
    record Unprotected(HikariDataSource pool) implements Host {
        @Override
        public void as(TenantIdentity tenant, Use use) throws SQLException {
            try (Connection connection = pool.getConnection()) {
                Rows.of(
                        connection,
                        "SELECT set_config('tenancy.tenant_id', ?, false)",
                        tenant.tenantId().value());
                Poison.commit(connection);
                use.with(connection);
            }
        }

        @Override
        public void close() {
            pool.close();
        }
    }
}
