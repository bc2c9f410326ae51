/**
 * Connections that are bound to the current tenant, and the row-level security that makes PostgreSQL enforce it.
 *
 * <p>{@link dev.tenancy.jdbc.TenantDataSource} binds, {@link dev.tenancy.jdbc.RowLevelSecurity} writes the policies
 * that read the binding.
 */
@NullMarked
package dev.tenancy.jdbc;

import org.jspecify.annotations.NullMarked;
