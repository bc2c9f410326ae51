-- common
, fkey AS MATERIALIZED (
    SELECT quote_ident(c.conname) AS name, child.name AS child, parent.name AS parent, c.confdeltype, c.confupdtype, pg_get_constraintdef(c.oid) AS definition,
        EXISTS (SELECT FROM generate_subscripts(c.conkey, 1) AS n WHERE c.conkey[n] = child.tenant AND c.confkey[n] = parent.tenant) AS paired,
        format('ALTER TABLE %s DROP CONSTRAINT %I; ', child.name, c.conname)
        || CASE WHEN EXISTS (SELECT FROM pg_index AS i WHERE i.indrelid = parent.oid AND i.indisunique AND i.indpred IS NULL AND i.indexprs IS NULL
                AND ARRAY(SELECT i.indkey[n] FROM generate_series(0, i.indnkeyatts - 1) AS n ORDER BY 1)
                    = ARRAY(SELECT k FROM unnest(c.confkey || parent.tenant) AS k ORDER BY 1))
            THEN '' ELSE format('ALTER TABLE %s ADD UNIQUE (%I, %s); ', parent.name, {column}, cols.parents) END
        || format('ALTER TABLE %s ADD CONSTRAINT %I FOREIGN KEY (%I, %s) REFERENCES %s (%I, %s)', child.name, c.conname, {column}, cols.children,
            parent.name, {column}, cols.parents)
        || CASE c.confdeltype WHEN 'c' THEN ' ON DELETE CASCADE' WHEN 'r' THEN ' ON DELETE RESTRICT' ELSE '' END
        || CASE WHEN c.condeferrable THEN ' DEFERRABLE' ELSE '' END || CASE WHEN c.condeferred THEN ' INITIALLY DEFERRED;' ELSE ';' END AS mend
    FROM pg_constraint AS c JOIN ten AS child ON child.oid = c.conrelid JOIN ten AS parent ON parent.oid = c.confrelid,
        LATERAL (SELECT string_agg(quote_ident(k.attname), ', ' ORDER BY n), string_agg(quote_ident(r.attname), ', ' ORDER BY n)
            FROM generate_subscripts(c.conkey, 1) AS n JOIN pg_attribute AS k ON k.attrelid = c.conrelid AND k.attnum = c.conkey[n]
                JOIN pg_attribute AS r ON r.attrelid = c.confrelid AND r.attnum = c.confkey[n]) AS cols (children, parents)
    WHERE c.contype = 'f' AND c.conparentid = 0
), idx AS MATERIALIZED (
    SELECT i.indexrelid AS oid, i.indrelid, i.indexrelid::regclass::text AS name, ten.name AS tab, m.amname, i.indisunique, i.indisexclusion, i.indkey, i.indclass,
        i.indkey[0] = ten.tenant AS leads, c.oid IS NOT NULL AS constrained,
        EXISTS (SELECT FROM generate_series(0, i.indnkeyatts - 1) AS n WHERE i.indkey[n] = ten.tenant) AS holds,
        CASE WHEN c.oid IS NOT NULL THEN format('ALTER TABLE %1$s DROP CONSTRAINT %2$I; ALTER TABLE %1$s ADD CONSTRAINT %2$I %3$s (%4$s)%5$s;', ten.name, c.conname,
                CASE c.contype WHEN 'p' THEN 'PRIMARY KEY' ELSE 'UNIQUE' END, parts.names, CASE WHEN c.condeferrable THEN ' DEFERRABLE' ELSE '' END)
            ELSE format('DROP INDEX %s; CREATE %sINDEX ON %s USING %I (%s)%s;', i.indexrelid::regclass, CASE WHEN i.indisunique THEN 'UNIQUE ' ELSE '' END,
                ten.name, m.amname, parts.names, ' WHERE ' || pg_get_expr(i.indpred, i.indrelid)) END AS mend
    FROM pg_index AS i JOIN ten ON ten.oid = i.indrelid JOIN pg_class AS x ON x.oid = i.indexrelid JOIN pg_am AS m ON m.oid = x.relam
        LEFT JOIN pg_constraint AS c ON c.conindid = i.indexrelid AND c.conrelid = i.indrelid AND c.contype IN ('p', 'u'),
        LATERAL (SELECT concat_ws(', ', quote_ident({column}), string_agg(pg_get_indexdef(i.indexrelid, n + 1, true), ', ' ORDER BY n))
            FROM generate_series(0, i.indnkeyatts - 1) AS n WHERE i.indkey[n] <> ten.tenant) AS parts (names)
    WHERE NOT x.relispartition
)

