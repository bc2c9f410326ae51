package dev.tenancy.jdbc;

import static dev.tenancy.jdbc.RowLevelSecurity.TENANT_COLUMN;

import dev.tenancy.jdbc.internal.Sql;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What one tenant table must be. What is there already is compared by what it is and not by its name, since names are
 * shared, cut at 63 bytes, and say nothing.
 */
final class TableRequirements {
    private final String table;
    private final TenantColumn column;
    private final TenantExpression tenant;

    /** Of a table, whose name is given as SQL. */
    TableRequirements(String table, TenantColumn column, boolean sealed) {
        this.table = table;
        this.column = column;
        this.tenant = TenantExpression.tenant(column, sealed);
    }

    /** A foreign key to the id of another tenant table, whose name is SQL. */
    record Reference(String column, String otherTable, boolean deletedWithIt) {}

    Requirement tenantColumn() {
        return new Requirement(
                "a column " + TENANT_COLUMN,
                "EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE " + isTenantColumn() + ")",
                alter("ADD COLUMN " + TENANT_COLUMN + " " + column.sqlType()));
    }

    Requirement tenantColumnOfType() {
        return Requirement.unchangeable(
                table,
                "a " + TENANT_COLUMN + " of type " + column.sqlType() + " with a deterministic collation",
                "EXISTS (SELECT FROM pg_catalog.pg_attribute LEFT JOIN pg_catalog.pg_collation AS c"
                        + " ON c.oid = attcollation WHERE " + isTenantColumn() + " AND atttypid = '" + column.sqlType()
                        + "'::pg_catalog.regtype AND coalesce(c.collisdeterministic, true))");
    }

    Requirement tenantByDefault() {
        return new Requirement(
                "the bound tenant as default of " + TENANT_COLUMN,
                "EXISTS (SELECT FROM pg_catalog.pg_attribute JOIN pg_catalog.pg_attrdef ON adrelid = attrelid"
                        + " AND adnum = attnum WHERE " + isTenantColumn()
                        + " AND pg_catalog.pg_get_expr(adbin, adrelid) = " + Sql.literal(tenant.asStored()) + ")",
                alter("ALTER COLUMN " + TENANT_COLUMN + " SET DEFAULT " + tenant.sql()));
    }

    /** Before anything hides rows from the owner, and until the column can have no NULL. */
    Requirement rowsOf(String owner) {
        return new Requirement(
                "a tenant in every row",
                hasNoNull(),
                "UPDATE " + table + " SET " + TENANT_COLUMN + " = " + Sql.literal(owner) + " WHERE " + TENANT_COLUMN
                        + " IS NULL;");
    }

    Requirement rowsOfParent(Reference parent) {
        return new Requirement(
                "a tenant in every row",
                hasNoNull(),
                whileTheOwnerSees(
                        parent,
                        "UPDATE " + table + " AS child SET " + TENANT_COLUMN + " = parent." + TENANT_COLUMN + " FROM "
                                + parent.otherTable + " AS parent WHERE child." + TENANT_COLUMN
                                + " IS NULL AND parent.id = child." + Sql.quoted(parent.column) + ";"));
    }

    /**
     * Rows of the parents are shown to the owner as long as that takes, and to nobody else, since it holds the lock.
     */
    private static String whileTheOwnerSees(Reference parent, String mend) {
        String other = "ALTER TABLE " + parent.otherTable;
        return other + " NO FORCE ROW LEVEL SECURITY; " + mend + " " + other + " FORCE ROW LEVEL SECURITY;";
    }

    private String hasNoNull() {
        return "EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE " + isTenantColumn() + " AND attnotnull)";
    }

    Requirement tenantInEveryRow() {
        return new Requirement(
                "NOT NULL on " + TENANT_COLUMN, hasNoNull(), alter("ALTER COLUMN " + TENANT_COLUMN + " SET NOT NULL"));
    }

