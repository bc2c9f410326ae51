-- common
, shown (oid) AS (
    SELECT rel.oid FROM rel WHERE rel.relkind = 'v' AND rel.granted
    UNION
    SELECT c.oid FROM shown JOIN pg_rewrite AS w ON w.ev_class = shown.oid
        JOIN pg_depend AS d ON d.classid = 'pg_rewrite'::regclass AND d.objid = w.oid AND d.refclassid = 'pg_class'::regclass
        JOIN pg_class AS c ON c.oid = d.refobjid AND c.relkind = 'v' AND c.oid <> shown.oid
), viewed AS MATERIALIZED (
    SELECT DISTINCT v.oid::regclass::text AS name, v.relowner, t.oid::regclass::text AS reads, t.relowner AS owner, t.relforcerowsecurity AS forced,
        coalesce((SELECT o.option_value::boolean FROM pg_options_to_table(v.reloptions) AS o WHERE o.option_name = 'security_invoker'), false) AS invoker,
        coalesce((SELECT o.option_value::boolean FROM pg_options_to_table(v.reloptions) AS o WHERE o.option_name = 'security_barrier'), false) AS barrier
    FROM shown JOIN pg_class AS v USING (oid) JOIN pg_rewrite AS w ON w.ev_class = v.oid
        JOIN pg_depend AS d ON d.classid = 'pg_rewrite'::regclass AND d.objid = w.oid AND d.refclassid = 'pg_class'::regclass
        JOIN pg_class AS t ON t.oid = d.refobjid AND t.relkind IN ('r', 'p')
        JOIN pg_attribute AS a ON a.attrelid = t.oid AND a.attname = {column} AND NOT a.attisdropped
), stored AS MATERIALIZED (
    SELECT DISTINCT v.oid, v.oid::regclass::text AS name, v.relowner, coalesce(v.relacl, acldefault('r', v.relowner)) AS acl, t.oid::regclass::text AS reads, t.relkind
    FROM shown JOIN pg_class AS v USING (oid) JOIN pg_rewrite AS w ON w.ev_class = v.oid
        JOIN pg_depend AS d ON d.classid = 'pg_rewrite'::regclass AND d.objid = w.oid AND d.refclassid = 'pg_class'::regclass
        JOIN pg_class AS t ON t.oid = d.refobjid AND t.relkind IN ('m', 'f')
    WHERE NOT coalesce((SELECT o.option_value::boolean FROM pg_options_to_table(v.reloptions) AS o WHERE o.option_name = 'security_invoker'), false)
)

-- view-owner-bypass
-- critical
-- A view over a tenant table reads with the rights of an owner to whom no policy applies.
-- Whoever may read the view reads the rows of all tenants.
SELECT 'view ' || v.name, 'owner ' || quote_ident(o.rolname) || ', reads ' || string_agg(DISTINCT v.reads, ', '), {invoker_or_owner}
FROM viewed AS v JOIN pg_roles AS o ON o.oid = v.relowner
WHERE NOT v.invoker AND (o.rolsuper OR o.rolbypassrls OR v.owner = v.relowner AND NOT v.forced) GROUP BY v.name, o.rolname

-- view-owner-rights
-- medium
-- A view over a tenant table reads with the rights of its owner.
-- The policies hold for the owner today; they do not on the day when the owner becomes a superuser or gets BYPASSRLS. Before PostgreSQL 15 a view could do nothing else.
-- since 15
SELECT 'view ' || v.name, 'owner ' || quote_ident(o.rolname) || ', reads ' || string_agg(DISTINCT v.reads, ', '), format('ALTER VIEW %s SET (security_invoker = true);', v.name)
FROM viewed AS v JOIN pg_roles AS o ON o.oid = v.relowner
WHERE NOT v.invoker GROUP BY v.name, o.rolname
HAVING NOT bool_or(o.rolsuper OR o.rolbypassrls OR v.owner = v.relowner AND NOT v.forced)

-- view-no-barrier
-- low
-- A view over a tenant table is no security barrier.
-- A function in a caller's WHERE may be run on rows before the view's own conditions have taken them away.
SELECT DISTINCT 'view ' || v.name, NULL, format('ALTER VIEW %s SET (security_barrier = true);', v.name)
FROM viewed AS v WHERE NOT v.barrier AND NOT v.invoker

-- view-definer-function
-- medium
-- A view calls a SECURITY DEFINER function.
-- What the function reads, it reads with its owner's rights, whoever reads the view.
SELECT DISTINCT 'view ' || rel.name, 'calls ' || p.oid::regprocedure, format('ALTER FUNCTION %s SECURITY INVOKER;', p.oid::regprocedure)
FROM rel JOIN pg_rewrite AS w ON w.ev_class = rel.oid
    JOIN pg_depend AS d ON d.classid = 'pg_rewrite'::regclass AND d.objid = w.oid AND d.refclassid = 'pg_proc'::regclass
    JOIN pg_proc AS p ON p.oid = d.refobjid JOIN pg_namespace AS n ON n.oid = p.pronamespace
WHERE rel.relkind = 'v' AND rel.granted AND p.prosecdef AND n.nspname <> 'tenancy'

-- view-rule
-- high
-- A rewrite rule for INSERT, UPDATE or DELETE is on a view that the application reaches.
-- What it does instead or besides, it does with the rights of the view's owner, also if the view reads with those of who asks (security_invoker).
SELECT 'rule ' || quote_ident(r.rulename) || ' on ' || c.oid::regclass, 'owner ' || quote_ident(pg_get_userbyid(c.relowner)),
    format('DROP RULE %I ON %s;', r.rulename, c.oid::regclass)
FROM reached JOIN pg_class AS c USING (oid) JOIN pg_rewrite AS r ON r.ev_class = c.oid WHERE c.relkind = 'v' AND r.ev_type <> '1'

-- view-materialized
-- high
-- The application may read a materialized view.
-- It has no policies: whatever it was filled with, every tenant's SQL reads all of it.
SELECT 'view ' || rel.name, 'granted to ' || g.name, format('REVOKE ALL ON %s FROM %s;', rel.name, g.name)
FROM rel, LATERAL (SELECT DISTINCT a.grantee FROM aclexplode(rel.acl) AS a) AS a JOIN grantee AS g ON g.oid = a.grantee
WHERE rel.relkind = 'm' AND a.grantee <> rel.relowner

-- view-over-stored
-- high
-- A view shows the application a materialized view or a foreign table with its owner's rights.
-- What is behind it has no policies: every tenant's SQL reads all of it.
SELECT 'view ' || s.name, 'reads ' || s.reads, coalesce(
    (SELECT string_agg(format('REVOKE ALL ON %s FROM %s;', s.name, g.name), ' ') FROM grantee AS g
        WHERE g.oid <> s.relowner AND g.oid IN (SELECT a.grantee FROM aclexplode(s.acl) AS a)),
    format('DROP VIEW %s CASCADE;', s.name))
FROM stored AS s
