package dev.tenancy.jwt.internal;

import dev.tenancy.ConfigKey;
import dev.tenancy.CredentialSource;
import dev.tenancy.TenancyConfig;
import dev.tenancy.TenancyConfigException;
import dev.tenancy.TenantResolver;
import dev.tenancy.TenantResolverFactory;
import dev.tenancy.jwt.IssuerTenants;
import dev.tenancy.jwt.JwtIssuer;
import dev.tenancy.jwt.JwtTenantResolver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Makes the {@link JwtTenantResolver}. */
public final class JwtResolverFactory implements TenantResolverFactory {
    private static final Duration CACHE_TIME = Duration.ofMinutes(5);

    /** Stands for what is missing, as long as faults are looked for; nothing is made of it. */
    private static final String MISSING = "https://missing.invalid";

    @Override
    public String name() {
        return JwtTenantResolver.NAME;
    }

    @Override
    public Set<ConfigKey<?>> keys() {
        return JwtKeys.ALL;
    }

    @Override
    public TenantResolver create(TenancyConfig config) {
        List<String> faults = new ArrayList<>();
        JwtTenantResolver.Builder builder = JwtTenantResolver.builder();
        addSources(config, builder, faults);
        issuers(config, faults).forEach(builder::issuer);
        config.get(JwtKeys.CLOCK_SKEW).ifPresent(builder::clockSkew);
        config.get(JwtKeys.PROVIDER).ifPresent(builder::provider);
        config.get(JwtKeys.CACHE_SIZE)
                .ifPresent(size ->
                        builder.cache(size, config.get(JwtKeys.CACHE_TIME).orElse(CACHE_TIME)));
        if (config.get(JwtKeys.CACHE_TIME).isPresent()
                && config.get(JwtKeys.CACHE_SIZE).isEmpty()) {
            faults.add(JwtKeys.CACHE_TIME.name() + " is set without " + JwtKeys.CACHE_SIZE.name());
        }
        List<TenantResolver> made = new ArrayList<>();
        collect("", faults, () -> made.add(builder.build()));
        if (!faults.isEmpty()) {
            throw new TenancyConfigException(faults);
        }
        return made.get(0);
    }

    private static void addSources(TenancyConfig config, JwtTenantResolver.Builder builder, List<String> faults) {
        builder.source(config.get(JwtKeys.HEADER).orElseGet(CredentialSource::bearer));
        config.get(JwtKeys.COOKIE).ifPresent(builder::source);
        List<String> paths = config.get(JwtKeys.QUERY_PATHS).orElse(List.of());
        config.get(JwtKeys.QUERY_PARAMETER)
                .ifPresent(parameter -> collect(
                        JwtKeys.QUERY_PARAMETER.name() + ": ",
                        faults,
                        () -> builder.source(CredentialSource.queryParameter(parameter, paths))));
        if (!paths.isEmpty() && config.get(JwtKeys.QUERY_PARAMETER).isEmpty()) {
            faults.add(JwtKeys.QUERY_PATHS.name() + " is set without " + JwtKeys.QUERY_PARAMETER.name());
        }
    }

    /** Where all of them are bad, another one stands in their place, so that it is no fault that there is none. */
    private static List<JwtIssuer> issuers(TenancyConfig config, List<String> faults) {
        List<JwtIssuer> issuers = new ArrayList<>();
        if (config.get(JwtKeys.ISSUERS).isEmpty()) {
            addOneIssuer(config, issuers, faults);
        } else {
            addSeveralIssuers(config, issuers, faults);
        }
        return issuers.isEmpty()
                ? List.of(JwtIssuer.builder(MISSING).anyAudience().discovery().build())
                : issuers;
    }

