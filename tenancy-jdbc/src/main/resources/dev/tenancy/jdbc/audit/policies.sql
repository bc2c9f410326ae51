-- facts
SELECT rel.name, p.polname, p.polpermissive, p.polcmd, 0 = ANY (p.polroles), pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid),
    rel.tenant IS NOT NULL, seal.present,
    has_table_privilege(app.oid, rel.oid, 'INSERT, UPDATE, DELETE'),
    coalesce(called.volatiles, '{}'), coalesce(called.definers, '{}'), coalesce(called.mutables, '{}'), coalesce(called.constants, '{}'),
    ARRAY(SELECT DISTINCT c.oid::regclass::text FROM pg_depend AS d JOIN pg_class AS c ON c.oid = d.refobjid
        WHERE d.classid = 'pg_policy'::regclass AND d.objid = p.oid AND d.refclassid = 'pg_class'::regclass AND c.oid <> p.polrelid AND c.relrowsecurity),
    ARRAY(SELECT DISTINCT c.oid::regclass::text FROM pg_depend AS d JOIN pg_class AS c ON c.oid = d.refobjid
        WHERE d.classid = 'pg_policy'::regclass AND d.objid = p.oid AND d.refclassid = 'pg_class'::regclass AND c.oid <> p.polrelid AND NOT c.relrowsecurity),
    CASE WHEN ten.oid IS NOT NULL THEN format('ALTER POLICY %I ON %s TO PUBLIC', p.polname, rel.name)
        || CASE WHEN p.polcmd <> 'a' THEN ' USING (' || ten.predicate || ')' ELSE '' END
        || CASE WHEN p.polcmd IN ('*', 'w', 'a') THEN ' WITH CHECK (' || ten.predicate || ')' ELSE '' END || ';' END,
    format('DROP POLICY %I ON %s;', p.polname, rel.name),
    format('ALTER POLICY %I ON %s RENAME TO tenancy_policy_%s;', p.polname, rel.name, p.oid),
    CASE WHEN ten.oid IS NOT NULL THEN policing.sql END,
    quote_ident(p.polname)
FROM app, seal, rel JOIN pg_policy AS p ON p.polrelid = rel.oid LEFT JOIN ten ON ten.oid = rel.oid LEFT JOIN policing ON policing.oid = rel.oid
    LEFT JOIN called ON called.policy = p.oid
WHERE (rel.tenant IS NOT NULL OR rel.granted) AND EXISTS (SELECT FROM grantee AS g WHERE g.oid = ANY (p.polroles))
ORDER BY rel.name, p.polname

-- common
, calls (policy, function) AS MATERIALIZED (
    SELECT DISTINCT p.oid, m.match[1]::oid
    FROM pg_policy AS p, LATERAL regexp_matches(concat(p.polqual::text, p.polwithcheck::text), ':(?:funcid|opfuncid|aggfnoid|winfnoid) (\d+)', 'g') AS m (match)
), called AS MATERIALIZED (
    SELECT calls.policy, array_agg(f.oid::regprocedure::text) FILTER (WHERE f.provolatile = 'v') AS volatiles,
        array_agg(f.oid::regprocedure::text) FILTER (WHERE f.prosecdef AND NOT coalesce(fun.seals, false)) AS definers,
        array_agg(f.oid::regprocedure::text) FILTER (WHERE f.oid >= 16384 AND reach.oid IS NOT NULL AND NOT app.rolsuper) AS mutables,
        array_agg(f.oid::regprocedure::text) FILTER (WHERE f.oid >= 16384 AND f.provolatile = 'i'
            AND f.prosrc ~* '\m(current_setting|current_user|session_user|current_role|now)\M') AS constants
    FROM app, calls JOIN pg_proc AS f ON f.oid = calls.function LEFT JOIN fun ON fun.oid = f.oid LEFT JOIN reach ON reach.oid = f.proowner
    WHERE f.provolatile = 'v' OR f.prosecdef OR f.oid >= 16384
    GROUP BY calls.policy
)

-- policy-true
-- critical
-- A permissive policy shows every row (true).
-- Whatever the other policies say, every tenant's SQL reads all rows.

-- policy-check-true
-- critical
-- A permissive policy lets every row be written (WITH CHECK true).
-- One tenant can write rows of another.

-- policy-restrictive-true
-- medium
-- A RESTRICTIVE policy restricts nothing (true).
-- It looks like a guard, and the next permissive policy widens what is seen.

-- policy-false
-- low
-- A policy is never true.
-- Nobody sees a row by it: what works is closed by accident, or by a rule that belongs into a right.

-- policy-or
-- critical
-- The tenant is one way to see a row among others (OR).
-- Whoever makes the other side true sees the rows of all, and the planner reads the whole table. Give administrators a role of their own.

