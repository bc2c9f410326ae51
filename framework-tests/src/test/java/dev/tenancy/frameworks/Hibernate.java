package dev.tenancy.frameworks;

import dev.tenancy.TenantContext;
import dev.tenancy.jdbc.TenantDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.hibernate.Session;
import org.hibernate.cfg.AvailableSettings;
import org.hibernate.context.spi.CurrentTenantIdentifierResolver;
import org.hibernate.engine.jdbc.connections.spi.AbstractDataSourceBasedMultiTenantConnectionProviderImpl;
import org.hibernate.jpa.HibernatePersistenceConfiguration;

/** The two ways in which a host starts Hibernate on a {@link TenantDataSource}. */
final class Hibernate {
    private Hibernate() {}

    /** Hibernate knows nothing of tenants, and asks nothing at start, since no tenant is current then. */
    static HibernatePersistenceConfiguration unaware(TenantDataSource source, Setup setup) {
        return configured(setup)
                .property(AvailableSettings.JAKARTA_NON_JTA_DATASOURCE, source)
                .property(AvailableSettings.ALLOW_METADATA_ON_BOOT, false)
                .property(AvailableSettings.JAKARTA_HBM2DDL_DB_NAME, "PostgreSQL")
                .property(AvailableSettings.JAKARTA_HBM2DDL_DB_MAJOR_VERSION, 14);
    }

    /** Hibernate knows the tenant of each session: it keeps sessions and caches apart too. */
    static HibernatePersistenceConfiguration aware(TenantDataSource source, Setup setup) {
        // region aware
        return configured(setup)
                .property(AvailableSettings.MULTI_TENANT_CONNECTION_PROVIDER, new TenantConnections(source))
                .property(AvailableSettings.MULTI_TENANT_IDENTIFIER_RESOLVER, new CurrentTenant());
        // endregion
    }

    private static HibernatePersistenceConfiguration configured(Setup setup) {
        return new HibernatePersistenceConfiguration("projects")
                .managedClasses(Project.class, Task.class)
                .properties(Map.of(
                        AvailableSettings.STATEMENT_BATCH_SIZE,
                        20,
                        AvailableSettings.ORDER_INSERTS,
                        true,
                        AvailableSettings.CONNECTION_PROVIDER_DISABLES_AUTOCOMMIT,
                        !setup.autoCommit(),
                        // The tests look at the exceptions.
                        AvailableSettings.LOG_JDBC_ERRORS,
                        false));
    }

    /** The names of the projects that a query without a condition finds. */
    static List<String> names(Session session) {
        return session.createSelectionQuery("select name from Project order by id", String.class)
                .getResultList();
    }

    // region connections
    /** Connections for sessions; what concerns no session, such as metadata at start, has none of a tenant. */
    private static final class TenantConnections
            extends AbstractDataSourceBasedMultiTenantConnectionProviderImpl<String> {
        private final transient TenantDataSource source;

        TenantConnections(TenantDataSource source) {
            this.source = source;
        }

        @Override
        protected DataSource selectAnyDataSource() {
            return source.withoutTenant();
        }

        @Override
        protected DataSource selectDataSource(String tenant) {
            return source;
        }

        /** A session that was opened for one tenant gets no connection of another who is current by now. */
        @Override
        public Connection getConnection(String tenant) throws SQLException {
            if (!tenant.equals(CurrentTenant.id())) {
                throw new SQLException("this session is that of another tenant than the current one", "28000");
            }
            return super.getConnection(tenant);
        }
    }

    /** Whose a session is that is opened now. */
    private static final class CurrentTenant implements CurrentTenantIdentifierResolver<String> {
        /** No tenant has this id, and for nobody there is no connection. */
        private static final String NOBODY = "";

        static String id() {
            return TenantContext.current()
                    .map(identity -> identity.tenantId().value())
                    .orElse(NOBODY);
        }

        @Override
        public String resolveCurrentTenantIdentifier() {
            return id();
        }

        @Override
        public boolean validateExistingCurrentSessions() {
            return true;
        }
    }
    // endregion
}
