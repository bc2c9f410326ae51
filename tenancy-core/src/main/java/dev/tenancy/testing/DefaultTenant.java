package dev.tenancy.testing;

import dev.tenancy.CredentialSource;
import dev.tenancy.Resolution;
import dev.tenancy.TenantId;
import dev.tenancy.TenantIdentity;
import dev.tenancy.TenantRequest;
import dev.tenancy.TenantResolver;
import java.util.Set;

/** Stands beside the resolver under test, under a name that nobody else has. */
final class DefaultTenant implements TenantResolver {
    @Override
    public String name() {
        return "default-of-the-contract";
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
        return Resolution.resolved(TenantIdentity.of(TenantId.of("default"), name()));
    }
}
