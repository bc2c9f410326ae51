package dev.tenancy.jdbc.conversion;

/**
 * Queries for keys and indexes that are not as they must be, each with the statements that mend them. What a version of
 * PostgreSQL does not have yet reads as NULL through {@code to_jsonb}.
 */
final class KeySql {

    /** Primary keys, unique and exclusion constraints without the tenant in front; an index may be there for them. */
    private static final String KEY = """
            FROM tab
            JOIN pg_constraint AS c ON c.conrelid = tab.oid AND c.conparentid = 0 AND c.contype IN ('p', 'u', 'x')
            JOIN pg_index AS i ON i.indexrelid = c.conindid
            LEFT JOIN ready ON ready.of = c.oid
            CROSS JOIN LATERAL (
                SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY u.place) FILTER (WHERE u.place <= i.indnkeyatts),
                    string_agg(quote_ident(a.attname), ', ' ORDER BY u.place) FILTER (WHERE u.place > i.indnkeyatts)
                FROM unnest(i.indkey::int2[]) WITH ORDINALITY AS u (n, place)
                JOIN pg_attribute AS a ON a.attrelid = tab.oid AND a.attnum = u.n
                WHERE a.attname <> '$column'
            ) AS col (keyed, included)
            CROSS JOIN LATERAL (SELECT
                CASE c.contype WHEN 'p' THEN 'PRIMARY KEY' ELSE 'UNIQUE' END,
                CASE WHEN to_jsonb(i) ->> 'indnullsnotdistinct' = 'true' THEN ' NULLS NOT DISTINCT' ELSE '' END,
                CASE WHEN to_jsonb(c) ->> 'conperiod' = 'true' THEN ' WITHOUT OVERLAPS' ELSE '' END,
                coalesce(' INCLUDE (' || col.included || ')', ''),
                CASE WHEN c.condeferrable THEN ' DEFERRABLE' ELSE '' END || CASE WHEN c.condeferred THEN ' INITIALLY DEFERRED' ELSE '' END
            ) AS part (kind, nulls, period, included, timing)
            WHERE CASE c.contype WHEN 'x' THEN tab.tenant IS NULL OR tab.tenant <> ALL (c.conkey) ELSE i.indkey[0] IS DISTINCT FROM tab.tenant END
            """;

    static final String KEYS = """
            SELECT step.sql
            FROM (SELECT tab.name, tab.relname, c.oid, c.conname, c.contype, i.indisreplident, i.indisclustered, CASE
                WHEN c.contype = 'x' THEN
                    regexp_replace(pg_get_constraintdef(c.oid), '^EXCLUDE USING (\\S+) \\(', 'EXCLUDE USING \\1 ($column WITH =, ')
                WHEN ready.valid THEN part.kind || ' USING INDEX ' || ready.name || part.timing
                ELSE part.kind || part.nulls || ' ($column, ' || col.keyed || part.period || ')' || part.included || part.timing END AS def
                $key
            ) AS key
            CROSS JOIN LATERAL unnest(ARRAY[
                format('ALTER TABLE %s DROP CONSTRAINT %I, ADD CONSTRAINT %I %s', key.name, key.conname, key.conname, key.def),
                CASE WHEN key.indisreplident THEN format('ALTER TABLE %s REPLICA IDENTITY USING INDEX %I', key.name, key.conname) END,
                CASE WHEN key.indisclustered THEN format('ALTER TABLE %s CLUSTER ON %I', key.name, key.conname) END,
                format('COMMENT ON CONSTRAINT %I ON %s IS ', key.conname, key.name) || quote_literal(obj_description(key.oid, 'pg_constraint'))
            ]) WITH ORDINALITY AS step (sql, place)
            WHERE step.sql IS NOT NULL
            ORDER BY key.relname COLLATE "C", key.contype <> 'p', key.conname COLLATE "C", step.place""".replace("$key", KEY);

    /** Indexes that keys can be made of later. */
    static final String KEYS_AHEAD = """
            SELECT step.sql
            FROM (SELECT tab.schema, tab.relname, c.conname, ready.name AS broken, format('CREATE UNIQUE INDEX CONCURRENTLY tenancy_%s ON %s ($column, %s)%s%s',
                    c.oid, tab.name, col.keyed, part.included, part.nulls) AS sql
                $key AND c.contype <> 'x' AND part.period = '' AND tab.relkind = 'r' AND NOT tab.relispartition AND ready.valid IS DISTINCT FROM true
            ) AS key
            CROSS JOIN LATERAL unnest(ARRAY['DROP INDEX CONCURRENTLY ' || key.schema || '.' || key.broken, key.sql]) WITH ORDINALITY AS step (sql, place)
            WHERE step.sql IS NOT NULL
            ORDER BY key.relname COLLATE "C", key.conname COLLATE "C", step.place""".replace("$key", KEY);

