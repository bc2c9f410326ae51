package dev.tenancy.jdbc;

import dev.tenancy.TenantId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The manifest of an export as text: written here, and read by PostgreSQL, which has a parser of JSON. */
final class ExportManifest {
    private static final int FORMAT = 1;

    private static final String HEAD =
            "SELECT x.format, x.tenant, x.at FROM pg_catalog.json_to_record(?::pg_catalog.json)"
                    + " AS x (format int, tenant text, at text)";
    private static final String TABLES = """
            SELECT x.schema, x.name, x.file, x.rows, x.sha256, x.content, x.columns::pg_catalog.text AS columns
            FROM pg_catalog.json_to_recordset(?::pg_catalog.json -> 'tables')
                AS x (schema text, name text, file text, rows bigint, sha256 text, content text, columns json)""";
    private static final String COLUMNS = "SELECT x.name, x.type, x.generated"
            + " FROM pg_catalog.json_to_recordset(?::pg_catalog.json) AS x (name text, type text, generated boolean)";

    private ExportManifest() {}

    static String write(TenantExport export) {
        return "{\"format\": " + FORMAT + ", \"tenant\": "
                + quoted(export.tenant().value()) + ", \"at\": "
                + quoted(export.at().toString()) + ", \"tables\": [\n"
                + export.tables().stream().map(ExportManifest::table).collect(Collectors.joining(",\n")) + "\n]}\n";
    }

    private static String table(TenantExport.Table table) {
        return "{\"schema\": " + quoted(table.schema()) + ", \"name\": " + quoted(table.name()) + ", \"file\": "
                + quoted(table.file()) + ", \"rows\": " + table.rows() + ", \"sha256\": " + quoted(table.sha256())
                + ", \"content\": " + quoted(table.content()) + ", \"columns\": ["
                + table.columns().stream().map(ExportManifest::column).collect(Collectors.joining(", ")) + "]}";
    }

    private static String column(TenantExport.Column column) {
        return "{\"name\": " + quoted(column.name()) + ", \"type\": " + quoted(column.type()) + ", \"generated\": "
                + column.generated() + "}";
    }

    /** As RFC 8259, section 7 has it. */
    private static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        for (int place = 0; place < text.length(); place++) {
            char character = text.charAt(place);
            if (character == '"' || character == '\\') {
                quoted.append('\\').append(character);
            } else if (character < ' ') {
                quoted.append(String.format("\\u%04x", (int) character));
            } else {
                quoted.append(character);
            }
        }
        return quoted.append('"').toString();
    }

    /**
     * What a manifest says.
     *
     * @throws SQLException if it is no manifest of this format, or of another tenant
     */
    static TenantExport read(Connection connection, String manifest, TenantId tenant) throws SQLException {
        try {
            return read(connection, manifest, at(connection, manifest, tenant));
        } catch (DateTimeParseException | IllegalArgumentException bad) {
            throw Refusal.of(TenantExport.MANIFEST + " is not the manifest of an export");
        } catch (SQLException failure) {
            if (SqlStates.OBJECT_NOT_IN_STATE.equals(failure.getSQLState())) {
                throw failure;
            }
            throw Refusal.during(TenantExport.MANIFEST + " is not the manifest of an export", failure);
        }
    }

    private static TenantExport read(Connection connection, String manifest, Head head) throws SQLException {
        List<TenantExport.Table> tables = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement(TABLES)) {
            select.setString(1, manifest);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    tables.add(new TenantExport.Table(
                            said(row, "schema"),
                            said(row, "name"),
                            columns(connection, said(row, "columns")),
                            said(row, "file"),
                            row.getLong("rows"),
                            said(row, "sha256"),
                            said(row, "content")));
                }
            }
        }
        return new TenantExport(head.tenant(), head.at(), tables);
    }

    private static Head at(Connection connection, String manifest, TenantId tenant) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(HEAD)) {
            select.setString(1, manifest);
            try (ResultSet row = select.executeQuery()) {
                row.next();
                if (row.getInt("format") != FORMAT) {
                    throw Refusal.of("the export has format " + row.getInt("format") + "; allowed: " + FORMAT);
                }
                if (!tenant.value().equals(row.getString("tenant"))) {
                    throw Refusal.of("the export is not of tenant " + tenant);
                }
                return new Head(tenant, Instant.parse(said(row, "at")));
            }
        }
    }

    private static List<TenantExport.Column> columns(Connection connection, String json) throws SQLException {
        List<TenantExport.Column> columns = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement(COLUMNS)) {
            select.setString(1, json);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    columns.add(
                            new TenantExport.Column(said(row, "name"), said(row, "type"), row.getBoolean("generated")));
                }
            }
        }
        return columns;
    }

    private static String said(ResultSet row, String label) throws SQLException {
        String value = row.getString(label);
        if (value == null) {
            throw new IllegalArgumentException("no " + label);
        }
        return value;
    }

    private record Head(TenantId tenant, Instant at) {}
}
