package dev.tenancy;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * For whom a thread works: for a tenant, for the system, or for nobody.
 *
 * @param identity empty for the system and for nobody
 * @param systemReason why the system works across tenants; empty for a tenant and for nobody
 */
record Actor(Optional<TenantIdentity> identity, Optional<String> systemReason) {
    static final Actor NOBODY = new Actor(Optional.empty(), Optional.empty());

    static Actor system(String reason) {
        return new Actor(Optional.empty(), Optional.of(reason));
    }

    static Actor tenant(TenantIdentity identity) {
        return new Actor(Optional.of(identity), Optional.empty());
    }

    @Nullable
    String tenantName() {
        return identity.isEmpty() ? null : identity.get().tenantId().value();
    }

    @Override
    public String toString() {
        return identity.map(TenantIdentity::toString).orElse(systemReason.isPresent() ? "the system" : "nobody");
    }
}
