package dev.tenancy.internal.resolver;

import dev.tenancy.ConfigKey;
import dev.tenancy.TenancyConfig;
import dev.tenancy.TenantId;
import dev.tenancy.TenantResolver;
import dev.tenancy.TenantResolverFactory;
import dev.tenancy.resolver.FixedTenantResolver;
import java.util.Set;

/** Makes the {@link FixedTenantResolver}. */
public final class FixedResolverFactory implements TenantResolverFactory {
    private static final ConfigKey<TenantId> TENANT =
            ConfigKey.of("tenancy.default-tenant", "a tenant id", TenantId::of).asRequired();

    @Override
    public String name() {
        return FixedTenantResolver.NAME;
    }

    @Override
    public Set<ConfigKey<?>> keys() {
        return Set.of(TENANT);
    }

    @Override
    public TenantResolver create(TenancyConfig config) {
        return FixedTenantResolver.of(config.require(TENANT));
    }
}
