/** Whether frameworks work on a {@code TenantDataSource}, and keep tenants apart there. */
@NullMarked
package dev.tenancy.frameworks;

import org.jspecify.annotations.NullMarked;
