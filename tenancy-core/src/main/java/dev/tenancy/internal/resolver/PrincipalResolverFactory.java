package dev.tenancy.internal.resolver;

import dev.tenancy.ConfigKey;
import dev.tenancy.TenancyConfig;
import dev.tenancy.TenantResolver;
import dev.tenancy.TenantResolverFactory;
import dev.tenancy.resolver.PrincipalTenantResolver;
import java.util.Set;

/** Makes the {@link PrincipalTenantResolver}. */
public final class PrincipalResolverFactory implements TenantResolverFactory {
    private static final ConfigKey<String> TENANTS = ConfigKey.text(
            "tenancy.principal.tenants",
            "the name of a principal, '=', a tenant id without '='; several separated by ';', no principal twice");

    @Override
    public String name() {
        return PrincipalTenantResolver.NAME;
    }

    @Override
    public Set<ConfigKey<?>> keys() {
        return Set.of(TENANTS);
    }

    @Override
    public TenantResolver create(TenancyConfig config) {
        PrincipalTenantResolver.Builder builder = PrincipalTenantResolver.builder();
        Faults faults = new Faults(config);
        faults.read(TENANTS, tenants -> Assignments.splitAtLast(tenants, builder::tenant));
        return faults.unlessAny(TENANTS.name(), builder::build);
    }
}
