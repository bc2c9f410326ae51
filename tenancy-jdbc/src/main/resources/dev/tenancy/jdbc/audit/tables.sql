-- table-unprotected
-- critical
-- A tenant table has no row-level security.
-- Whoever may read it reads the rows of all tenants.
SELECT 'table ' || ten.name, NULL,
    format('ALTER TABLE %1$s ENABLE ROW LEVEL SECURITY; ALTER TABLE %1$s FORCE ROW LEVEL SECURITY; ', ten.name) || policing.sql
FROM ten JOIN policing USING (oid)
WHERE NOT ten.relrowsecurity AND NOT ten.relispartition AND NOT ten.ischild AND NOT EXISTS (SELECT FROM pg_policy AS p WHERE p.polrelid = ten.oid)

-- table-policies-dormant
-- critical
-- A table has policies, but row-level security is off.
-- The policies do nothing: whoever may read the table reads all rows.
SELECT 'table ' || rel.name, NULL,
    format('ALTER TABLE %1$s ENABLE ROW LEVEL SECURITY; ALTER TABLE %1$s FORCE ROW LEVEL SECURITY;', rel.name)
FROM rel WHERE NOT rel.relrowsecurity AND EXISTS (SELECT FROM pg_policy AS p WHERE p.polrelid = rel.oid)

-- table-not-forced
-- high
-- Row-level security of a table does not hold for its owner.
-- Migrations, jobs and SECURITY DEFINER functions of the owner see the rows of all tenants.
SELECT 'table ' || rel.name, 'owner ' || quote_ident(pg_get_userbyid(rel.relowner)), format('ALTER TABLE %s FORCE ROW LEVEL SECURITY;', rel.name)
FROM rel WHERE rel.relrowsecurity AND NOT rel.relforcerowsecurity AND (rel.tenant IS NOT NULL OR rel.granted)

-- table-without-policy
-- low
-- A table has row-level security and no policy.
-- Nobody sees a row: what works is closed by accident, and the accident ends with the first policy.
SELECT 'table ' || ten.name, NULL, policing.sql
FROM ten JOIN policing USING (oid) WHERE ten.relrowsecurity AND ten.granted AND NOT EXISTS (SELECT FROM pg_policy AS p WHERE p.polrelid = ten.oid)

-- table-without-permissive-policy
-- low
-- A table has RESTRICTIVE policies only.
-- Nobody sees a row; with the first permissive policy, what is seen depends on the others alone.
SELECT 'table ' || ten.name, NULL, policing.sql
FROM ten JOIN policing USING (oid)
WHERE ten.relrowsecurity AND EXISTS (SELECT FROM pg_policy AS p WHERE p.polrelid = ten.oid)
    AND NOT EXISTS (SELECT FROM pg_policy AS p WHERE p.polrelid = ten.oid AND p.polpermissive)

-- table-without-tenant
-- critical
-- The application may write a table that has no tenant column.
-- What one tenant writes there, all others read and change. A table that is meant to be shared belongs on the allow-list.
SELECT 'table ' || rel.name, NULL,
    format('ALTER TABLE %1$s ADD COLUMN %2$I text; ALTER TABLE %1$s ALTER COLUMN %2$I SET DEFAULT %3$s; ALTER TABLE %1$s ALTER COLUMN %2$I SET NOT NULL;'
        ' CREATE INDEX ON %1$s (%2$I); ALTER TABLE %1$s ENABLE ROW LEVEL SECURITY; ALTER TABLE %1$s FORCE ROW LEVEL SECURITY; ', rel.name, {column}, bound.value)
        || policing.sql
FROM app, rel JOIN bound USING (oid) JOIN policing USING (oid)
WHERE rel.tenant IS NULL AND has_table_privilege(app.oid, rel.oid, 'INSERT, UPDATE, DELETE, TRUNCATE') AND NOT rel.relispartition

-- table-shared
-- medium
-- The application may read a table that has no tenant column.
-- What is in it, every tenant's SQL can read. A table that is meant to be shared belongs on the allow-list.
SELECT 'table ' || rel.name, NULL,
    (SELECT string_agg(format('REVOKE ALL ON %s FROM %s;', rel.name, g.name), ' ') FROM grantee AS g WHERE g.oid <> rel.relowner
        AND (g.oid IN (SELECT a.grantee FROM aclexplode(rel.acl) AS a) OR EXISTS (SELECT FROM pg_attribute AS c, aclexplode(c.attacl) AS a
            WHERE c.attrelid = rel.oid AND a.grantee = g.oid)))