    private static void addOneIssuer(TenancyConfig config, List<JwtIssuer> issuers, List<String> faults) {
        JwtIssuer.Builder issuer = issuer(config, required(config, JwtKeys.ISSUER, MISSING, faults), faults)
                .tenants(config.get(JwtKeys.TENANTS).orElseGet(IssuerTenants::any));
        config.get(JwtKeys.JWKS_FILE).ifPresent(issuer::jwksFile);
        config.get(JwtKeys.JWKS_URI).ifPresent(issuer::jwksUri);
        if (config.get(JwtKeys.JWKS_URI).isPresent()
                && config.get(JwtKeys.JWKS_FILE).isPresent()) {
            faults.add(JwtKeys.JWKS_URI.name() + " and " + JwtKeys.JWKS_FILE.name()
                    + " are set; one of both belongs there");
        }
        collect("", faults, () -> issuers.add(issuer.build()));
    }

    private static void addSeveralIssuers(TenancyConfig config, List<JwtIssuer> issuers, List<String> faults) {
        for (ConfigKey<?> alone : List.of(JwtKeys.ISSUER, JwtKeys.TENANTS, JwtKeys.JWKS_URI, JwtKeys.JWKS_FILE)) {
            if (config.get(alone).isPresent()) {
                faults.add(
                        alone.name() + " is set, and so is " + JwtKeys.ISSUERS.name() + "; one of both belongs there");
            }
        }
        for (Map.Entry<String, IssuerTenants> issuer :
                config.require(JwtKeys.ISSUERS).entrySet()) {
            JwtIssuer.Builder described =
                    issuer(config, issuer.getKey(), faults).tenants(issuer.getValue());
            collect("", faults, () -> issuers.add(described.build()));
        }
    }

    /** One that finds its keys by discovery. */
    private static JwtIssuer.Builder issuer(TenancyConfig config, String name, List<String> faults) {
        JwtIssuer.Builder issuer = name.equals(JwtKeys.ANY) ? JwtIssuer.builderOfAnyIssuer() : JwtIssuer.builder(name);
        List<String> audiences = required(config, JwtKeys.AUDIENCE, List.of(MISSING), faults);
        if (audiences.equals(List.of(JwtKeys.ANY))) {
            issuer.anyAudience();
        } else {
            audiences.forEach(issuer::audience);
        }
        issuer.discovery();
        config.get(JwtKeys.KEY_LIFETIME).ifPresent(issuer::keyLifetime);
        config.get(JwtKeys.KEY_OUTAGE_TOLERANCE).ifPresent(issuer::keyOutageTolerance);
        config.get(JwtKeys.KEY_REFRESH_PAUSE).ifPresent(issuer::keyRefreshPause);
        config.get(JwtKeys.KEY_SERVER_TIMEOUT).ifPresent(issuer::keyServerTimeout);
        config.get(JwtKeys.ALGORITHMS).ifPresent(issuer::algorithms);
        config.get(JwtKeys.ACCESS_TOKENS_ONLY).filter(only -> only).ifPresent(only -> issuer.accessTokensOnly());
        config.get(JwtKeys.TENANT_CLAIM).ifPresent(issuer::tenantClaim);
        config.get(JwtKeys.SUBJECT_CLAIM).ifPresent(issuer::subjectClaim);
        config.get(JwtKeys.READABLE_TENANTS_CLAIM).ifPresent(issuer::readableTenantsClaim);
        config.get(JwtKeys.REQUIRED_CLAIMS).ifPresent(claims -> claims.forEach(issuer::requiredClaim));
        return issuer;
    }

    /** The value, or if that is a fault, what stands in its place until all others are found. */
    private static <T> T required(TenancyConfig config, ConfigKey<T> key, T otherwise, List<String> faults) {
        List<T> value = new ArrayList<>();
        collect("", faults, () -> value.add(config.require(key)));
        return value.isEmpty() ? otherwise : value.get(0);
    }

    private static void collect(String place, List<String> faults, Runnable action) {
        try {
            action.run();
        } catch (TenancyConfigException bad) {
            bad.faults().stream()
                    .map(fault -> place + fault)
                    .filter(fault -> !faults.contains(fault))
                    .forEach(faults::add);
        }
    }
}
