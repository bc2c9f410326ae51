package dev.tenancy.internal.resolver;

import dev.tenancy.ConfigKey;
import dev.tenancy.TenancyConfig;
import dev.tenancy.TenantResolver;
import dev.tenancy.TenantResolverFactory;
import dev.tenancy.resolver.PathTenantResolver;
import java.util.Set;

/** Makes the {@link PathTenantResolver}. */
public final class PathResolverFactory implements TenantResolverFactory {
    private static final ConfigKey<PathTenantResolver> PREFIX = ConfigKey.of(
                    "tenancy.path.prefix",
                    "a path such as /t, or / for the first segment; letters, digits and . _ ~ - in its segments",
                    PathTenantResolver::of)
            .asRequired();

    @Override
    public String name() {
        return PathTenantResolver.NAME;
    }

    @Override
    public Set<ConfigKey<?>> keys() {
        return Set.of(PREFIX);
    }

    @Override
    public TenantResolver create(TenancyConfig config) {
        return config.require(PREFIX);
    }
}