-- policy-case
-- critical
-- The tenant decides in some cases only (CASE).
-- Whoever comes into another case sees the rows of all.

-- policy-null-test
-- critical
-- A policy looks whether something is NULL, or distinct from something.
-- Where no tenant is bound the setting is NULL: then the rows of all are shown, not none.

-- policy-coalesce
-- critical
-- A policy takes another value where there is none (COALESCE).
-- Where no tenant is bound, it takes the row's own tenant or a fixed one.

-- policy-not-equal
-- critical
-- A policy compares the tenant column otherwise than by equality.
-- It shows rows of more tenants than one.

-- policy-pattern
-- critical
-- A policy compares with a pattern (LIKE, regular expression).
-- A tenant whose id has a wildcard or is the beginning of another's sees the rows of others.

-- policy-literal
-- critical
-- A policy compares the tenant column with a fixed value.
-- Everybody sees the rows of that tenant, whoever is bound.

-- policy-login
-- critical
-- A policy compares with the name of the login (current_user, session_user).
-- All tenants share the application's login.

-- policy-other-setting
-- critical
-- A policy reads a setting that no binding sets.
-- Whoever can run SQL sets it, and after RESET it is what it was before.

-- policy-wraps-column
-- critical
-- A policy compares what a function makes of the tenant column.
-- Different tenants may be made the same (lower, left); no index is used either.

-- policy-without-column
-- critical
-- A permissive policy does not look at the tenant column.
-- It shows the rows of all tenants to whomever it lets in.

-- policy-check-weaker
-- critical
-- What a policy lets be written does not have to be the tenant's, though what it shows has.
-- One tenant can write rows of another, which it does not see.

-- policy-subquery
-- high
-- A policy looks into another table.
-- It is as good as that table's policies, and is asked for each statement, or for each row.

-- policy-subquery-open
-- critical
-- A policy looks into another table that has no row-level security.
-- Whoever may write that table decides which rows are seen.

-- policy-not-bound
-- critical
-- A permissive policy does not compare the tenant column with the bound tenant.
-- Only column = (SELECT the bound tenant), alone or with AND, is known to keep tenants apart.

-- policy-for-some
-- high
-- A policy of a tenant table is not for everybody (TO PUBLIC).
-- A role can drop what is for it alone (DROP OWNED BY), and no policy of the table keeps the roles that were left out.

-- policy-without-guard
-- medium
-- Not every command on a tenant table has a RESTRICTIVE policy for the bound tenant.
-- A permissive policy that somebody adds later widens what is seen.

-- policy-not-sealed
-- critical
-- A policy believes the setting, though the database has seals.
-- Any SQL can set the setting; only the seal cannot be made.

-- policy-volatile
-- high
-- A policy calls a volatile function.
-- It may answer otherwise for each row, is run for each, and may write.

-- policy-definer
-- high
-- A policy calls a SECURITY DEFINER function.
-- Which rows are seen is decided with rights, and by rows, that the tenant does not have; what the function reads is not bound.

-- policy-mutable-function
-- critical
-- A policy calls a function that the application's role can change.
-- Whoever changes the function changes the policy.

-- policy-constant-function
-- critical
-- A policy calls a function that is marked IMMUTABLE and reads the session.
-- The planner may keep its answer for one tenant and use it for the next.

-- policy-cast-column
-- low
-- A policy casts the tenant column.
-- No index on the column is used: each statement of each tenant reads the rows of all.

-- policy-without-initplan
-- low
-- A policy asks for the bound tenant for each row, not once a statement.
-- Put into (SELECT ...) it is asked once; scans get several times faster.

-- policy-strict-setting
-- low
-- A policy reads the setting in a way that is an error where it was never set.
-- An error where nobody is bound tells SQL that there is such a table, and breaks what works for nobody: current_setting(..., true).

-- policy-without-nullif
-- medium
-- A policy takes an empty setting for a tenant.
-- Once it was set, the setting is empty and not NULL for nobody: a row with an empty tenant is shown to nobody bound.

-- policy-check-missing
-- low
-- A policy for INSERT has no WITH CHECK.
-- It lets nothing be inserted.

-- policy-check-differs
-- low
-- What a policy lets be written and what it shows are different, though both are the tenant's.
-- A tenant can write rows that it does not see.

-- policy-reads-only
-- low
-- A tenant table has permissive policies for SELECT only, though the application may write it.
-- Every write fails; what is missing is a policy or a REVOKE.

-- policy-duplicate
-- low
-- A policy says what another policy of the table says.
-- Whoever changes one of them believes to have changed what is seen.

-- policy-placeholder
-- low
-- A policy has the name of something that is not finished.
-- Nobody knows what it is for, or whether it is meant to stay.
