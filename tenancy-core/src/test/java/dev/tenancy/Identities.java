package dev.tenancy;

/** The identities of these tests. */
final class Identities {
    static final TenantIdentity A = TenantIdentity.of(TenantId.of("tenant-a"), "test");
    static final TenantIdentity B = TenantIdentity.of(TenantId.of("tenant-b"), "test");

    private Identities() {}
}
