package dev.tenancy.internal.resolver;

import dev.tenancy.ConfigKey;
import dev.tenancy.TenancyConfig;
import dev.tenancy.TenantResolver;
import dev.tenancy.TenantResolverFactory;
import dev.tenancy.resolver.HeaderTenantResolver;
import java.util.Set;

/** Makes the {@link HeaderTenantResolver}. */
public final class HeaderResolverFactory implements TenantResolverFactory {
    private static final ConfigKey<HeaderTenantResolver> HEADER = ConfigKey.of(
                    "tenancy.header.name", "the name of a header field", HeaderTenantResolver::of)
            .asRequired();

    @Override
    public String name() {
        return HeaderTenantResolver.NAME;
    }

    @Override
    public Set<ConfigKey<?>> keys() {
        return Set.of(HEADER);
    }

    @Override
    public TenantResolver create(TenancyConfig config) {
        return config.require(HEADER);
    }
}
