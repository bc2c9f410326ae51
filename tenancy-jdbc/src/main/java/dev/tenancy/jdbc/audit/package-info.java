/**
 * Looks for what would let a tenant out of its rows.
 *
 * <p>{@link dev.tenancy.jdbc.audit.IsolationAudit} reads the catalogs of a database and reports, or refuses to start.
 * {@link dev.tenancy.jdbc.audit.AuditCommand} does the same from a command line.
 */
@NullMarked
package dev.tenancy.jdbc.audit;

import org.jspecify.annotations.NullMarked;
