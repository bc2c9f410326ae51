/**
 * Who the tenant of a request is, and what stands in front of its handler.
 *
 * <p>The way of a request: {@link dev.tenancy.TenantResolver} proves a {@link dev.tenancy.TenantIdentity}, the
 * {@link dev.tenancy.TenantCatalog} knows the {@link dev.tenancy.Tenant}, {@link dev.tenancy.Guard}s admit the request,
 * and the handler runs in the {@link dev.tenancy.TenantContext}. {@link dev.tenancy.Tenancy} puts the parts together.
 */
@NullMarked
package dev.tenancy;

import org.jspecify.annotations.NullMarked;
