package dev.tenancy.jdbc;

import dev.tenancy.TenantId;
import dev.tenancy.jdbc.TenantTable.Kind;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds every table of the database in which a tenant may have rows, in the catalogs and so whether or not the current
 * role may read it: one that it cannot use is an error later and never left out.
 */
final class TenantDiscovery {
    private static final String TABLES = """
            SELECT c.oid, n.nspname, c.relname, c.relkind, c.relispopulated, n.nspname = ANY (?) AS owned,
                t.typname, coalesce(l.collisdeterministic, true) AS exact, pg_catalog.row_security_active(c.oid) AS secured,
                pg_catalog.has_schema_privilege(n.oid, 'USAGE')
                    AND pg_catalog.has_table_privilege(c.oid, 'SELECT') AS may_select,
                pg_catalog.has_table_privilege(c.oid, 'DELETE') AS may_delete
            FROM pg_catalog.pg_class AS c
            JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
            LEFT JOIN pg_catalog.pg_attribute AS a
                ON a.attrelid = c.oid AND a.attname = ? AND a.attnum > 0 AND NOT a.attisdropped
            LEFT JOIN pg_catalog.pg_type AS d ON d.oid = a.atttypid
            LEFT JOIN pg_catalog.pg_type AS t ON t.oid = CASE d.typtype WHEN 'd' THEN d.typbasetype ELSE d.oid END
            LEFT JOIN pg_catalog.pg_collation AS l ON l.oid = a.attcollation
            WHERE c.relkind IN ('r', 'p', 'm', 'f') AND NOT c.relispartition
                AND n.nspname <> 'information_schema' AND n.nspname NOT LIKE 'pg\\_%'
                AND (a.attname IS NOT NULL OR n.nspname = ANY (?))
            ORDER BY n.nspname, c.relname""";

    private static final String COLUMNS = """
            SELECT a.attrelid, a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod) AS type,
                a.attgenerated <> '' AS generated,
                a.attgenerated = '' AND NOT a.attnotnull
                    AND pg_catalog.has_column_privilege(a.attrelid, a.attnum, 'UPDATE') AS nullable
            FROM pg_catalog.pg_attribute AS a
            WHERE a.attrelid = ANY (?) AND a.attnum > 0 AND NOT a.attisdropped
            ORDER BY a.attrelid, a.attnum""";

    /** What a version does not have yet reads as NULL through to_jsonb. */
    private static final String KEYS = """
            SELECT k.conname, k.confdeltype, k.confmatchtype = 'f' AND pg_catalog.cardinality(k.conkey) > 1 AS full,
                coalesce(pg_catalog.pg_partition_root(k.conrelid), k.conrelid)::pg_catalog.int8 AS child,
                coalesce(pg_catalog.pg_partition_root(k.confrelid), k.confrelid)::pg_catalog.int8 AS parent,
                k.conrelid::pg_catalog.regclass::pg_catalog.text AS child_name,
                ARRAY(SELECT a.attname::pg_catalog.text FROM pg_catalog.unnest(k.conkey) WITH ORDINALITY AS u (n, place)
                    JOIN pg_catalog.pg_attribute AS a ON a.attrelid = k.conrelid AND a.attnum = u.n
                    ORDER BY u.place) AS columns,
                ARRAY(SELECT a.attname::pg_catalog.text FROM pg_catalog.unnest(k.confkey) WITH ORDINALITY AS u (n, place)
                    JOIN pg_catalog.pg_attribute AS a ON a.attrelid = k.confrelid AND a.attnum = u.n
                    ORDER BY u.place) AS parent_columns,
                ARRAY(SELECT a.attname::pg_catalog.text
                    FROM pg_catalog.jsonb_array_elements_text(
                        CASE pg_catalog.jsonb_typeof(pg_catalog.to_jsonb(k) -> 'confdelsetcols')
                            WHEN 'array' THEN pg_catalog.to_jsonb(k) -> 'confdelsetcols'
                            ELSE pg_catalog.to_jsonb(k.conkey) END) AS u (n)
                    JOIN pg_catalog.pg_attribute AS a ON a.attrelid = k.conrelid AND a.attnum = u.n::pg_catalog.int2) AS clears
            FROM pg_catalog.pg_constraint AS k
            WHERE k.contype = 'f' AND k.conparentid = 0
            ORDER BY k.oid""";

