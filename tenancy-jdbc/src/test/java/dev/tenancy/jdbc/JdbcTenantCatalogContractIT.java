package dev.tenancy.jdbc;

import dev.tenancy.Tenant;
import dev.tenancy.TenantCatalog;
import dev.tenancy.testing.TenantCatalogContract;
import dev.tenancy.testservers.TestPostgres;
import java.sql.SQLException;
import java.util.List;

/** The catalog in a table does what every catalog does. */
class JdbcTenantCatalogContractIT extends TenantCatalogContract {

    @Override
    protected TenantCatalog catalogOf(List<Tenant> tenants) throws SQLException {
        TestPostgres.Database database = TestPostgres.newDatabase();
        database.asOwner(JdbcTenantCatalog.ddl(), "GRANT SELECT ON tenancy_tenant TO " + database.app());
        JdbcTenantCatalog catalog = JdbcTenantCatalog.builder(OffboardingDatabase.source(database.appUrl()))
                .build();
        TenantRegistry registry = catalog.registry(OffboardingDatabase.source(database.ownerUrl()));
        for (Tenant tenant : tenants) {
            registry.put(tenant);
        }
        return catalog;
    }
}
