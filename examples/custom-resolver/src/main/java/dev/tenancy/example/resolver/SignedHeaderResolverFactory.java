package dev.tenancy.example.resolver;

import dev.tenancy.ConfigKey;
import dev.tenancy.TenancyConfig;
import dev.tenancy.TenantResolver;
import dev.tenancy.TenantResolverFactory;
import java.util.Base64;
import java.util.Set;

/** Makes the {@link SignedHeaderResolver} where {@code tenancy.resolvers} names it. */
public final class SignedHeaderResolverFactory implements TenantResolverFactory {
    private static final int LEAST_BYTES = 32;
    private static final ConfigKey<byte[]> SECRET = ConfigKey.of(
                    "tenancy.signed-header.secret",
                    "what the proxy signs with: at least 32 bytes in Base64",
                    SignedHeaderResolverFactory::secretOf)
            .asRequired();

    @Override
    public String name() {
        return SignedHeaderResolver.NAME;
    }

    @Override
    public Set<ConfigKey<?>> keys() {
        return Set.of(SECRET);
    }

    @Override
    public TenantResolver create(TenancyConfig config) {
        return new SignedHeaderResolver(config.require(SECRET));
    }

    private static byte[] secretOf(String text) {
        byte[] secret = Base64.getDecoder().decode(text);
        if (secret.length < LEAST_BYTES) {
            throw new IllegalArgumentException("too short");
        }
        return secret;
    }
}
