package dev.tenancy.jdbc;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Compares the files of an export with its manifest, and the manifest with the tables of a database. */
final class ExportCheck {
    private ExportCheck() {}

    /** What is done with a line, with the line feed at its end. */
    @FunctionalInterface
    interface LineWork {
        void on(byte[] line) throws SQLException;
    }

    /** All files are as the manifest says. */
    static void files(TenantExport export, ExportFiles files) throws SQLException, IOException {
        Set<String> names = new HashSet<>();
        for (TenantExport.Table table : export.tables()) {
            LineDigest digest = new LineDigest();
            if (!table.file().matches("[a-z0-9][a-z0-9._-]{0,79}") || !names.add(table.file())) {
                throw Refusal.of("the manifest names a file that no export writes");
            }
            eachLine(files, table.file(), digest::add);
            if (digest.lines() != table.rows()
                    || !digest.content().equals(table.content())
                    || !digest.sha256OfFile().equals(table.sha256())) {
                throw Refusal.of("file " + table.file() + " is not what was exported: it has other rows, or other"
                        + " bytes, than the manifest says");
            }
        }
    }

    /** The table has the columns that the exported one had. */
    static void columns(TenantExport.Table exported, TenantTable table) throws SQLException {
        Map<String, TenantExport.Column> was = byName(exported.columns());
        Map<String, TenantExport.Column> is = byName(table.exported());
        if (!was.equals(is)) {
            throw Refusal.of("table " + table.sql() + " has not the columns that were exported: has " + is.values()
                    + ", had " + was.values());
        }
    }

    static void eachLine(ExportFiles files, String file, LineWork work) throws SQLException, IOException {
        try (InputStream in = new BufferedInputStream(files.open(file), 1 << 16)) {
            ByteArrayOutputStream line = new ByteArrayOutputStream();
            for (int next = in.read(); next >= 0; next = in.read()) {
                line.write(next);
                if (next == '\n') {
                    work.on(line.toByteArray());
                    line.reset();
                }
            }
            if (line.size() > 0) {
                throw Refusal.of("file " + file + " is not what was exported: it ends within a line");
            }
        }
    }

    private static Map<String, TenantExport.Column> byName(List<TenantExport.Column> columns) {
        Map<String, TenantExport.Column> byName = new TreeMap<>();
        columns.forEach(column -> byName.put(column.name(), column));
        return byName;
    }
}
