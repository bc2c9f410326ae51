package dev.tenancy.jdbc.conversion;

import dev.tenancy.jdbc.RowLevelSecurity;
import dev.tenancy.jdbc.TenantColumn;
import dev.tenancy.jdbc.internal.Sql;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What is to be made of a schema.
 *
 * @param sources by table, the column that has the tenant's id
 */
record ConversionSettings(
        String schema,
        Set<String> shared,
        Map<String, String> sources,
        Set<String> readable,
        List<String> roles,
        TenantColumn column,
        boolean sealed,
        Optional<String> formerOwner) {

    /** What one table must be, beside its keys. */
    RowLevelSecurity rowLevelSecurity(String table) {
        RowLevelSecurity.Builder builder = RowLevelSecurity.table(schema, table).tenantColumn(column);
        if (sealed) {
            builder.sealed();
        }
        if (readable.contains(table)) {
            builder.readable();
        }
        roles.forEach(builder::grantTo);
        return builder.build();
    }

    String sqlName(String table) {
        return Sql.quoted(schema) + "." + Sql.quoted(table);
    }

    /**
     * A query about the tables that are converted, called {@code tab}, and about the indexes that are made ahead for a
     * key or another index, called {@code ready}.
     */
    String query(String select) {
        String names = shared.stream().map(Sql::literal).collect(Collectors.joining(", ", "ARRAY[", "]::name[]"));
        return """
                WITH every AS MATERIALIZED (
                    SELECT c.oid, quote_ident(n.nspname) AS schema, format('%I.%I', n.nspname, c.relname) AS name, c.relname, c.relkind, c.relispartition,
                        c.relforcerowsecurity, a.attnum AS tenant
                    FROM pg_class AS c
                    JOIN pg_namespace AS n ON n.oid = c.relnamespace
                    LEFT JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attname = '$column' AND NOT a.attisdropped
                    WHERE n.nspname = $schema AND c.relkind IN ('r', 'p')
                ), tab AS MATERIALIZED (
                    SELECT * FROM every
                    WHERE relname <> ALL ($shared) AND NOT EXISTS (SELECT FROM pg_depend AS d
                        WHERE d.classid = 'pg_class'::regclass AND d.objid = every.oid
                            AND d.refclassid = 'pg_extension'::regclass AND d.deptype = 'e')
                ), ready AS MATERIALIZED (
                    SELECT substr(c.relname, 9)::oid AS of, quote_ident(c.relname) AS name, i.indisvalid AS valid
                    FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace JOIN pg_index AS i ON i.indexrelid = c.oid
                    WHERE n.nspname = $schema AND c.relname ~ '^tenancy_[1-9][0-9]{0,9}$'
                )
                """.replace("$column", RowLevelSecurity.TENANT_COLUMN)
                        .replace("$schema", Sql.literal(schema))
                        .replace("$shared", names)
                + select.replace("$column", RowLevelSecurity.TENANT_COLUMN);
    }
}
