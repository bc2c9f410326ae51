package dev.tenancy.jdbc.conversion;

import dev.tenancy.jdbc.RowLevelSecurity;
import dev.tenancy.jdbc.conversion.SchemaTables.Table;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** The statements that make a schema what it must be, in their order; none if it is. */
final class ConversionScript {
    private final Statement statement;
    private final ConversionSettings settings;
    private final SchemaTables tables;

    ConversionScript(Statement statement, ConversionSettings settings, SchemaTables tables) {
        this.statement = statement;
        this.settings = settings;
        this.tables = tables;
    }

    List<String> statements() throws SQLException {
        List<String> rows = new TenantFill(settings, tables).statements();
        List<String> keys = new ArrayList<>(read(KeySql.DROP_FOREIGN_KEYS));
        keys.addAll(read(KeySql.KEYS));
        keys.addAll(read(KeySql.INDEXES));
        keys.addAll(read(KeySql.ADD_FOREIGN_KEYS));
        List<String> all = new ArrayList<>();
        boolean touched = !rows.isEmpty() || !keys.isEmpty();
        if (touched) {
            // What has to be seen of tables that are protected already is seen by their owner only, who holds the lock.
            tables.tables().stream()
                    .filter(Table::forced)
                    .forEach(table ->
                            all.add("ALTER TABLE " + settings.sqlName(table.name()) + " NO FORCE ROW LEVEL SECURITY"));
        }
        all.addAll(rows);
        all.addAll(keys);
        for (Table table : tables.tables()) {
            RowLevelSecurity must = settings.rowLevelSecurity(table.name());
            if (touched || !must.drift(statement.getConnection()).isEmpty()) {
                all.addAll(must.statements());
            }
        }
        all.addAll(read(AccessSql.VIEWS));
        for (String role : settings.roles()) {
            all.addAll(read(AccessSql.rights(settings.schema(), role)));
            all.addAll(read(AccessSql.rightsOnViews(role)));
        }
        all.addAll(read(AccessSql.MATERIALIZED_VIEWS));
        return all;
    }

    /** What of it can be done before, while others use the tables; what is left is done sooner then. */
    List<Ahead> ahead() throws SQLException {
        TenantFill fill = new TenantFill(settings, tables);
        List<Ahead> all = new ArrayList<>();
        fill.newColumns().forEach(sql -> all.add(new Ahead(sql, true)));
        fill.inBatches().forEach(sql -> all.add(new Ahead(sql, false)));
        read(KeySql.KEYS_AHEAD).forEach(sql -> all.add(new Ahead(sql, false)));
        read(KeySql.INDEXES_AHEAD).forEach(sql -> all.add(new Ahead(sql, false)));
        read(KeySql.FOREIGN_KEYS_AHEAD).forEach(sql -> all.add(new Ahead(sql, true)));
        return all;
    }

    /**
     * A statement that is run ahead.
     *
     * @param locks whether others wait for it while it waits for its lock
     */
    record Ahead(String sql, boolean locks) {}

    private List<String> read(String query) throws SQLException {
        List<String> found = new ArrayList<>();
        try (ResultSet row = statement.executeQuery(settings.query(query))) {
            while (row.next()) {
                found.add(row.getString(1));
            }
        }
        return found;
    }
}
