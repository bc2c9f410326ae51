package dev.tenancy.jdbc.conversion;

import static dev.tenancy.jdbc.RowLevelSecurity.TENANT_COLUMN;

import dev.tenancy.jdbc.conversion.SchemaTables.Reference;
import dev.tenancy.jdbc.conversion.SchemaTables.Table;
import dev.tenancy.jdbc.internal.Sql;
import java.util.ArrayList;
import java.util.List;

/** Gives the rows that are there a tenant. */
final class TenantFill {
    /** How many blocks of a table are filled in one transaction: 8 MB, as a rule. */
    private static final int BLOCKS = 1000;

    /** Ends an update, and counts its rows for the decision whether there is another round. */
    private static final String COUNTED = ";\nGET DIAGNOSTICS done = ROW_COUNT; filled := filled + done;\n";

    private final ConversionSettings settings;
    private final SchemaTables tables;

    TenantFill(ConversionSettings settings, SchemaTables tables) {
        this.settings = settings;
        this.tables = tables;
    }

    /** In one transaction, in which nobody else uses the tables. */
    List<String> statements() {
        List<String> statements = new ArrayList<>(newColumns());
        List<Table> filled = filled();
        filled.forEach(table -> statements.addAll(triggers(table, "DISABLE")));
        fromColumns(filled).forEach(update -> statements.add(update.sql("")));
        statements.addAll(repeated(fromParents(filled), false));
        ofFormerOwner(filled).forEach(update -> statements.add(update.sql("")));
        filled.forEach(table -> statements.addAll(triggers(table, "ENABLE")));
        filled.forEach(table -> {
            statements.add(requireAll(table));
            statements.add("ALTER TABLE " + sql(table) + " ALTER COLUMN " + TENANT_COLUMN + " SET NOT NULL");
        });
        return statements;
    }

    /**
     * Some rows at a time, while others use the tables, and as far as it goes; after {@link #newColumns}. What belongs
     * to the former owner is known only when no row is left that has its tenant from elsewhere, and so not yet.
     */
    List<String> inBatches() {
        List<Table> filled = filled();
        List<Update> updates = new ArrayList<>(fromColumns(filled));
        updates.addAll(fromParents(filled));
        return repeated(updates, true);
    }

    List<String> newColumns() {
        return tables.tables().stream()
                .filter(table -> !table.hasTenant())
                .map(this::addColumn)
                .toList();
    }

    private List<Table> filled() {
        return isOfOne()
                ? List.of()
                : tables.tables().stream().filter(table -> !table.filled()).toList();
    }

    private boolean isOfOne() {
        return settings.sources().isEmpty()
                && settings.formerOwner().isPresent()
                && tables.tables().stream().noneMatch(Table::hasTenant);
    }

    /**
     * Gives rows of a table a tenant.
     *
     * @param assignment from where
     * @param condition which rows
     */
    private record Update(Table table, String target, String assignment, String condition) {
        String sql(String more) {
            return "UPDATE " + target + " AS child SET " + TENANT_COLUMN + " = " + assignment + " WHERE child."
                    + TENANT_COLUMN + " IS NULL" + condition + more;
        }
    }

    private List<Update> fromColumns(List<Table> filled) {
        List<Update> updates = new ArrayList<>();
        filled.forEach(table -> table.source()
                .map(column -> "child." + Sql.quoted(column))
                .ifPresent(column -> updates.add(new Update(
                        table,
                        sql(table),
                        column + "::text::" + settings.column().sqlType(),
                        " AND " + column + " IS NOT NULL"))));
        return updates;
    }

    private List<Update> fromParents(List<Table> filled) {
        List<Update> updates = new ArrayList<>();
        for (Reference reference : tables.references()) {
            filled.stream()
                    .filter(table -> table.name().equals(reference.child()))
                    .forEach(table -> updates.add(new Update(
                            table,
                            sql(table),
                            "parent." + TENANT_COLUMN + " FROM " + settings.sqlName(reference.parent()) + " AS parent",
                            " AND parent." + TENANT_COLUMN + " IS NOT NULL AND " + reference.condition())));
        }
        return updates;
    }

