package dev.tenancy.internal.resolver;

import dev.tenancy.ConfigKey;
import dev.tenancy.TenancyConfig;
import dev.tenancy.TenantId;
import dev.tenancy.TenantResolver;
import dev.tenancy.TenantResolverFactory;
import dev.tenancy.resolver.ApiKeyTenantResolver;
import java.util.Set;

/** Makes the {@link ApiKeyTenantResolver}. */
public final class ApiKeyResolverFactory implements TenantResolverFactory {
    private static final ConfigKey<ApiKeyTenantResolver> DIGESTS = ConfigKey.of(
                    "tenancy.api-key.digests",
                    "SHA-256 of a key in 64 hexadecimal digits, '=', a tenant id; several separated by ';', no key twice",
                    ApiKeyResolverFactory::resolverOf)
            .asRequired();

    @Override
    public String name() {
        return ApiKeyTenantResolver.NAME;
    }

    @Override
    public Set<ConfigKey<?>> keys() {
        return Set.of(DIGESTS);
    }

    @Override
    public TenantResolver create(TenancyConfig config) {
        return config.require(DIGESTS);
    }

    private static ApiKeyTenantResolver resolverOf(String text) {
        ApiKeyTenantResolver.Builder builder = ApiKeyTenantResolver.builder();
        for (String entry : text.split(";", -1)) {
            int equals = entry.indexOf('=');
            if (equals < 0) {
                throw new IllegalArgumentException("an entry without '='");
            }
            builder.digest(entry.substring(0, equals).strip(), TenantId.of(entry.substring(equals + 1)));
        }
        return builder.build();
    }
}
