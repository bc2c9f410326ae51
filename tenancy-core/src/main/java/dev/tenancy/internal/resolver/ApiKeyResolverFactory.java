package dev.tenancy.internal.resolver;

import dev.tenancy.ConfigKey;
import dev.tenancy.CredentialSource;
import dev.tenancy.TenancyConfig;
import dev.tenancy.TenantResolver;
import dev.tenancy.TenantResolverFactory;
import dev.tenancy.resolver.ApiKeyTenantResolver;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Makes the {@link ApiKeyTenantResolver}. */
public final class ApiKeyResolverFactory implements TenantResolverFactory {
    private static final ConfigKey<String> DIGESTS = ConfigKey.text(
                    "tenancy.api-key.digests",
                    "SHA-256 of a key in 64 hexadecimal digits, '=', a tenant id; several separated by ';', no key twice")
            .asRequired();
    private static final ConfigKey<CredentialSource> HEADER = ConfigKey.of(
            "tenancy.api-key.header",
            "the name of the header field that has the key; Authorization: Bearer if not set",
            CredentialSource::header);
    private static final ConfigKey<String> QUERY_PARAMETER = ConfigKey.text(
            "tenancy.api-key.query-parameter", "the name of a query parameter; letters, digits and . _ ~ -");
    private static final ConfigKey<List<String>> QUERY_PATHS = ConfigKey.of(
            "tenancy.api-key.query-paths",
            "paths on which the query parameter is read, separated by commas; /* at the end for all beneath",
            Assignments::list);

    @Override
    public String name() {
        return ApiKeyTenantResolver.NAME;
    }

    @Override
    public Set<ConfigKey<?>> keys() {
        return Set.of(DIGESTS, HEADER, QUERY_PARAMETER, QUERY_PATHS);
    }

    @Override
    public TenantResolver create(TenancyConfig config) {
        ApiKeyTenantResolver.Builder builder = ApiKeyTenantResolver.builder();
        Faults faults = new Faults(config);
        config.require(DIGESTS); // without any, the builder would say once more that there is no key
        faults.read(DIGESTS, digests -> Assignments.splitAtFirst(digests, builder::digest));
        builder.source(config.get(HEADER).orElseGet(CredentialSource::bearer));
        Optional<List<String>> paths = config.get(QUERY_PATHS);
        faults.read(
                QUERY_PARAMETER,
                parameter -> builder.source(CredentialSource.queryParameter(parameter, paths.orElse(List.of()))));
        if (paths.isPresent() && config.get(QUERY_PARAMETER).isEmpty()) {
            faults.add(QUERY_PATHS.name() + " is set without " + QUERY_PARAMETER.name());
        }
        return faults.unlessAny(DIGESTS.name(), builder::build);
    }
}
