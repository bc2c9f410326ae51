package com.example.twins;

import dev.tenancy.CredentialSource;
import dev.tenancy.Resolution;
import dev.tenancy.TenantRequest;
import dev.tenancy.TenantResolver;
import java.util.Set;

final class Twin implements TenantResolver {
    @Override
    public String name() {
        return "twin";
    }

    @Override
    public Set<CredentialSource> sources() {
        return Set.of();
    }

    @Override
    public Resolution resolve(TenantRequest request) {
        return Resolution.absent();
    }
}
