package dev.tenancy.jdbc;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tenancy.jdbc.OffboardingProgress.Step;
import dev.tenancy.jdbc.TenantTables.Group;
import dev.tenancy.jdbc.internal.Sql;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Puts the rows of an export back, all of them or none. Tables of a circle of references are filled by one statement,
 * since PostgreSQL checks foreign keys at its end.
 */
final class TenantRestore {
    private static final int BATCH_ROWS = 500;
    private static final int BATCH_BYTES = 1 << 20;
    private static final String STAGE = "pg_temp.tenancy_restore";

    private final TenantSurvey survey;
    private final ExportFiles files;
    private final Consumer<OffboardingProgress> progress;

    TenantRestore(TenantSurvey survey, ExportFiles files, Consumer<OffboardingProgress> progress) {
        this.survey = survey;
        this.files = files;
        this.progress = progress;
    }

    TenantExport restore(Connection connection) throws SQLException {
        try {
            TenantExport export = ExportManifest.read(connection, manifest(), survey.tenant());
            ExportCheck.files(export, files);
            TenantTables tables = survey.forReading(connection);
            Map<Long, TenantExport.Table> sources = sources(export, tables);
            refuseRows(connection, tables);
            for (Group group : tables.parentsFirst()) {
                fill(connection, group, sources);
            }
            verify(connection, tables, sources);
            return export;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private String manifest() throws IOException {
        try (InputStream in = files.open(TenantExport.MANIFEST)) {
            return new String(in.readAllBytes(), UTF_8);
        }
    }

    private Map<Long, TenantExport.Table> sources(TenantExport export, TenantTables tables) throws SQLException {
        Map<Long, TenantExport.Table> sources = new HashMap<>();
        for (TenantExport.Table exported : export.tables()) {
            Optional<TenantTable> table = tables.all().stream()
                    .filter(any -> any.kind().isStored())
                    .filter(any ->
                            any.schema().equals(exported.schema()) && any.name().equals(exported.name()))
                    .findFirst();
            if (table.isEmpty()) {
                throw Refusal.of("there is no table " + Sql.quoted(exported.schema()) + "."
                        + Sql.quoted(exported.name()) + " of the tenant to restore its rows to");
            }
            ExportCheck.columns(exported, table.get());
            sources.put(table.get().oid(), exported);
        }
        return sources;
    }

    private static void refuseRows(Connection connection, TenantTables tables) throws SQLException {
        for (TenantTable table : tables.all()) {
            if (table.kind().isStored() && TenantProof.rowsOf(connection, table) > 0) {
                throw Refusal.of("the tenant has rows already, in table " + table.sql() + "; erase it first");
            }
        }
    }

    private void fill(Connection connection, Group group, Map<Long, TenantExport.Table> sources)
            throws SQLException, IOException {
        List<TenantTable> targets = group.tables().stream()
                .filter(table -> sources.containsKey(table.oid()))
                .toList();
        String names = targets.stream().map(TenantTable::sql).collect(Collectors.joining(", "));
        try {
            if (group.keys().isEmpty()) {
                for (TenantTable table : targets) {
                    send(connection, source(sources, table), insert(table, "?::pg_catalog.json"));
                }
            } else {
                fillAtOnce(connection, targets, sources);
            }
        } catch (SQLException failure) {
            throw Refusal.during("the tenant's rows cannot be restored to " + names, failure);
        }
        for (TenantTable table : targets) {
            long rows = source(sources, table).rows();
            progress.accept(new OffboardingProgress(survey.tenant(), Step.RESTORED, table.sql(), rows));
        }
    }

    private void fillAtOnce(Connection connection, List<TenantTable> targets, Map<Long, TenantExport.Table> sources)
            throws SQLException, IOException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("CREATE TEMPORARY TABLE tenancy_restore (part int, line json) ON COMMIT DROP");
            List<String> insertions = new ArrayList<>();
            for (TenantTable table : targets) {
                int part = insertions.size();
                send(
                        connection,
                        source(sources, table),
                        "INSERT INTO " + STAGE + " VALUES (" + part + ", ?::pg_catalog.json)");
                insertions.add("i" + part + " AS (" + insert(table, STAGE + " AS s, s.line", part) + ")");
            }
            statement.execute("WITH " + String.join(", ", insertions) + " SELECT 1");
            statement.execute("DROP TABLE " + STAGE);
        }
    }

    private static TenantExport.Table source(Map<Long, TenantExport.Table> sources, TenantTable table) {
        return Optional.ofNullable(sources.get(table.oid())).orElseThrow();
    }

    private static String insert(TenantTable table, String line) {
        return insert(table) + "pg_catalog.json_to_record(" + line + ") AS x (" + texts(table) + ")";
    }

    private static String insert(TenantTable table, String stage, int part) {
        int line = stage.lastIndexOf(", ");
        return insert(table) + stage.substring(0, line) + ", pg_catalog.json_to_record(" + stage.substring(line + 2)
                + ") AS x (" + texts(table) + ") WHERE s.part = " + part;
    }

    private static String insert(TenantTable table) {
        List<TenantExport.Column> stored =
                table.exported().stream().filter(column -> !column.generated()).toList();
        String names = stored.stream().map(column -> Sql.quoted(column.name())).collect(Collectors.joining(", "));
        String values = stored.stream()
                .map(column -> "x." + Sql.quoted(column.name()) + "::" + column.type())
                .collect(Collectors.joining(", "));
        return "INSERT INTO " + table.sql() + " (" + names + ") OVERRIDING SYSTEM VALUE SELECT " + values + " FROM ";
    }

    private static String texts(TenantTable table) {
        return table.exported().stream()
                .map(column -> Sql.quoted(column.name()) + " pg_catalog.text")
                .collect(Collectors.joining(", "));
    }

    /** Sends the lines of a file, as many at once as do not take much memory. */
    private void send(Connection connection, TenantExport.Table source, String sql) throws SQLException, IOException {
        try (PreparedStatement insert = connection.prepareStatement(sql)) {
            Batch batch = new Batch(insert);
            ExportCheck.eachLine(files, source.file(), batch::add);
            batch.send();
        }
    }

    /** What was stored is what was exported: no trigger, rule or default has made something else of it. */
    private void verify(Connection connection, TenantTables tables, Map<Long, TenantExport.Table> sources)
            throws SQLException, IOException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET CONSTRAINTS ALL IMMEDIATE");
        }
        for (TenantTable table : tables.all()) {
            if (!table.kind().isStored()) {
                continue;
            }
            LineDigest stored = TableRows.copy(connection, table, OutputStream.nullOutputStream());
            TenantExport.@org.jspecify.annotations.Nullable Table source = sources.get(table.oid());
            boolean same = source == null
                    ? stored.lines() == 0
                    : stored.lines() == source.rows() && stored.content().equals(source.content());
            if (!same) {
                throw Refusal.of("table " + table.sql() + " did not keep the rows of the tenant as they were exported"
                        + " (a trigger, or a row of another tenant in the file); nothing is restored");
            }
        }
    }

    private static final class Batch {
        private final PreparedStatement insert;
        private int rows;
        private long bytes;

        private Batch(PreparedStatement insert) {
            this.insert = insert;
        }

        private void add(byte[] line) throws SQLException {
            insert.setString(1, new String(line, UTF_8));
            insert.addBatch();
            rows++;
            bytes += line.length;
            if (rows == BATCH_ROWS || bytes >= BATCH_BYTES) {
                send();
            }
        }

        private void send() throws SQLException {
            if (rows > 0) {
                insert.executeBatch();
            }
            rows = 0;
            bytes = 0;
        }
    }
}