    /** Indexes that are ordered, without the tenant in front. */
    private static final String INDEX = """
            FROM tab
            JOIN pg_index AS i ON i.indrelid = tab.oid
            JOIN pg_class AS ic ON ic.oid = i.indexrelid AND NOT ic.relispartition
            JOIN pg_am AS am ON am.oid = ic.relam AND am.amname IN ('btree', 'brin')
            LEFT JOIN ready ON ready.of = ic.oid
            CROSS JOIN LATERAL (SELECT CASE WHEN i.indisunique THEN 'CREATE UNIQUE INDEX ' ELSE 'CREATE INDEX ' END,
                format(' ON %s USING %I (', tab.name, am.amname)) AS def (begins, place)
            CROSS JOIN LATERAL (SELECT def.place || '$column, ' || substr(pg_get_indexdef(i.indexrelid), 1
                + length(def.begins || quote_ident(ic.relname) || def.place) + CASE tab.relkind WHEN 'p' THEN length('ONLY ') ELSE 0 END)
            ) AS rest (sql)
            WHERE i.indkey[0] IS DISTINCT FROM tab.tenant
                AND NOT EXISTS (SELECT FROM pg_constraint AS c WHERE c.conindid = i.indexrelid AND c.contype IN ('p', 'u', 'x'))
            """;

    static final String INDEXES = """
            SELECT step.sql
            FROM (SELECT tab.schema, tab.name, tab.relname, ic.oid, ic.relname AS index, i.indisreplident, i.indisclustered,
                CASE WHEN ready.valid THEN format('ALTER INDEX %s.%s RENAME TO %I', tab.schema, ready.name, ic.relname)
                    ELSE def.begins || quote_ident(ic.relname) || rest.sql END AS made
                $index
            ) AS key
            CROSS JOIN LATERAL unnest(ARRAY[
                format('DROP INDEX %s.%I', key.schema, key.index),
                key.made,
                CASE WHEN key.indisreplident THEN format('ALTER TABLE %s REPLICA IDENTITY USING INDEX %I', key.name, key.index) END,
                CASE WHEN key.indisclustered THEN format('ALTER TABLE %s CLUSTER ON %I', key.name, key.index) END,
                format('COMMENT ON INDEX %s.%I IS ', key.schema, key.index) || quote_literal(obj_description(key.oid, 'pg_class'))
            ]) WITH ORDINALITY AS step (sql, place)
            WHERE step.sql IS NOT NULL
            ORDER BY key.relname COLLATE "C", key.index COLLATE "C", step.place""".replace("$index", INDEX);

    static final String INDEXES_AHEAD = """
            SELECT step.sql
            FROM (SELECT tab.schema, tab.relname, ic.relname AS index, ready.name AS broken,
                    def.begins || 'CONCURRENTLY tenancy_' || ic.oid || rest.sql AS sql
                $index AND tab.relkind = 'r' AND NOT tab.relispartition AND ready.valid IS DISTINCT FROM true
            ) AS key
            CROSS JOIN LATERAL unnest(ARRAY['DROP INDEX CONCURRENTLY ' || key.schema || '.' || key.broken, key.sql]) WITH ORDINALITY AS step (sql, place)
            WHERE step.sql IS NOT NULL
            ORDER BY key.relname COLLATE "C", key.index COLLATE "C", step.place""".replace("$index", INDEX);