-- key-without-tenant
-- high
-- A foreign key between tenant tables does not have the tenant in it.
-- A row can belong to another tenant's, and the error of the key tells which rows others have.
SELECT 'constraint ' || f.name || ' on ' || f.child, 'references ' || f.parent, f.mend FROM fkey AS f
WHERE NOT f.paired AND f.confdeltype NOT IN ('c', 'n', 'd') AND f.confupdtype NOT IN ('c', 'n', 'd')

-- key-cascades
-- critical
-- A foreign key without the tenant in it deletes or changes rows with the row that they reference.
-- What one tenant deletes takes rows of others with it, and no policy is asked.
SELECT 'constraint ' || f.name || ' on ' || f.child, 'references ' || f.parent, f.mend FROM fkey AS f
WHERE NOT f.paired AND (f.confdeltype IN ('c', 'n', 'd') OR f.confupdtype IN ('c', 'n', 'd'))

-- key-from-shared
-- high
-- A table without a tenant column references a tenant table.
-- Who may write it learns from the key which rows others have, and keeps them from deleting theirs.
SELECT 'constraint ' || quote_ident(c.conname) || ' on ' || rel.name, 'references ' || ten.name, format('ALTER TABLE %s DROP CONSTRAINT %I;', rel.name, c.conname)
FROM pg_constraint AS c JOIN ten ON ten.oid = c.confrelid JOIN rel ON rel.oid = c.conrelid
WHERE c.contype = 'f' AND c.conparentid = 0 AND rel.tenant IS NULL AND rel.granted

-- key-cascades-from-shared
-- high
-- Rows of tenants are deleted or changed with rows of a table that has no tenant, and that the application may write.
-- One tenant that deletes such a row deletes the rows of all.
SELECT 'constraint ' || quote_ident(c.conname) || ' on ' || ten.name, 'references ' || rel.name,
    format('ALTER TABLE %1$s DROP CONSTRAINT %2$I; ALTER TABLE %1$s ADD CONSTRAINT %2$I %3$s;', ten.name, c.conname,
        regexp_replace(pg_get_constraintdef(c.oid), ' ON (DELETE|UPDATE) (CASCADE|SET NULL( \([^)]*\))?|SET DEFAULT( \([^)]*\))?)', '', 'g'))
FROM app, pg_constraint AS c JOIN ten ON ten.oid = c.conrelid JOIN rel ON rel.oid = c.confrelid
WHERE c.contype = 'f' AND c.conparentid = 0 AND rel.tenant IS NULL AND (c.confdeltype IN ('c', 'n', 'd') OR c.confupdtype IN ('c', 'n', 'd'))
    AND has_table_privilege(app.oid, rel.oid, 'UPDATE, DELETE')

-- key-not-validated
-- medium
-- A foreign key of a tenant table was never checked for the rows that were there before.
-- Among them may be rows that belong to another tenant's.
SELECT 'constraint ' || quote_ident(c.conname) || ' on ' || ten.name, NULL, format('ALTER TABLE %s VALIDATE CONSTRAINT %I;', ten.name, c.conname)
FROM pg_constraint AS c JOIN ten ON ten.oid = c.conrelid WHERE c.contype = 'f' AND NOT c.convalidated{and_enforced}

-- key-not-enforced
-- high
-- A foreign key of a tenant table is NOT ENFORCED.
-- A row can belong to another tenant's, or to none. There is this since PostgreSQL 18.
-- since 18
SELECT 'constraint ' || quote_ident(c.conname) || ' on ' || ten.name, NULL, format('ALTER TABLE %s ALTER CONSTRAINT %I ENFORCED;', ten.name, c.conname)
FROM pg_constraint AS c JOIN ten ON ten.oid = c.conrelid WHERE c.contype = 'f' AND NOT c.conenforced

-- key-clears-tenant
-- medium
-- A foreign key sets the tenant column to NULL or to its default when the row that it references is deleted.
-- The delete fails, or leaves a row of whoever deleted.
SELECT 'constraint ' || f.name || ' on ' || f.child, 'references ' || f.parent,
    format('ALTER TABLE %1$s DROP CONSTRAINT %2$s; ALTER TABLE %1$s ADD CONSTRAINT %2$s %3$s;', f.child, f.name,
        regexp_replace(f.definition, ' ON (DELETE|UPDATE) SET (NULL|DEFAULT)', '', 'g'))
