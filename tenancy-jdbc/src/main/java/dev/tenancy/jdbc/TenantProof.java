package dev.tenancy.jdbc;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** Counts what is left of a tenant. */
final class TenantProof {
    private TenantProof() {}

    /** What is left, in the one snapshot of the transaction. */
    static ErasureProof of(Connection connection, TenantSurvey survey) throws SQLException {
        TenantTables tables = survey.forReading(connection);
        SortedMap<String, Long> left = new TreeMap<>();
        for (TenantTable table : tables.all()) {
            left.put(table.sql(), table.kind() == TenantTable.Kind.EMPTY ? 0 : rowsOf(connection, table));
        }
        return new ErasureProof(survey.tenant(), now(connection), left, existing(connection, survey.schemas()));
    }

    static long rowsOf(Connection connection, TenantTable table) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "SELECT pg_catalog.count(*) FROM " + table.asT() + " WHERE " + table.ofTenant())) {
            row.next();
            return row.getLong(1);
        } catch (SQLException failure) {
            throw Refusal.during("the rows of table " + table.sql() + " cannot be counted", failure);
        }
    }

    static Instant now(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT pg_catalog.now()")) {
            row.next();
            return row.getObject(1, OffsetDateTime.class).toInstant();
        }
    }

    static List<String> existing(Connection connection, List<String> schemas) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(
                "SELECT nspname FROM pg_catalog.pg_namespace WHERE nspname = ANY (?)" + " ORDER BY nspname")) {
            Array names = connection.createArrayOf("text", schemas.toArray());
            select.setArray(1, names);
            List<String> found = new ArrayList<>();
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    found.add(row.getString(1));
                }
            }
            return found;
        }
    }
}
