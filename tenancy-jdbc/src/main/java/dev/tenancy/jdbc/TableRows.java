package dev.tenancy.jdbc;

import dev.tenancy.jdbc.internal.Sql;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Collectors;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyOut;

/**
 * Reads a tenant's rows of a table, each as a line of JSON: an object with the text that PostgreSQL prints of each
 * column, or null. That text is what it reads again as the same value, of every type; JSON's own numbers, dates and
 * arrays are not (a NaN, the bounds of an array, the spelling of a {@code json}).
 */
final class TableRows {
    private TableRows() {}

    /**
     * Writes the rows to {@code out}. They are copied as the server sends them, one at a time: no more than one is in
     * memory.
     */
    static LineDigest copy(Connection connection, TenantTable table, OutputStream out)
            throws SQLException, IOException {
        try {
            return TenantTransactions.withoutSearchPath(connection, qualified -> rows(qualified, table, out));
        } catch (UncheckedIOException failure) {
            throw failure.getCause();
        } catch (SQLException failure) {
            throw Refusal.during("the rows of table " + table.sql() + " cannot be read", failure);
        }
    }

    private static LineDigest rows(Connection connection, TenantTable table, OutputStream out) throws SQLException {
        LineDigest digest = new LineDigest();
        CopyOut copy = connection.unwrap(PGConnection.class).getCopyAPI().copyOut(sql(table));
        try {
            for (byte[] line = copy.readFromCopy(); line != null; line = copy.readFromCopy()) {
                out.write(line);
                digest.add(line);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } finally {
            if (copy.isActive()) {
                copy.cancelCopy();
            }
        }
        return digest;
    }

    /**
     * JSON has no control character, so that with these two nothing is quoted: each row is copied as it is. The test
     * for NULL is one that is not true of a composite value whose fields are all NULL.
     */
    private static String sql(TenantTable table) {
        List<String> names =
                table.columns().stream().map(TenantTable.Column::name).toList();
        String keys = names.stream().map(Sql::literal).collect(Collectors.joining(", "));
        String values = names.stream()
                .map(name -> "t." + Sql.quoted(name))
                .map(value ->
                        "CASE WHEN " + value + " IS DISTINCT FROM NULL THEN pg_catalog.format('%s', " + value + ") END")
                .collect(Collectors.joining(", "));
        return "COPY (SELECT pg_catalog.json_object(ARRAY[" + keys + "]::pg_catalog.text[], ARRAY[" + values
                + "]::pg_catalog.text[]) FROM " + table.asT() + " WHERE " + table.ofTenant()
                + ") TO STDOUT (FORMAT csv, DELIMITER E'\\x02', QUOTE E'\\x01', ENCODING 'UTF8')";
    }
}
