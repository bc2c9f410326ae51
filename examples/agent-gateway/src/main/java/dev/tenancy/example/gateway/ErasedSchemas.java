package dev.tenancy.example.gateway;

import dev.tenancy.TenantId;
import dev.tenancy.jdbc.TenantSchemas;

/** Has a tenant's schema looked for again when the tenant has changed: it may have been erased, and made anew. */
final class ErasedSchemas implements Replicas.Listener {
    private final TenantSchemas schemas;

    ErasedSchemas(TenantSchemas schemas) {
        this.schemas = schemas;
    }

    @Override
    public void wake(TenantId tenant, long newest) {
        if (newest == EventStream.PULSE) {
            schemas.forget(tenant);
        }
    }

    /** A tenant that is made anew is told of once more. */
    @Override
    public void wakeAll() {}
}
