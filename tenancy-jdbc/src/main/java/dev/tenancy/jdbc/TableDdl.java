package dev.tenancy.jdbc;

import static dev.tenancy.jdbc.RowLevelSecurity.TENANT_COLUMN;

import dev.tenancy.jdbc.internal.Sql;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The statements for one table. What may be there already is compared by what it is and not by its name, since names
 * are shared, cut at 63 bytes, and say nothing.
 */
final class TableDdl {
    private final String table;
    private final TenantColumn column;

    TableDdl(String name, TenantColumn column) {
        this.table = Sql.quoted(name);
        this.column = column;
    }

    /** A foreign key to the id of another tenant table. */
    record Reference(String column, String otherTable, boolean deletedWithIt) {}

    String alter(String action) {
        return "ALTER TABLE " + table + " " + action;
    }

    /** PostgreSQL refuses a second primary key by itself. */
    String primaryKey(List<String> columns) {
        return unlessThere(
                "pg_constraint WHERE contype = 'p' AND conrelid = " + oid(table) + " AND conkey = "
                        + numbersOf(columns),
                alter("ADD PRIMARY KEY (" + leadingWithTenant(columns) + ")"));
    }

    String unique(List<String> columns) {
        return unlessThere(
                "pg_index WHERE indisunique AND indpred IS NULL AND indrelid = " + oid(table)
                        + " AND indkey::text = pg_catalog.array_to_string(" + numbersOf(columns) + ", ' ')",
                "CREATE UNIQUE INDEX ON " + table + " (" + leadingWithTenant(columns) + ")");
    }

    String indexOfTenant() {
        return unlessThere(
                "pg_index WHERE indpred IS NULL AND indrelid = " + oid(table) + " AND indkey[0] = " + numberOfTenant(),
                "CREATE INDEX ON " + table + " (" + TENANT_COLUMN + ")");
    }

    String foreignKey(Reference reference) {
        String other = Sql.quoted(reference.otherTable);
        String sameColumns = "pg_constraint WHERE contype = 'f' AND conrelid = " + oid(table) + " AND conkey = "
                + numbersOf(List.of(reference.column));
        String add = alter("ADD FOREIGN KEY (" + leadingWithTenant(List.of(reference.column)) + ") REFERENCES " + other
                + " (" + TENANT_COLUMN + ", id)" + (reference.deletedWithIt ? " ON DELETE CASCADE" : ""));
        String same = sameColumns + " AND confrelid = " + oid(other) + " AND confdeltype = "
                + (reference.deletedWithIt ? "'c'" : "'a'");
        return unlessThere(same, raiseIfThere(sameColumns, "another foreign key from " + reference.column) + add);
    }

    /** What would let a tenant out, and is not changed here because it may hold something of the host's. */
    String requirements() {
        String ofOtherType =
                "pg_attribute AS a LEFT JOIN pg_catalog.pg_collation AS c ON c.oid = a.attcollation WHERE a.attrelid = "
                        + oid(table) + " AND a.attname = '" + TENANT_COLUMN
                        + "' AND (a.atttypid <> '" + column.sqlType() + "'::pg_catalog.regtype"
                        + " OR NOT coalesce(c.collisdeterministic, true))";
        return block(raiseIfThere(
                        "pg_index WHERE indisunique AND indrelid = " + oid(table) + " AND indkey[0] <> "
                                + numberOfTenant(),
                        "a unique index that does not lead with " + TENANT_COLUMN)
                + raiseIfThere(
                        ofOtherType,
                        "a " + TENANT_COLUMN + " that is not of type " + column.sqlType()
                                + " with a deterministic collation")
                + raiseIfThere(
                        "pg_class WHERE relkind <> 'r' AND oid = " + oid(table), "partitions, or is no ordinary table")
                + raiseIfThere(
                        "pg_inherits WHERE " + oid(table) + " IN (inhrelid, inhparent)",
                        "a parent or a child (inheritance)"));
    }

    /** In one statement, so that the table is never without the policy. */
    String policy(String policy, String kind, String predicate) {
        return block("DROP POLICY IF EXISTS " + policy + " ON " + table + "; CREATE POLICY " + policy + " ON " + table
                + " AS " + kind + " FOR ALL TO PUBLIC USING (" + predicate + ") WITH CHECK (" + predicate + "); ");
    }

    String revokeAllFrom(String role) {
        return "REVOKE ALL ON " + table + " FROM " + role;
    }

    /** In one statement, so that the role is never without its rights. */
    String grantRowsTo(String role) {
        String quoted = Sql.quoted(role);
        return block(
                revokeAllFrom(quoted) + "; GRANT SELECT, INSERT, UPDATE, DELETE ON " + table + " TO " + quoted + "; ");
    }

    private String unlessThere(String inCatalog, String sql) {
        return block("IF NOT EXISTS (SELECT FROM pg_catalog." + inCatalog + ") THEN " + sql + "; END IF; ");
    }

    private String raiseIfThere(String inCatalog, String what) {
        return "IF EXISTS (SELECT FROM pg_catalog." + inCatalog + ") THEN RAISE EXCEPTION USING MESSAGE = "
                + Sql.literal("table " + table + " cannot be a tenant table: it has " + what) + "; END IF; ";
    }

    private static String block(String statements) {
        return "DO " + Sql.literal("BEGIN " + statements + "END");
    }

    private static String oid(String quotedTable) {
        return Sql.literal(quotedTable) + "::pg_catalog.regclass";
    }

    private String numberOfTenant() {
        return "(SELECT attnum FROM pg_catalog.pg_attribute WHERE attrelid = " + oid(table) + " AND attname = '"
                + TENANT_COLUMN + "')";
    }

    /** The numbers of the tenant's column and of these, in this order. */
    private String numbersOf(List<String> columns) {
        List<String> names = new ArrayList<>(List.of(TENANT_COLUMN));
        names.addAll(columns);
        return "(SELECT pg_catalog.array_agg(attnum ORDER BY place) FROM pg_catalog.unnest(ARRAY["
                + names.stream().map(Sql::literal).collect(Collectors.joining(", "))
                + "]) WITH ORDINALITY AS named (name, place) JOIN pg_catalog.pg_attribute ON attrelid = " + oid(table)
                + " AND attname = named.name::pg_catalog.name)";
    }

    private static String leadingWithTenant(List<String> columns) {
        return TENANT_COLUMN
                + columns.stream().map(column -> ", " + Sql.quoted(column)).collect(Collectors.joining());
    }
}
