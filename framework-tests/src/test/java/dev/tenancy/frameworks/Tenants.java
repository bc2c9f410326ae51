package dev.tenancy.frameworks;

import dev.tenancy.TenantId;
import dev.tenancy.TenantIdentity;

/** The two tenants of these tests. */
final class Tenants {
    static final TenantIdentity A = TenantIdentity.of(TenantId.of("tenant-a"), "test");
    static final TenantIdentity B = TenantIdentity.of(TenantId.of("tenant-b"), "test");

    private Tenants() {}
}