    private final Connection connection;
    private final TenantId tenant;
    private final OwnerColumn column;
    private final List<String> schemas;

    private TenantDiscovery(Connection connection, TenantId tenant, OwnerColumn column, List<String> schemas) {
        this.connection = connection;
        this.tenant = tenant;
        this.column = column;
        this.schemas = schemas;
    }

    /** The tables, as the transaction sees the catalogs. Names of types are as the search path has them. */
    static TenantTables of(Connection connection, TenantId tenant, OwnerColumn column, List<String> schemas)
            throws SQLException {
        return new TenantDiscovery(connection, tenant, column, schemas).tables();
    }

    private TenantTables tables() throws SQLException {
        List<TenantTable> found = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement(TABLES)) {
            Array owned = connection.createArrayOf("text", schemas.toArray());
            select.setArray(1, owned);
            select.setString(2, column.name());
            select.setArray(3, owned);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    found.add(table(row));
                }
            }
        }
        if (found.isEmpty() && schemas.isEmpty()) {
            throw Refusal.of("no table has a column " + column.name() + ", and the tenant has no schema of its own:"
                    + " nothing can be said of it; set the column that the tables have");
        }
        List<TenantTable> complete = withColumns(found);
        return new TenantTables(complete, keys(complete));
    }

    private TenantTable table(ResultSet row) throws SQLException {
        String schema = row.getString("nspname");
        String name = row.getString("relname");
        boolean owned = row.getBoolean("owned");
        boolean mayUse = row.getBoolean("may_select");
        return new TenantTable(
                row.getLong("oid"),
                schema,
                name,
                kind(row.getString("relkind"), row.getBoolean("relispopulated")),
                owned
                        ? "true"
                        : column.isOf(tenant, row.getString("typname"), row.getBoolean("exact"), schema + "." + name),
                owned,
                row.getBoolean("secured"),
                new TenantTable.Rights(mayUse, row.getBoolean("may_delete")),
                List.of());
    }

    private static Kind kind(String relkind, boolean populated) {
        return switch (relkind) {
            case "p" -> Kind.PARTITIONED;
            case "m" -> populated ? Kind.MATERIALIZED : Kind.EMPTY;
            case "f" -> Kind.FOREIGN;
            default -> Kind.ORDINARY;
        };
    }

    private List<TenantTable> withColumns(List<TenantTable> tables) throws SQLException {
        Map<Long, List<TenantTable.Column>> columns = new HashMap<>();
        try (PreparedStatement select = connection.prepareStatement(COLUMNS)) {
            select.setArray(
                    1,
                    connection.createArrayOf(
                            "oid", tables.stream().map(TenantTable::oid).toArray()));
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    columns.computeIfAbsent(row.getLong("attrelid"), first -> new ArrayList<>())
                            .add(new TenantTable.Column(
                                    new TenantExport.Column(
                                            row.getString("attname"),
                                            row.getString("type"),
                                            row.getBoolean("generated")),
                                    row.getBoolean("nullable")));
                }
            }
        }
        return tables.stream()
                .map(table -> new TenantTable(
                        table.oid(),
                        table.schema(),
                        table.name(),
                        table.kind(),
                        table.ofTenant(),
                        table.owned(),
                        table.rowSecurity(),
                        table.rights(),
                        List.copyOf(columns.getOrDefault(table.oid(), List.of()))))
                .toList();
    }

    private List<ForeignKey> keys(List<TenantTable> tables) throws SQLException {
        TenantTables known = new TenantTables(tables, List.of());
        List<ForeignKey> keys = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(KEYS)) {
            while (row.next()) {
                ForeignKey key = new ForeignKey(
                        row.getString("conname"),
                        row.getLong("child"),
                        row.getString("child_name"),
                        row.getLong("parent"),
                        names(row, "columns"),
                        names(row, "parent_columns"),
                        ForeignKey.Action.of(row.getString("confdeltype")),
                        names(row, "clears"),
                        row.getBoolean("full"));
                if (known.has(key.child()) || known.has(key.parent())) {
                    keys.add(key);
                }
            }
        }
        return keys;
    }

    private static List<String> names(ResultSet row, String label) throws SQLException {
        return List.of((String[]) row.getArray(label).getArray());
    }
}
