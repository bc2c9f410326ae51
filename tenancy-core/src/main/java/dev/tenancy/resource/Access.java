package dev.tenancy.resource;

import dev.tenancy.TenantId;
import dev.tenancy.TenantIdentity;
import java.util.Optional;
import java.util.Set;

/** Who shares a resource: those whose tenant, subject and readable tenants are these. */
record Access(TenantId tenantId, Optional<String> subject, Set<TenantId> readableTenants) {

    /** Of whoever {@link TenantIdentity#hasSameAccessAs has the same access}. */
    static Access ofIdentity(TenantIdentity identity) {
        return new Access(identity.tenantId(), identity.subject(), identity.readableTenants());
    }

    /** Of everybody of a tenant. */
    static Access ofTenant(TenantIdentity identity) {
        return new Access(identity.tenantId(), Optional.empty(), Set.of());
    }

    /** {@return an identity that knows no more than what all who share the resource have in common} */
    TenantIdentity identity(String resolver) {
        TenantIdentity.Builder builder = TenantIdentity.builder(tenantId, resolver);
        subject.ifPresent(builder::subject);
        return builder.readableTenants(readableTenants).build();
    }
}
