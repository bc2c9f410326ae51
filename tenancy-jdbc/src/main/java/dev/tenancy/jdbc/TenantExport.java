package dev.tenancy.jdbc;

import dev.tenancy.TenantId;
import java.time.Instant;
import java.util.List;

/**
 * What an export wrote, as its manifest says. Immutable.
 *
 * @param tenant whose rows
 * @param at the moment of the snapshot, by the clock of the database
 * @param tables the tables, each after those that it refers to; also those without a row
 * @since 0.1
 */
public record TenantExport(TenantId tenant, Instant at, List<Table> tables) {

    /** The name of the manifest, which is written last: an export without it is not complete. */
    public static final String MANIFEST = "manifest.json";

    /** Keeps a copy. */
    public TenantExport {
        tables = List.copyOf(tables);
    }

    /**
     * One table.
     *
     * @param schema its schema
     * @param name its name
     * @param columns its columns, in the order of the table
     * @param file the name of the file with its rows
     * @param rows how many rows it has
     * @param sha256 the SHA-256 of the file, in hexadecimal digits
     * @param content the sum of the SHA-256 of each row's line, modulo 2^256, in hexadecimal digits: two exports with
     *     the same rows have the same, in whatever order
     * @since 0.1
     */
    public record Table(
            String schema, String name, List<Column> columns, String file, long rows, String sha256, String content) {

        /** Keeps a copy. */
        public Table {
            columns = List.copyOf(columns);
        }
    }

    /**
     * One column.
     *
     * @param name its name
     * @param type its type, with modifiers, qualified unless it is of PostgreSQL's own
     * @param generated whether PostgreSQL computes it from others: exported, and not restored
     * @since 0.1
     */
    public record Column(String name, String type, boolean generated) {}
}
