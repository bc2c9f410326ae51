package dev.tenancy.internal.resolver;

import dev.tenancy.ConfigKey;
import dev.tenancy.TenancyConfig;
import dev.tenancy.TenantResolver;
import dev.tenancy.TenantResolverFactory;
import dev.tenancy.resolver.CookieTenantResolver;
import java.util.Set;

/** Makes the {@link CookieTenantResolver}. */
public final class CookieResolverFactory implements TenantResolverFactory {
    private static final ConfigKey<CookieTenantResolver> COOKIE = ConfigKey.of(
                    "tenancy.cookie.name", "the name of a cookie, case-sensitive", CookieTenantResolver::of)
            .asRequired();

    @Override
    public String name() {
        return CookieTenantResolver.NAME;
    }

    @Override
    public Set<ConfigKey<?>> keys() {
        return Set.of(COOKIE);
    }

    @Override
    public TenantResolver create(TenancyConfig config) {
        return config.require(COOKIE);
    }
}
