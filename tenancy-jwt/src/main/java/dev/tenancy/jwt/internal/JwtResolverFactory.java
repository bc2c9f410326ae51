package dev.tenancy.jwt.internal;

import dev.tenancy.ConfigKey;
import dev.tenancy.TenancyConfig;
import dev.tenancy.TenantResolver;
import dev.tenancy.TenantResolverFactory;
import dev.tenancy.jwt.ClaimPath;
import dev.tenancy.jwt.JwtTenantResolver;
import java.net.URI;
import java.time.Duration;
import java.util.Set;

/** Makes the {@link JwtTenantResolver}. */
public final class JwtResolverFactory implements TenantResolverFactory {
    private static final ConfigKey<String> ISSUER =
            ConfigKey.text("tenancy.jwt.issuer", "what iss must be").asRequired();
    private static final ConfigKey<String> AUDIENCE =
            ConfigKey.text("tenancy.jwt.audience", "what aud must contain").asRequired();
    private static final ConfigKey<URI> JWKS_URI = ConfigKey.of(
                    "tenancy.jwt.jwks-uri",
                    "the URL of the issuer's key set: https, or http on the loopback address",
                    URI::create)
            .asRequired();
    private static final ConfigKey<ClaimPath> TENANT_CLAIM = ConfigKey.of(
            "tenancy.jwt.tenant-claim",
            "the path to the claim that names the tenant, names separated by dots; org_id if not set",
            ClaimPath::of);
    private static final ConfigKey<Duration> CLOCK_SKEW = ConfigKey.of(
            "tenancy.jwt.clock-skew",
            "how far clocks may be apart, PT0S to PT5M (ISO 8601); PT30S if not set",
            Duration::parse);

    @Override
    public String name() {
        return JwtTenantResolver.NAME;
    }

    @Override
    public Set<ConfigKey<?>> keys() {
        return Set.of(ISSUER, AUDIENCE, JWKS_URI, TENANT_CLAIM, CLOCK_SKEW);
    }

    @Override
    public TenantResolver create(TenancyConfig config) {
        JwtTenantResolver.Builder builder = JwtTenantResolver.builder()
                .issuer(config.require(ISSUER))
                .audience(config.require(AUDIENCE))
                .jwksUri(config.require(JWKS_URI));
        config.get(TENANT_CLAIM).ifPresent(builder::tenantClaim);
        config.get(CLOCK_SKEW).ifPresent(builder::clockSkew);
        return builder.build();
    }
}
