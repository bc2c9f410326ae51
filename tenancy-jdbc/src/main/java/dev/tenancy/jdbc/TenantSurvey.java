package dev.tenancy.jdbc;

import dev.tenancy.TenantId;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/**
 * Looks at where a tenant may have rows, and whether the current role can do with them what is asked.
 *
 * @param tenant whose rows
 * @param column says whose a row is
 * @param schemas the tenant's own
 */
record TenantSurvey(TenantId tenant, OwnerColumn column, List<String> schemas) {

    /** The tables, of which the current role sees all rows of the tenant. */
    TenantTables forReading(Connection connection) throws SQLException {
        return survey(connection, TenantChecks::allIsSeen);
    }

    /** The tables, from which the current role may delete all rows of the tenant, and no other goes with them. */
    TenantTables forDeleting(Connection connection) throws SQLException {
        return survey(connection, TenantChecks::allMayBeDeleted);
    }

    private TenantTables survey(Connection connection, Check check) throws SQLException {
        return TenantTransactions.withoutSearchPath(connection, qualified -> {
            TenantTables tables = TenantDiscovery.of(qualified, tenant, column, schemas);
            check.of(new TenantChecks(qualified, tenant, column, tables));
            return tables;
        });
    }

    @FunctionalInterface
    private interface Check {
        void of(TenantChecks checks) throws SQLException;
    }
}