FROM fkey AS f
WHERE f.paired AND (f.confupdtype IN ('n', 'd') OR f.confdeltype IN ('n', 'd') AND f.definition !~ ' SET (NULL|DEFAULT) \(')

-- unique-without-tenant
-- high
-- A primary key, unique constraint or unique index of a tenant table does not have the tenant column in it.
-- The error of a duplicate tells that another tenant has the value, and two tenants cannot have the same.
SELECT 'index ' || i.name, 'of ' || i.tab, i.mend FROM idx AS i WHERE i.indisunique AND NOT i.holds

-- unique-not-leading
-- medium
-- A primary key, unique constraint or unique index of a tenant table does not begin with the tenant column.
-- EXPLAIN ANALYZE counts the rows of others that a search in it passes, and by that tells their values.
SELECT 'index ' || i.name, 'of ' || i.tab, i.mend FROM idx AS i WHERE i.indisunique AND i.holds AND NOT i.leads

-- exclusion-without-tenant
-- high
-- An exclusion constraint of a tenant table does not have the tenant column in it.
-- The error of a conflict tells what another tenant has. No SQL mends this here, as the operator for the tenant has to be chosen: add (tenant WITH =).
SELECT 'constraint ' || quote_ident(c.conname) || ' on ' || ten.name, NULL, NULL::text
FROM pg_constraint AS c JOIN ten ON ten.oid = c.conrelid WHERE c.contype = 'x' AND NOT ten.tenant = ANY (c.conkey)

-- index-not-leading
-- medium
-- An index of a tenant table does not begin with the tenant column.
-- EXPLAIN ANALYZE counts the rows of others that a search in it passes, and by that tells their values, letter by letter.
SELECT 'index ' || i.name, 'of ' || i.tab, i.mend FROM idx AS i WHERE NOT i.indisunique AND NOT i.leads AND i.amname IN ('btree', 'brin')

-- index-cannot-lead
-- low
-- An index of a tenant table is of a kind that is not ordered by the tenant (hash, GIN, GiST).
-- EXPLAIN ANALYZE counts the rows of others that a search in it passes. Operators that are not leakproof cannot use it under a policy at all.
SELECT 'index ' || i.name, 'of ' || i.tab, format('DROP INDEX %s;', i.name) FROM idx AS i
WHERE NOT i.indisunique AND NOT i.indisexclusion AND i.amname NOT IN ('btree', 'brin') AND NOT i.holds

-- index-not-leakproof
-- low
-- A column behind the tenant in an index has an operator that is not leakproof.
-- Under a policy the index finds the tenant's rows, and each of them is looked at. No SQL mends this: choose another type for the column where it is slow.
SELECT 'index ' || i.name, 'column ' || string_agg(DISTINCT quote_ident(a.attname) || ' ' || format_type(a.atttypid, NULL), ', '), NULL::text
FROM idx AS i CROSS JOIN LATERAL unnest(i.indclass::oid[]) WITH ORDINALITY AS k (class, n) JOIN pg_opclass AS o ON o.oid = k.class
    JOIN pg_amop AS m ON m.amopfamily = o.opcfamily AND m.amoplefttype = o.opcintype AND m.amoprighttype = o.opcintype AND m.amopstrategy = 3
    JOIN pg_operator AS q ON q.oid = m.amopopr JOIN pg_proc AS p ON p.oid = q.oprcode
    JOIN pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[k.n - 1]
WHERE i.amname = 'btree' AND NOT i.indisunique AND NOT p.proleakproof GROUP BY i.name

-- index-expression-function
-- medium
-- An index of a tenant table, or a generated column, calls a function that is not PostgreSQL's own.
-- It runs on the rows of all tenants when the index is made, with the rights of whoever does that.
SELECT DISTINCT 'index ' || i.name, 'calls ' || p.oid::regprocedure, format('DROP INDEX %s;', i.name)
FROM idx AS i JOIN pg_depend AS d ON d.classid = 'pg_class'::regclass AND d.objid = i.oid AND d.refclassid = 'pg_proc'::regclass
    JOIN pg_proc AS p ON p.oid = d.refobjid
WHERE p.oid >= 16384 AND NOT i.constrained
