package dev.tenancy.jdbc;

import dev.tenancy.TenantId;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
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

    /** With no search path, so that names of types, and conditions of policies, are qualified. */
    private TenantTables survey(Connection connection, Check check) throws SQLException {
        String path = searchPath(connection);
        TenantTransactions.set(connection, "search_path", "pg_catalog");
        TenantTables tables = TenantDiscovery.of(connection, tenant, column, schemas);
        check.of(new TenantChecks(connection, tenant, column, tables));
        TenantTransactions.set(connection, "search_path", path);
        return tables;
    }

    private static String searchPath(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT pg_catalog.current_setting('search_path')")) {
            row.next();
            return row.getString(1);
        }
    }

    @FunctionalInterface
    private interface Check {
        void of(TenantChecks checks) throws SQLException;
    }
}
