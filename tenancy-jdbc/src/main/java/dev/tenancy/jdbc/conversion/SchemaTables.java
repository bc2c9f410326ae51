package dev.tenancy.jdbc.conversion;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The tables that are converted, and which of them reference which.
 *
 * @param tables the tables, by name
 * @param references what references what, in no order
 */
record SchemaTables(List<Table> tables, List<Reference> references) {
    private static final String TABLES = """
            SELECT relname, relkind = 'p', relforcerowsecurity, tenant IS NOT NULL,
                EXISTS (SELECT FROM pg_attribute AS a WHERE a.attrelid = tab.oid AND a.attnum = tab.tenant AND a.attnotnull),
                ARRAY(SELECT t.tgname::text FROM pg_trigger AS t
                    WHERE t.tgrelid = tab.oid AND NOT t.tgisinternal AND t.tgenabled = 'O' ORDER BY t.tgname),
                ARRAY(SELECT a.attname::text FROM pg_attribute AS a
                    WHERE a.attrelid = tab.oid AND a.attnum > 0 AND NOT a.attisdropped)
            FROM tab WHERE NOT relispartition ORDER BY relname COLLATE "C\"""";

    private static final String SHARED = "SELECT relname FROM every EXCEPT SELECT relname FROM tab";

    private static final String REFERENCES = """
            SELECT child.relname, parent.relname,
                string_agg(format('child.%I = parent.%I', a.attname, b.attname), ' AND ' ORDER BY place)
            FROM pg_constraint AS c
            JOIN tab AS child ON child.oid = c.conrelid
            JOIN tab AS parent ON parent.oid = c.confrelid
            CROSS JOIN unnest(c.conkey, c.confkey) WITH ORDINALITY AS u (mine, other, place)
            JOIN pg_attribute AS a ON a.attrelid = c.conrelid AND a.attnum = u.mine
            JOIN pg_attribute AS b ON b.attrelid = c.confrelid AND b.attnum = u.other
            WHERE c.contype = 'f' AND c.conparentid = 0 AND u.mine IS DISTINCT FROM child.tenant
            GROUP BY c.oid, child.relname, parent.relname
            ORDER BY child.relname COLLATE "C", bool_and(a.attnotnull) DESC, c.oid""";

    /**
     * A table that is no partition.
     *
     * @param partitioned whether its rows are in its partitions
     * @param forced whether its policies apply to its owner too
     * @param hasTenant whether it has the tenant column already
     * @param filled whether each of its rows has a tenant
     * @param triggers those that a change of a row sets off
     * @param columns its columns
     * @param source that of them from which the tenant is taken
     */
    record Table(
            String name,
            boolean partitioned,
            boolean forced,
            boolean hasTenant,
            boolean filled,
            List<String> triggers,
            List<String> columns,
            Optional<String> source) {}

    /**
     * A foreign key.
     *
     * @param condition SQL that joins {@code child} and {@code parent}
     */
    record Reference(String child, String parent, String condition) {}

    static SchemaTables read(Statement statement, ConversionSettings settings) throws SQLException {
        List<Table> tables = new ArrayList<>();
        try (ResultSet row = statement.executeQuery(settings.query(TABLES))) {
            while (row.next()) {
                String name = row.getString(1);
                tables.add(new Table(
                        name,
                        row.getBoolean(2),
                        row.getBoolean(3),
                        row.getBoolean(4),
                        row.getBoolean(5),
                        texts(row, 6),
                        texts(row, 7),
                        Optional.ofNullable(settings.sources().get(name))));
            }
        }
        List<Reference> references = new ArrayList<>();
        try (ResultSet row = statement.executeQuery(settings.query(REFERENCES))) {
            while (row.next()) {
                references.add(new Reference(row.getString(1), row.getString(2), row.getString(3)));
            }
        }
        SchemaTables found = new SchemaTables(tables, references);
        found.requireNamed(settings);
        requireShared(statement, settings);
        return found;
    }

    private static void requireShared(Statement statement, ConversionSettings settings) throws SQLException {
        List<String> others = new ArrayList<>();
        try (ResultSet row = statement.executeQuery(settings.query(SHARED))) {
            while (row.next()) {
                others.add(row.getString(1));
            }
        }
        settings.shared().stream()
                .filter(name -> !others.contains(name))
                .findFirst()
                .ifPresent(name -> {
                    throw new IllegalArgumentException(
                            "table " + name + ", which is shared, is not in schema " + settings.schema());
                });
    }

    private static List<String> texts(ResultSet row, int column) throws SQLException {
        return Arrays.asList((String[]) row.getArray(column).getArray());
    }

    private void requireNamed(ConversionSettings settings) {
        List<String> names = tables.stream().map(Table::name).toList();
        if (names.isEmpty()) {
            throw new IllegalArgumentException("schema " + settings.schema() + " has no tables to convert");
        }
        Stream.concat(settings.sources().keySet().stream(), settings.readable().stream())
                .filter(name -> !names.contains(name))
                .findFirst()
                .ifPresent(name -> {
                    throw new IllegalArgumentException(
                            "table " + name + " is not among the tables to convert in schema " + settings.schema()
                                    + ", which are " + names);
                });
        for (Table table : tables) {
            if (table.source()
                    .filter(source -> !table.columns().contains(source))
                    .isPresent()) {
                throw new IllegalArgumentException("table " + table.name() + " has no column "
                        + table.source().get() + " to take the tenant from; it has " + table.columns());
            }
        }
    }
}
