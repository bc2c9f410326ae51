package dev.tenancy.resolver;

import dev.tenancy.CredentialSource;
import dev.tenancy.InvalidTenantIdException;
import dev.tenancy.Resolution;
import dev.tenancy.TenantId;
import dev.tenancy.TenantIdentity;
import dev.tenancy.TenantRequest;
import dev.tenancy.TenantResolver;
import java.util.Set;

/**
 * Takes the tenant from a header field, and believes it.
 *
 * <p>Only for servers that nobody can reach but a gateway that sets the field itself and drops what the client sent.
 * The value is trimmed; a blank one counts as absent; several different ones are refused. Immutable and thread-safe.
 *
 * @since 0.1
 */
public final class HeaderTenantResolver implements TenantResolver {

    /** The name of this resolver in {@code tenancy.resolvers}. */
    public static final String NAME = "header";

    private final CredentialSource source;

    private HeaderTenantResolver(CredentialSource source) {
        this.source = source;
    }

    /**
     * {@return a resolver that reads this header field}
     *
     * @param headerName the field's name, in any case
     */
    public static HeaderTenantResolver of(String headerName) {
        return new HeaderTenantResolver(CredentialSource.header(headerName));
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Set<CredentialSource> sources() {
        return Set.of(source);
    }

    @Override
    public Resolution resolve(TenantRequest request) {
        return source.resolve(request, HeaderTenantResolver::identityOf);
    }

    private static Resolution identityOf(String value) {
        try {
            return Resolution.resolved(TenantIdentity.of(TenantId.of(value), NAME));
        } catch (InvalidTenantIdException invalid) {
            return Resolution.rejected("the header has no tenant id: " + invalid.fault());
        }
    }
}
