package dev.tenancy;

/**
 * A request of a proven, active tenant, as a {@link Guard} sees it.
 *
 * @param request the request
 * @param identity who sent it
 * @param tenant what the catalog knows of the tenant
 * @since 0.1
 */
public record GuardedRequest(TenantRequest request, TenantIdentity identity, Tenant tenant) {}
