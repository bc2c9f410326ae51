package dev.tenancy.jdbc;

import dev.tenancy.TenantId;
import dev.tenancy.TenantIdentity;

/** The two tenants of these tests. */
public final class Tenants {
    public static final TenantIdentity A = TenantIdentity.of(TenantId.of("tenant-a"), "test");
    public static final TenantIdentity B = TenantIdentity.of(TenantId.of("tenant-b"), "test");

    private Tenants() {}
}