    private List<Update> ofFormerOwner(List<Table> filled) {
        return settings.formerOwner().stream()
                .flatMap(owner -> filled.stream().map(table -> new Update(table, sql(table), Sql.literal(owner), "")))
                .toList();
    }

    /**
     * Again and again, since a table can reference itself, and tables each other; while others use the tables, only as
     * long as rows are found that were there in the beginning, or else who adds rows fast would keep it from ending.
     */
    private static List<String> repeated(List<Update> updates, boolean ahead) {
        if (updates.isEmpty()) {
            return List.of();
        }
        // A table may have columns that are called like these variables.
        StringBuilder body = new StringBuilder(
                "#variable_conflict use_variable\nDECLARE begun xid := pg_catalog.pg_current_xact_id()::xid;"
                        + " block bigint; last bigint; former tid[]; added tid[]; done bigint; filled bigint;\n"
                        + "BEGIN LOOP filled := 0;\n");
        for (Update update : updates) {
            if (!ahead) {
                body.append(update.sql("")).append(COUNTED);
            } else if (update.table.partitioned()) {
                body.append(update.sql(" AND pg_catalog.age(child.xmin) >= pg_catalog.age(begun)"))
                        .append(COUNTED)
                        .append(update.sql(""))
                        .append("; COMMIT;\n");
            } else {
                body.append("block := 0; last := pg_catalog.pg_relation_size(")
                        .append(Sql.literal(update.target))
                        .append(") / pg_catalog.current_setting('block_size')::bigint;\nWHILE block <= last LOOP\n")
                        .append(unlocked(update.target))
                        .append(update.sql(" AND child.ctid = ANY (former)"))
                        .append(COUNTED)
                        .append(update.sql(" AND child.ctid = ANY (added)"))
                        .append(";\nblock := block + ")
                        .append(BLOCKS)
                        .append("; COMMIT;\nEND LOOP;\n");
            }
        }
        return List.of("DO "
                + Sql.literal(body.append("EXIT WHEN filled = 0; END LOOP; END").toString()));
    }

    /** Finds rows of the next blocks that nobody else holds: who waits for no row is in no deadlock. */
    private static String unlocked(String table) {
        return "SELECT pg_catalog.array_agg(ctid) FILTER (WHERE is_former), pg_catalog.array_agg(ctid) FILTER (WHERE NOT is_former)"
                + " INTO former, added FROM (SELECT ctid, pg_catalog.age(xmin) >= pg_catalog.age(begun) AS is_former FROM "
                + table + " WHERE " + TENANT_COLUMN
                + " IS NULL AND ctid >= pg_catalog.format('(%s,0)', block)::tid AND ctid < pg_catalog.format('(%s,0)', block + "
                + BLOCKS + ")::tid FOR NO KEY UPDATE SKIP LOCKED) AS free;\n";
    }

    /** A default that is there when the column comes is written to no row: nothing is rewritten, no trigger runs. */
    private String addColumn(Table table) {
        return "ALTER TABLE " + sql(table) + " ADD COLUMN " + TENANT_COLUMN + " "
                + settings.column().sqlType()
                + (isOfOne()
                        ? " NOT NULL DEFAULT "
                                + Sql.literal(settings.formerOwner().orElseThrow())
                        : "");
    }

    private String requireAll(Table table) {
        return "DO "
                + Sql.literal("DECLARE rest bigint; BEGIN SELECT count(*) INTO rest FROM " + sql(table) + " WHERE "
                        + TENANT_COLUMN + " IS NULL; IF rest > 0 THEN RAISE not_null_violation USING MESSAGE ="
                        + " pg_catalog.format('table %s has %s rows without a tenant: they reference no row that has one;"
                        + " say from which column they get it, or whose they are', " + Sql.literal(sql(table))
                        + ", rest); END IF; END");
    }

    /** What triggers are there for is changes that somebody makes; the tenant was always this one. */
    private List<String> triggers(Table table, String action) {
        return table.triggers().stream()
                .map(trigger -> "ALTER TABLE " + sql(table) + " " + action + " TRIGGER " + Sql.quoted(trigger))
                .toList();
    }

    private String sql(Table table) {
        return settings.sqlName(table.name());
    }
}
