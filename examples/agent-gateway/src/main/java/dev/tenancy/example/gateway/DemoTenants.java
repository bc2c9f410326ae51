package dev.tenancy.example.gateway;

import dev.tenancy.Tenant;
import dev.tenancy.TenantCatalog;
import dev.tenancy.TenantId;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** The tenants that there are as long as no catalog is configured. */
final class DemoTenants {
    private DemoTenants() {}

    /** The demo tenants, and those that API keys are configured for. */
    static TenantCatalog catalog(Collection<TenantId> ofApiKeys) {
        Map<TenantId, Tenant> tenants = new LinkedHashMap<>();
        ofApiKeys.forEach(id -> tenants.put(id, ordinary(id).build()));
        for (Tenant demo : new Tenant[] {
            ordinary(TenantId.of("acme"))
                    .readableTenants(Set.of(TenantId.of("shared")))
                    .build(),
            ordinary(TenantId.of("globex")).build(),
            limited(TenantId.of("tiny"), "5/1m burst 5", "2000/1d").build(),
            ordinary(TenantId.of("frozen")).status(Tenant.Status.SUSPENDED).build()
        }) {
            tenants.put(demo.id(), demo);
        }
        return TenantCatalog.of(tenants.values().toArray(Tenant[]::new));
    }

    private static Tenant.Builder ordinary(TenantId id) {
        return limited(id, "600/1m burst 100", "1000000/1d");
    }

    private static Tenant.Builder limited(TenantId id, String rateLimit, String budget) {
        return Tenant.builder(id).setting("rate-limit", rateLimit).setting("budget", budget);
    }
}
