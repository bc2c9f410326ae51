package dev.tenancy.jdbc;

import dev.tenancy.jdbc.internal.Sql;
import java.util.List;

/**
 * A table in which the tenant may have rows.
 *
 * @param oid its number, of the root if it is partitioned
 * @param schema its schema
 * @param name its name
 * @param kind what {@code pg_class.relkind} says
 * @param ofTenant the condition that a row, called {@code t}, is the tenant's
 * @param owned whether all of it is the tenant's, since its schema is
 * @param rowSecurity whether policies apply to the current role
 * @param rights what the current role may do
 * @param columns its columns
 */
record TenantTable(
        long oid,
        String schema,
        String name,
        Kind kind,
        String ofTenant,
        boolean owned,
        boolean rowSecurity,
        Rights rights,
        List<Column> columns) {

    /** How a table keeps its rows. */
    enum Kind {
        /** In itself; what inherits from it is a table of its own. */
        ORDINARY,
        /** In its partitions. */
        PARTITIONED,
        /** As a copy of what a query found. */
        MATERIALIZED,
        /** The same, and the query has not run. */
        EMPTY,
        /** In another server. */
        FOREIGN;

        boolean isStored() {
            return this == ORDINARY || this == PARTITIONED;
        }
    }

    /**
     * What the current role may do.
     *
     * @param select whether it may read rows, and use the schema
     * @param delete whether it may delete rows
     */
    record Rights(boolean select, boolean delete) {}

    /**
     * A column.
     *
     * @param column its name, its type and whether it is computed
     * @param nullable whether it may be set to NULL by the current role
     */
    record Column(TenantExport.Column column, boolean nullable) {
        String name() {
            return column.name();
        }
    }

    /** Its name in SQL. */
    String sql() {
        return Sql.quoted(schema) + "." + Sql.quoted(name);
    }

    /** The table as the source or target {@code t} of a statement: its own rows, once. */
    String asT() {
        return as("t");
    }

    String as(String alias) {
        return (kind == Kind.ORDINARY ? "ONLY " : "") + sql() + " AS " + alias;
    }

    boolean mayBeNulled(String columnName) {
        return columns.stream()
                .anyMatch(column -> column.nullable() && column.name().equals(columnName));
    }

    List<TenantExport.Column> exported() {
        return columns.stream().map(Column::column).toList();
    }
}
