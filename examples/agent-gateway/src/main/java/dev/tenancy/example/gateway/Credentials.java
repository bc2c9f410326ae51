package dev.tenancy.example.gateway;

import dev.tenancy.TenantId;
import dev.tenancy.TenantResolver;
import dev.tenancy.resolver.ApiKeyTenantResolver;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What proves a tenant here: tokens of the development issuer, unless there is a real one, and API keys.
 *
 * @param issuer the development issuer
 * @param apiKeys tenant by API key
 * @param demoKeys whether the API keys were made up at start, so that they may be shown
 * @param operator whoever runs the gateway
 */
record Credentials(
        Optional<DevelopmentIssuer> issuer, Map<String, TenantId> apiKeys, boolean demoKeys, Operator operator) {
    private static final int KEY_BYTES = 24;

    /** The configured ones; where nothing is configured, new ones of the demo tenants. */
    static Credentials of(Settings settings) {
        return new Credentials(
                settings.developmentIssuer() ? Optional.of(DevelopmentIssuer.create()) : Optional.empty(),
                settings.apiKeys().isEmpty() ? newDemoKeys() : settings.apiKeys(),
                settings.apiKeys().isEmpty(),
                Operator.of(settings.operatorToken()));
    }

    /** What resolves them. */
    TenantResolver[] resolvers() {
        List<TenantResolver> resolvers = new ArrayList<>();
        issuer.map(tokens -> tokens.resolver(Events.credentialSources())).ifPresent(resolvers::add);
        ApiKeyTenantResolver.Builder keys = ApiKeyTenantResolver.builder();
        Events.credentialSources().forEach(keys::source);
        apiKeys.forEach(keys::key);
        resolvers.add(keys.build());
        return resolvers.toArray(TenantResolver[]::new);
    }

    private static Map<String, TenantId> newDemoKeys() {
        Map<String, TenantId> keys = new LinkedHashMap<>();
        keys.put(randomKey(), TenantId.of("acme"));
        keys.put(randomKey(), TenantId.of("globex"));
        return keys;
    }

    private static String randomKey() {
        byte[] bytes = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(bytes);
        return "demo_" + HexFormat.of().formatHex(bytes);
    }

    /** API keys are secrets. */
    @Override
    public String toString() {
        return "Credentials[of " + apiKeys.values() + "]";
    }
}