FROM app, rel
WHERE rel.relkind IN ('r', 'p') AND rel.tenant IS NULL AND rel.granted AND NOT rel.relispartition
    AND NOT has_table_privilege(app.oid, rel.oid, 'INSERT, UPDATE, DELETE, TRUNCATE')

-- table-tenant-nullable
-- high
-- The tenant column of a table can be NULL.
-- A row without a tenant belongs to nobody: no policy of a tenant shows it, and every policy that looks at IS NULL does.
SELECT 'table ' || ten.name, NULL, format('ALTER TABLE %s ALTER COLUMN %I SET NOT NULL;', ten.name, {column})
FROM ten WHERE NOT ten.attnotnull

-- table-tenant-not-validated
-- medium
-- The tenant column is NOT NULL for new rows only (NOT VALID).
-- Older rows without a tenant belong to nobody. There is this since PostgreSQL 18.
-- since 18
SELECT 'table ' || ten.name, quote_ident(c.conname), format('ALTER TABLE %s VALIDATE CONSTRAINT %I;', ten.name, c.conname)
FROM ten JOIN pg_constraint AS c ON c.conrelid = ten.oid AND c.contype = 'n' AND c.conkey = ARRAY[ten.tenant] AND NOT c.convalidated

-- table-tenant-default
-- medium
-- The tenant column's default is not the bound tenant.
-- An INSERT that does not name the column fails; with another default it is a row of somebody else, where no policy checks it.
SELECT 'table ' || ten.name, pg_get_expr(d.adbin, d.adrelid), format('ALTER TABLE %s ALTER COLUMN %I SET DEFAULT %s;', ten.name, {column}, ten.bound)
FROM ten LEFT JOIN pg_attrdef AS d ON d.adrelid = ten.oid AND d.adnum = ten.tenant, seal
WHERE NOT ten.relispartition AND NOT ten.ischild AND (d.oid IS NULL OR strpos(pg_get_expr(d.adbin, d.adrelid),
    CASE WHEN seal.present THEN 'tenancy.current_tenant()' ELSE 'current_setting(' || quote_literal({setting}) END) = 0)

