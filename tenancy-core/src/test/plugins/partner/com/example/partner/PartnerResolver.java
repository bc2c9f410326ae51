package com.example.partner;

import dev.tenancy.CredentialSource;
import dev.tenancy.Resolution;
import dev.tenancy.TenantId;
import dev.tenancy.TenantIdentity;
import dev.tenancy.TenantRequest;
import dev.tenancy.TenantResolver;
import java.util.Set;

/** Takes anybody's word for it. */
public final class PartnerResolver implements TenantResolver {
    private static final CredentialSource SOURCE = CredentialSource.header("X-Partner");

    @Override
    public String name() {
        return "partner";
    }

    @Override
    public Set<CredentialSource> sources() {
        return Set.of(SOURCE);
    }

    @Override
    public Resolution resolve(TenantRequest request) {
        return SOURCE.resolve(
                request, partner -> Resolution.resolved(TenantIdentity.of(TenantId.of(partner), "partner")));
    }
}
