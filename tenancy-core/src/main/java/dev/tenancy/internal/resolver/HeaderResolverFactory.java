package dev.tenancy.internal.resolver;

import dev.tenancy.ConfigKey;
import dev.tenancy.TenancyConfig;
import dev.tenancy.TenantResolver;
import dev.tenancy.TenantResolverFactory;
import dev.tenancy.resolver.HeaderTenantResolver;
import java.util.Set;

/** Makes the {@link HeaderTenantResolver}. */
public final class HeaderResolverFactory implements TenantResolverFactory {
    private static final ConfigKey<String> HEADER_NAME = ConfigKey.of(
                    "tenancy.header.name", "the name of a header field", HeaderResolverFactory::fieldName)
            .asRequired();

    @Override
    public String name() {
        return HeaderTenantResolver.NAME;
    }

    @Override
    public Set<ConfigKey<?>> keys() {
        return Set.of(HEADER_NAME);
    }

    @Override
    public TenantResolver create(TenancyConfig config) {
        return HeaderTenantResolver.of(config.require(HEADER_NAME));
    }

    /** RFC 9110 section 5.6.2: a token. */
    static String fieldName(String text) {
        if (!text.matches("[A-Za-z0-9!#$%&'*+.^_`|~-]+")) {
            throw new IllegalArgumentException("not a field name");
        }
        return text;
    }
}