-- table-tenant-type
-- high
-- The tenant column takes different texts for the same tenant.
-- A case-insensitive or blank-padded type, or a collation that is not deterministic, shows A the rows of a.
SELECT 'table ' || ten.name, format_type(ten.atttypid, NULL),
    (SELECT coalesce(string_agg(format('DROP POLICY %I ON %s;', p.polname, ten.name), ' '), '') || ' ' FROM pg_policy AS p WHERE p.polrelid = ten.oid)
        || format('ALTER TABLE %1$s ALTER COLUMN %2$I TYPE text COLLATE "default"; ALTER TABLE %1$s ALTER COLUMN %2$I SET DEFAULT %3$s; ', ten.name, {column},
            CASE WHEN seal.present THEN 'tenancy.current_tenant()' ELSE 'nullif(pg_catalog.current_setting(' || quote_literal({setting}) || ', true), '''')' END)
        || regexp_replace(policing.sql, '::[a-z]+', '', 'g')
FROM seal, ten JOIN policing USING (oid) JOIN pg_type AS t ON t.oid = ten.atttypid LEFT JOIN pg_collation AS c ON c.oid = ten.attcollation
WHERE t.typname IN ('citext', 'bpchar', 'char', 'name') OR t.typtype = 'd' OR NOT coalesce(c.collisdeterministic, true)

-- table-tenant-unindexed
-- low
-- No index of a tenant table leads with the tenant column.
-- Each statement of each tenant reads the rows of all: slow, and the time tells how many there are.
SELECT 'table ' || ten.name, NULL, format('CREATE INDEX ON %s (%I);', ten.name, {column})
FROM ten WHERE NOT ten.relispartition AND NOT ten.ischild AND NOT EXISTS (SELECT FROM pg_index AS i
    WHERE i.indrelid = ten.oid AND i.indkey[0] = ten.tenant AND i.indpred IS NULL AND (i.indisvalid OR ten.relkind = 'p'))

-- table-grant-public
-- medium
-- Everybody has rights on a tenant table, or on a view.
-- Every role of the server that may connect has them too.
SELECT CASE WHEN rel.relkind IN ('v', 'm') THEN 'view ' ELSE 'table ' END || rel.name, string_agg(a.privilege_type, ', ' ORDER BY a.privilege_type),
    format('REVOKE ALL ON %s FROM PUBLIC;', rel.name)
FROM rel, LATERAL aclexplode(rel.acl) AS a
WHERE a.grantee = 0 AND (rel.tenant IS NOT NULL OR rel.relkind IN ('v', 'm')) AND rel.relkind <> 'S' GROUP BY rel.oid, rel.name, rel.relkind

-- table-grant-truncate
-- critical
-- The application's role may TRUNCATE a table.
-- No policy applies to TRUNCATE: one statement deletes the rows of all tenants.
SELECT 'table ' || rel.name, 'granted to ' || g.name, format('REVOKE TRUNCATE ON %s FROM %s;', rel.name, g.name)
FROM rel, LATERAL aclexplode(rel.acl) AS a JOIN grantee AS g ON g.oid = a.grantee
WHERE a.privilege_type = 'TRUNCATE' AND a.grantee <> rel.relowner AND rel.relkind IN ('r', 'p', 'f')

-- table-grant-trigger
-- critical
-- The application's role may create triggers on a table.
-- A trigger of one tenant's runs in the sessions of all others and sees their rows.
SELECT 'table ' || rel.name, 'granted to ' || g.name, format('REVOKE TRIGGER ON %s FROM %s;', rel.name, g.name)
FROM rel, LATERAL aclexplode(rel.acl) AS a JOIN grantee AS g ON g.oid = a.grantee
WHERE a.privilege_type = 'TRIGGER' AND a.grantee <> rel.relowner AND rel.relkind IN ('r', 'p', 'f', 'v')

-- table-grant-references
-- high
-- The application's role may make foreign keys to a table.
-- Foreign keys are checked without policies: they tell which rows there are, and keep others from deleting theirs.
SELECT 'table ' || rel.name, 'granted to ' || g.name, format('REVOKE REFERENCES ON %s FROM %s;', rel.name, g.name)
FROM rel, LATERAL aclexplode(rel.acl) AS a JOIN grantee AS g ON g.oid = a.grantee
WHERE a.privilege_type = 'REFERENCES' AND a.grantee <> rel.relowner AND rel.relkind IN ('r', 'p', 'f')
UNION ALL
SELECT 'table ' || rel.name, 'columns granted to ' || g.name,
    format('REVOKE REFERENCES (%s) ON %s FROM %s;', string_agg(quote_ident(c.attname), ', '), rel.name, g.name)
FROM rel JOIN pg_attribute AS c ON c.attrelid = rel.oid, LATERAL aclexplode(c.attacl) AS a JOIN grantee AS g ON g.oid = a.grantee
WHERE a.privilege_type = 'REFERENCES' AND a.grantee <> rel.relowner GROUP BY rel.name, g.name

-- table-grant-maintain
-- medium
-- The application's role may MAINTAIN a table.
-- It can lock it, rewrite it, and refresh a materialized view. There is this right since PostgreSQL 17.
-- since 17
SELECT 'table ' || rel.name, 'granted to ' || g.name, format('REVOKE MAINTAIN ON %s FROM %s;', rel.name, g.name)
FROM rel, LATERAL aclexplode(rel.acl) AS a JOIN grantee AS g ON g.oid = a.grantee
WHERE a.privilege_type = 'MAINTAIN' AND a.grantee <> rel.relowner AND rel.relkind IN ('r', 'p', 'f', 'm')

-- table-tenant-updatable
-- low
-- The application may write the tenant column by a right on that column alone.
-- A right on single columns is meant to keep some out of reach, and the tenant is the first of them.
SELECT 'table ' || ten.name, a.privilege_type || ' to ' || g.name, format('REVOKE %s (%I) ON %s FROM %s;', a.privilege_type, {column}, ten.name, g.name)
FROM ten JOIN pg_attribute AS c ON c.attrelid = ten.oid AND c.attnum = ten.tenant, LATERAL aclexplode(c.attacl) AS a JOIN grantee AS g ON g.oid = a.grantee
WHERE a.privilege_type IN ('INSERT', 'UPDATE') AND a.grantee <> ten.relowner

-- partition-reachable
-- critical
-- The application has rights on a partition, or child, of a tenant table that has no row-level security of its own.
-- The policies of the parent hold only for what goes through the parent.
SELECT 'table ' || ten.name, 'of ' || child.parent || ', granted to ' || g.name, format('REVOKE ALL ON %s FROM %s;', ten.name, g.name)
FROM ten JOIN child USING (oid), LATERAL (SELECT DISTINCT a.grantee FROM aclexplode(ten.acl) AS a) AS a JOIN grantee AS g ON g.oid = a.grantee
WHERE NOT ten.relrowsecurity AND a.grantee <> ten.relowner

-- partition-unprotected
-- medium
-- A partition, or child, of a tenant table has no row-level security of its own.
-- The first right on it opens it: the policies of the parent hold only for what goes through the parent.
SELECT 'table ' || ten.name, 'of ' || child.parent,
    format('ALTER TABLE %1$s ENABLE ROW LEVEL SECURITY; ALTER TABLE %1$s FORCE ROW LEVEL SECURITY; ', ten.name) || policing.sql
FROM ten JOIN child USING (oid) JOIN policing USING (oid)
WHERE NOT ten.relrowsecurity AND NOT EXISTS (SELECT FROM aclexplode(ten.acl) AS a JOIN grantee AS g ON g.oid = a.grantee WHERE a.grantee <> ten.relowner)

-- table-foreign
-- high
-- The application may read a foreign table.
-- A foreign table has no policies: whatever is behind it, every tenant's SQL reads all of it.
SELECT 'table ' || rel.name, 'granted to ' || g.name, format('REVOKE ALL ON %s FROM %s;', rel.name, g.name)
FROM rel, LATERAL (SELECT DISTINCT a.grantee FROM aclexplode(rel.acl) AS a) AS a JOIN grantee AS g ON g.oid = a.grantee
WHERE rel.relkind = 'f' AND a.grantee <> rel.relowner

-- table-rule
-- medium
-- A rewrite rule is on a table that the application reaches.
-- What it does instead or besides, it does with the rights of the table's owner.
SELECT 'rule ' || quote_ident(r.rulename) || ' on ' || c.oid::regclass, NULL, format('DROP RULE %I ON %s;', r.rulename, c.oid::regclass)
FROM reached JOIN pg_class AS c USING (oid) JOIN pg_rewrite AS r ON r.ev_class = c.oid WHERE c.relkind IN ('r', 'p', 'f')

-- table-trigger-copies
-- low
-- A trigger hands the rows that a statement changed to a function (transition tables), or fires for TRUNCATE.
-- What it does with the rows, policies do not limit; look at the function. No SQL can tell what is meant.
SELECT 'trigger ' || quote_ident(t.tgname) || ' on ' || ten.name, 'runs ' || t.tgfoid::regprocedure, NULL::text
FROM ten JOIN pg_trigger AS t ON t.tgrelid = ten.oid AND NOT t.tgisinternal
WHERE t.tgnewtable IS NOT NULL OR t.tgoldtable IS NOT NULL OR t.tgtype & 32 <> 0

-- table-keys-not-checked
-- high
-- Triggers that hold the foreign keys of a tenant table are switched off.
-- A row can then belong to another tenant's parent, or to none.
SELECT DISTINCT 'table ' || ten.name, NULL, format('ALTER TABLE %s ENABLE TRIGGER ALL;', ten.name)
FROM ten JOIN pg_trigger AS t ON t.tgrelid = ten.oid WHERE t.tgisinternal AND t.tgenabled IN ('D', 'R')

-- sequence-settable
-- medium
-- The application may set a sequence.
-- With setval one tenant makes the keys of all others collide.
SELECT 'sequence ' || rel.name, 'UPDATE to ' || g.name, format('REVOKE UPDATE ON SEQUENCE %s FROM %s;', rel.name, g.name)
FROM rel, LATERAL aclexplode(rel.acl) AS a JOIN grantee AS g ON g.oid = a.grantee
WHERE rel.relkind = 'S' AND a.privilege_type = 'UPDATE' AND a.grantee <> rel.relowner

-- sequence-readable
-- low
-- The application may read where a sequence is.
-- Two looks tell how much all other tenants have made; USAGE is enough to get a number.
SELECT 'sequence ' || rel.name, 'SELECT to ' || g.name, format('REVOKE SELECT ON SEQUENCE %s FROM %s;', rel.name, g.name)
FROM rel, LATERAL aclexplode(rel.acl) AS a JOIN grantee AS g ON g.oid = a.grantee
WHERE rel.relkind = 'S' AND a.privilege_type = 'SELECT' AND a.grantee <> rel.relowner