    /** Foreign keys between tables that are converted, without the tenant on both sides. */
    private static final String FOREIGN_KEY = """
            FROM pg_constraint AS c
            JOIN tab AS child ON child.oid = c.conrelid
            JOIN tab AS parent ON parent.oid = c.confrelid
            LEFT JOIN pg_constraint AS made ON made.conrelid = c.conrelid AND made.conname = 'tenancy_' || c.oid
            CROSS JOIN LATERAL (SELECT
                (SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY u.place) FROM unnest(c.conkey) WITH ORDINALITY AS u (n, place)
                    JOIN pg_attribute AS a ON a.attrelid = c.conrelid AND a.attnum = u.n),
                (SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY u.place) FROM unnest(c.confkey) WITH ORDINALITY AS u (n, place)
                    JOIN pg_attribute AS a ON a.attrelid = c.confrelid AND a.attnum = u.n),
                (SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY u.place) FROM jsonb_array_elements_text(
                        CASE jsonb_typeof(to_jsonb(c) -> 'confdelsetcols') WHEN 'array' THEN to_jsonb(c) -> 'confdelsetcols' ELSE '[]' END)
                        WITH ORDINALITY AS u (n, place)
                    JOIN pg_attribute AS a ON a.attrelid = c.conrelid AND a.attnum = u.n::int)
            ) AS col (mine, others, cleared)
            CROSS JOIN LATERAL (SELECT format('FOREIGN KEY ($column, %s) REFERENCES %s ($column, %s)', col.mine, parent.name, col.others)
                || CASE c.confupdtype WHEN 'c' THEN ' ON UPDATE CASCADE' WHEN 'r' THEN ' ON UPDATE RESTRICT' ELSE '' END
                || CASE c.confdeltype WHEN 'c' THEN ' ON DELETE CASCADE' WHEN 'r' THEN ' ON DELETE RESTRICT'
                    WHEN 'n' THEN ' ON DELETE SET NULL (' || coalesce(col.cleared, col.mine) || ')'
                    WHEN 'd' THEN ' ON DELETE SET DEFAULT (' || coalesce(col.cleared, col.mine) || ')' ELSE '' END
                || CASE WHEN c.condeferrable THEN ' DEFERRABLE' ELSE '' END
                || CASE WHEN c.condeferred THEN ' INITIALLY DEFERRED' ELSE '' END
            ) AS def (sql)
            WHERE c.contype = 'f' AND c.conparentid = 0
                AND NOT EXISTS (SELECT FROM unnest(c.conkey, c.confkey) AS u (mine, other)
                    WHERE u.mine = child.tenant AND u.other = parent.tenant)
            """;

    static final String DROP_FOREIGN_KEYS = "SELECT format('ALTER TABLE %s DROP CONSTRAINT %I', child.name, c.conname) "
            + FOREIGN_KEY + " ORDER BY child.relname COLLATE \"C\", c.conname COLLATE \"C\"";

    static final String ADD_FOREIGN_KEYS = """
            SELECT step.sql
            FROM (SELECT child.name, child.relname, c.oid, c.conname, CASE
                WHEN made.convalidated OR NOT c.convalidated THEN 'RENAME CONSTRAINT ' || made.conname || ' TO ' || quote_ident(c.conname)
                ELSE format('ADD CONSTRAINT %I %s', c.conname, def.sql) || CASE WHEN to_jsonb(c) ->> 'conenforced' = 'false' THEN ' NOT ENFORCED'
                    WHEN NOT c.convalidated THEN ' NOT VALID' ELSE '' END END AS action,
                CASE WHEN NOT (made.convalidated OR NOT c.convalidated) THEN 'DROP CONSTRAINT ' || made.conname END AS useless
                $key
            ) AS key
            CROSS JOIN LATERAL unnest(ARRAY[
                'ALTER TABLE ' || key.name || ' ' || key.useless,
                format('ALTER TABLE %s %s', key.name, key.action),
                format('COMMENT ON CONSTRAINT %I ON %s IS ', key.conname, key.name) || quote_literal(obj_description(key.oid, 'pg_constraint'))
            ]) WITH ORDINALITY AS step (sql, place)
            WHERE step.sql IS NOT NULL
            ORDER BY key.relname COLLATE "C", key.conname COLLATE "C", step.place""".replace("$key", FOREIGN_KEY);

    /** Foreign keys that are checked while everybody works. */
    static final String FOREIGN_KEYS_AHEAD = """
            SELECT step.sql
            FROM (SELECT child.name, child.relname, c.oid, c.conname, c.convalidated, made.oid AS made, made.convalidated AS done, def.sql
                $key AND child.relkind = 'r' AND NOT child.relispartition AND parent.relkind = 'r' AND NOT parent.relispartition
                    AND coalesce(to_jsonb(c) ->> 'conenforced', 'true') = 'true'
            ) AS key
            CROSS JOIN LATERAL unnest(ARRAY[
                CASE WHEN key.made IS NULL THEN format('ALTER TABLE %s ADD CONSTRAINT tenancy_%s %s NOT VALID', key.name, key.oid, key.sql) END,
                CASE WHEN key.convalidated AND key.done IS DISTINCT FROM true THEN format('ALTER TABLE %s VALIDATE CONSTRAINT tenancy_%s', key.name, key.oid) END
            ]) WITH ORDINALITY AS step (sql, place)
            WHERE step.sql IS NOT NULL
            ORDER BY key.relname COLLATE "C", key.conname COLLATE "C", step.place""".replace("$key", FOREIGN_KEY);

    private KeySql() {}
}
