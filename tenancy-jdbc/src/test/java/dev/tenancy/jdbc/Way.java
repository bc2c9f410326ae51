package dev.tenancy.jdbc;

/** The ways to bind a connection: what a tenant is promised holds for each. */
public enum Way {
    SESSION,
    TRANSACTION;

    public TenantBinding binding() {
        return this == SESSION ? TenantBinding.session() : TenantBinding.transaction();
    }
}
