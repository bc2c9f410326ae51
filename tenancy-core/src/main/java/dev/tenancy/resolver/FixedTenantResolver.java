package dev.tenancy.resolver;

import dev.tenancy.CredentialSource;
import dev.tenancy.Resolution;
import dev.tenancy.TenantId;
import dev.tenancy.TenantIdentity;
import dev.tenancy.TenantRequest;
import dev.tenancy.TenantResolver;
import java.util.Set;

/**
 * Makes every request that presents nothing this one tenant: single-tenant mode, or a default tenant. Put it last.
 *
 * <p>It is not asked about a request that presented something, recognised or not. Immutable and thread-safe.
 *
 * @since 0.1
 */
public final class FixedTenantResolver implements TenantResolver {

    /** The name of this resolver in {@code tenancy.resolvers}. */
    public static final String NAME = "fixed";

    private final Resolution always;

    private FixedTenantResolver(TenantId tenant) {
        this.always = Resolution.resolved(TenantIdentity.of(tenant, NAME));
    }

    /** {@return a resolver that answers with {@code tenant}} */
    public static FixedTenantResolver of(TenantId tenant) {
        return new FixedTenantResolver(tenant);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Set<CredentialSource> sources() {
        return Set.of();
    }

    @Override
    public boolean isDefault() {
        return true;
    }

    @Override
    public Resolution resolve(TenantRequest request) {
        return always;
    }
}
