package dev.tenancy.jdbc;

import dev.tenancy.jdbc.internal.Sql;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Drops a tenant's schema with all in it, and nothing else: {@code CASCADE} does not stop at the schema's border. */
final class SchemaDrop {
    /**
     * What would go with the schema and lies in another: views, foreign keys, columns of a type, functions. PostgreSQL
     * names an object by its schema first, then by its table and itself.
     */
    private static final String OUTSIDE = """
            WITH RECURSIVE gone (classid, objid, objsubid) AS (
                SELECT 'pg_catalog.pg_namespace'::pg_catalog.regclass::pg_catalog.oid, n.oid, 0
                FROM pg_catalog.pg_namespace AS n WHERE n.nspname = ?
                UNION
                SELECT d.classid, d.objid, d.objsubid
                FROM gone JOIN pg_catalog.pg_depend AS d ON d.refclassid = gone.classid AND d.refobjid = gone.objid
                    AND (gone.objsubid = 0 OR d.refobjsubid = gone.objsubid)
                WHERE d.classid <> 'pg_catalog.pg_default_acl'::pg_catalog.regclass
            )
            SELECT pg_catalog.pg_describe_object(gone.classid, gone.objid, gone.objsubid)
            FROM gone
            LEFT JOIN pg_catalog.pg_type AS t
                ON gone.classid = 'pg_catalog.pg_type'::pg_catalog.regclass AND t.oid = gone.objid
            CROSS JOIN LATERAL pg_catalog.pg_identify_object_as_address(gone.classid, gone.objid, gone.objsubid) AS a
            WHERE coalesce(t.typnamespace::pg_catalog.regnamespace::pg_catalog.text,
                    pg_catalog.quote_ident(a.object_names[1])) NOT IN (pg_catalog.quote_ident(?), 'pg_toast')
            ORDER BY 1""";

    private static final String TABLES = """
            SELECT pg_catalog.format('%I.%I', n.nspname, c.relname)
            FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
            WHERE n.nspname = ? AND c.relkind IN ('r', 'p') ORDER BY c.relname""";

    private SchemaDrop() {}

    /** Refuses names that no tenant can have for its own. */
    static void check(List<String> schemas) throws SQLException {
        for (String schema : schemas) {
            String lower = schema.toLowerCase(Locale.ROOT);
            if (lower.isBlank()
                    || lower.equals("public")
                    || lower.equals("information_schema")
                    || lower.startsWith("pg_")) {
                throw Refusal.of("\"" + schema + "\" cannot be a tenant's own schema; allowed: any but public,"
                        + " information_schema and those that begin with pg_");
            }
        }
    }

    static void run(Connection connection, String schema) throws SQLException {
        String quoted = Sql.quoted(schema);
        try (Statement statement = connection.createStatement()) {
            List<String> tables = select(connection, TABLES, schema);
            if (!tables.isEmpty()) {
                // Nobody can make another view of them, or refer to them, once it is known what does.
                statement.execute("LOCK TABLE " + String.join(", ", tables) + " IN ACCESS EXCLUSIVE MODE");
            }
            List<String> outside = select(connection, OUTSIDE, schema, schema);
            if (!outside.isEmpty()) {
                throw Refusal.of("schema " + quoted + " is not dropped: with it would go, from elsewhere, "
                        + String.join(", ", outside));
            }
            statement.execute("DROP SCHEMA IF EXISTS " + quoted + " CASCADE");
        } catch (SQLException failure) {
            if (SqlStates.OBJECT_NOT_IN_STATE.equals(failure.getSQLState())) {
                throw failure;
            }
            throw Refusal.during("schema " + quoted + " cannot be dropped", failure);
        }
    }

    private static List<String> select(Connection connection, String sql, String... parameters) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            for (int place = 0; place < parameters.length; place++) {
                select.setString(place + 1, parameters[place]);
            }
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