    /** PostgreSQL refuses a second primary key by itself. */
    Requirement primaryKey(List<String> columns) {
        return new Requirement(
                "the primary key (" + leadingWithTenant(columns) + ")",
                "EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE contype = 'p' AND conrelid = " + oid(table)
                        + " AND conkey = " + numbersOf(columns) + ")",
                alter("ADD PRIMARY KEY (" + leadingWithTenant(columns) + ")"));
    }

    Requirement unique(List<String> columns) {
        return new Requirement(
                "a unique index on (" + leadingWithTenant(columns) + ")",
                "EXISTS (SELECT FROM pg_catalog.pg_index WHERE indisunique AND indisvalid AND indpred IS NULL"
                        + " AND indrelid = " + oid(table) + " AND indkey::text = pg_catalog.array_to_string("
                        + numbersOf(columns) + ", ' '))",
                "CREATE UNIQUE INDEX ON " + table + " (" + leadingWithTenant(columns) + ");");
    }

    /** An index that begins with the tenant and these, whatever comes behind. */
    Requirement index(List<String> columns) {
        return new Requirement(
                "an index that leads with (" + leadingWithTenant(columns) + ")",
                "EXISTS (SELECT FROM pg_catalog.pg_index WHERE indisvalid AND indpred IS NULL AND indrelid = "
                        + oid(table) + " AND (indkey::pg_catalog.int2[])[0:" + columns.size() + "] = "
                        + numbersOf(columns) + ")",
                "CREATE INDEX ON " + table + " (" + leadingWithTenant(columns) + ");");
    }

    Requirement noOtherForeignKey(Reference reference) {
        return Requirement.unchangeable(
                table,
                "no other foreign key from " + reference.column,
                "NOT EXISTS (" + foreignKeysOf(reference) + " AND NOT (" + isSame(reference) + "))");
    }

    Requirement foreignKey(Reference reference) {
        return new Requirement(
                "a foreign key (" + leadingWithTenant(List.of(reference.column)) + ") to " + reference.otherTable,
                "EXISTS (" + foreignKeysOf(reference) + " AND " + isSame(reference) + ")",
                whileTheOwnerSees(
                        reference,
                        alter("ADD FOREIGN KEY (" + leadingWithTenant(List.of(reference.column)) + ") REFERENCES "
                                + reference.otherTable + " (" + TENANT_COLUMN + ", id)"
                                + (reference.deletedWithIt ? " ON DELETE CASCADE" : ""))));
    }

    private String foreignKeysOf(Reference reference) {
        return "SELECT FROM pg_catalog.pg_constraint WHERE contype = 'f' AND conrelid = " + oid(table)
                + " AND conkey = " + numbersOf(List.of(reference.column));
    }

    private static String isSame(Reference reference) {
        return "confrelid = " + oid(reference.otherTable) + " AND confdeltype = "
                + (reference.deletedWithIt ? "'c'" : "'a'");
    }

    Requirement noUniqueIndexAcrossTenants() {
        return Requirement.unchangeable(
                table,
                "no unique index that does not lead with " + TENANT_COLUMN,
                "NOT EXISTS (SELECT FROM pg_catalog.pg_index WHERE indisunique AND indrelid = " + oid(table)
                        + " AND indkey[0] <> " + numberOfTenant() + ")");
    }

    Requirement ordinaryTable() {
        return Requirement.unchangeable(
                table,
                "rows of its own, or of its partitions",
                "EXISTS (SELECT FROM pg_catalog.pg_class WHERE relkind IN ('r', 'p') AND oid = " + oid(table) + ")");
    }

    Requirement noInheritance() {
        return Requirement.unchangeable(
                table,
                "no parent, and no child but partitions",
                "NOT EXISTS (SELECT FROM pg_catalog.pg_inherits JOIN pg_catalog.pg_class ON oid = inhrelid WHERE "
                        + "inhrelid = " + oid(table) + " OR (inhparent = " + oid(table) + " AND NOT relispartition))");
    }

