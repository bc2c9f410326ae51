package dev.tenancy.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenancy.Tenant;
import dev.tenancy.TenantCatalog;
import dev.tenancy.TenantId;
import dev.tenancy.testing.TenantCatalogContract;
import java.util.List;
import org.junit.jupiter.api.Test;

class StaticTenantCatalogTest extends TenantCatalogContract {

    @Override
    protected TenantCatalog catalogOf(List<Tenant> tenants) {
        return TenantCatalog.of(tenants.toArray(Tenant[]::new));
    }

    @Test
    void aCatalogThatAcceptsAnyTenantKnowsEachAsActiveAndNothingMore() {
        for (String name : List.of("acme", "ACME", "auth0|5f7c")) {
            Tenant tenant = TenantCatalog.acceptingAny().find(TenantId.of(name)).orElseThrow();

            assertThat(tenant.id().value()).isEqualTo(name);
            assertThat(tenant.status()).isEqualTo(Tenant.Status.ACTIVE);
            assertThat(tenant.readableTenants()).isEmpty();
            assertThat(tenant.setting(PLAN)).isEmpty();
        }
    }
}
