package dev.tenancy.example.gateway;

import dev.tenancy.Tenant;
import dev.tenancy.TenantCatalog;
import dev.tenancy.TenantId;
import dev.tenancy.jdbc.TenantRegistry;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The tenants that an empty catalog begins with. */
final class DemoTenants {
    private DemoTenants() {}

    /** Adds the demo tenants to a catalog that is empty; and to any, the tenants that have API keys, with a schema. */
    static void addTo(TenantRegistry registry, TenantCatalog catalog, Collection<TenantId> ofApiKeys)
            throws SQLException {
        if (registry.ids(Optional.empty(), 1).isEmpty()) {
            for (Tenant demo : demos()) {
                registry.put(demo);
            }
        }
        for (TenantId id : ofApiKeys) {
            Tenant known =
                    catalog.find(id).orElseGet(() -> TenantTerms.usual(id).build());
            if (!known.settings().containsKey(BankSchemas.SETTING)) {
                registry.put(withSchema(known));
            }
        }
    }

    /** A tenant that is not there, with the usual terms, and with a schema if it has an API key. */
    static Tenant made(TenantId id, Collection<TenantId> ofApiKeys) {
        Tenant usual = TenantTerms.usual(id).build();
        return ofApiKeys.contains(id) ? withSchema(usual) : usual;
    }

    private static Tenant withSchema(Tenant known) {
        Tenant.Builder tenant = Tenant.builder(known.id())
                .status(known.status())
                .readableTenants(known.readableTenants())
                .setting(BankSchemas.SETTING, known.id().value());
        known.settings().forEach(tenant::setting);
        return tenant.build();
    }

    private static List<Tenant> demos() {
        return List.of(
                TenantTerms.usual(TenantId.of("acme"))
                        .readableTenants(Set.of(TenantId.of("shared")))
                        .build(),
                TenantTerms.usual(TenantId.of("globex")).build(),
                TenantTerms.limited(TenantId.of("tiny"), 5, 5, 2_000).build(),
                TenantTerms.usual(TenantId.of("frozen"))
                        .status(Tenant.Status.SUSPENDED)
                        .build());
    }
}