    /**
     * The policies of a partitioned table are not asked when one of its partitions is read by its own name: nobody may.
     */
    Requirement partitionsOutOfReach() {
        String open = " FROM pg_catalog.pg_partition_tree(" + oid(table) + ") JOIN pg_catalog.pg_class ON oid = relid"
                + " WHERE parentrelid IS NOT NULL AND NOT (relrowsecurity AND relforcerowsecurity"
                + " AND NOT EXISTS (SELECT FROM pg_catalog.aclexplode(relacl) WHERE grantee <> relowner))";
        return new Requirement(
                "row-level security on each of its partitions, and no rights on them",
                "NOT EXISTS (SELECT" + open + ")",
                "DECLARE leaf record; reader record; BEGIN FOR leaf IN SELECT relid, relacl, relowner" + open
                        + " LOOP EXECUTE pg_catalog.format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL"
                        + " SECURITY', leaf.relid); FOR reader IN SELECT DISTINCT grantee FROM"
                        + " pg_catalog.aclexplode(leaf.relacl) WHERE grantee <> leaf.relowner LOOP EXECUTE"
                        + " pg_catalog.format('REVOKE ALL ON %s FROM %s', leaf.relid, CASE reader.grantee WHEN 0"
                        + " THEN 'PUBLIC' ELSE pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(reader.grantee))"
                        + " END); END LOOP; END LOOP; END;");
    }

    Requirement enabled() {
        return ofTable("row-level security", "relrowsecurity", alter("ENABLE ROW LEVEL SECURITY"));
    }

    Requirement forced() {
        return ofTable(
                "row-level security for its owner too", "relforcerowsecurity", alter("FORCE ROW LEVEL SECURITY"));
    }

    private Requirement ofTable(String what, String holds, String mend) {
        return new Requirement(what, "SELECT " + holds + " FROM pg_catalog.pg_class WHERE oid = " + oid(table), mend);
    }

    Requirement nothingForPublic() {
        return new Requirement(
                "no rights of PUBLIC",
                "NOT EXISTS (SELECT FROM pg_catalog.pg_class, pg_catalog.aclexplode(relacl) WHERE pg_class.oid = "
                        + oid(table) + " AND grantee = 0)",
                "REVOKE ALL ON " + table + " FROM PUBLIC;");
    }

    /** In one statement, so that the role is never without its rights. */
    Requirement rowsFor(String role) {
        String quoted = Sql.quoted(role);
        return new Requirement(
                "SELECT, INSERT, UPDATE and DELETE for " + role + ", and nothing else",
                "SELECT pg_catalog.array_agg(privilege_type || is_grantable::text ORDER BY privilege_type COLLATE \"C\")"
                        + " = ARRAY['DELETEfalse', 'INSERTfalse', 'SELECTfalse', 'UPDATEfalse']"
                        + " FROM pg_catalog.pg_class, pg_catalog.aclexplode(relacl) WHERE pg_class.oid = " + oid(table)
                        + " AND grantee = " + Sql.literal(quoted) + "::pg_catalog.regrole",
                "REVOKE ALL ON " + table + " FROM " + quoted + "; GRANT SELECT, INSERT, UPDATE, DELETE ON " + table
                        + " TO " + quoted + ";");
    }

    private String alter(String action) {
        return "ALTER TABLE " + table + " " + action + ";";
    }

    static String oid(String quotedTable) {
        return Sql.literal(quotedTable) + "::pg_catalog.regclass";
    }

    private String isTenantColumn() {
        return "attrelid = " + oid(table) + " AND attname = '" + TENANT_COLUMN + "' AND NOT attisdropped";
    }

    private String numberOfTenant() {
        return "(SELECT attnum FROM pg_catalog.pg_attribute WHERE " + isTenantColumn() + ")";
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
