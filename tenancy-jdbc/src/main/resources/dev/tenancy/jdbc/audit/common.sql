WITH RECURSIVE app AS (
    SELECT oid, quote_ident(rolname) AS name, rolsuper, rolbypassrls, rolreplication, rolcreaterole, rolcreatedb
    FROM pg_roles WHERE rolname = {role}
), path (oid, hops) AS (
    SELECT oid, ARRAY[oid] FROM app
    UNION
    SELECT m.roleid, p.hops || m.roleid FROM path AS p JOIN pg_auth_members AS m ON m.member = p.oid
    WHERE m.roleid <> ALL (p.hops) AND {usable_membership}
), reach (oid, name, first, way) AS MATERIALIZED (
    SELECT DISTINCT ON (p.oid) p.oid, quote_ident(pg_get_userbyid(p.oid)), p.hops[2],
        (SELECT string_agg(quote_ident(pg_get_userbyid(h)), ' > ' ORDER BY n) FROM unnest(p.hops) WITH ORDINALITY AS u (h, n))
    FROM path AS p ORDER BY p.oid, cardinality(p.hops)
), joined (oid, name, way, leave) AS MATERIALIZED (
    SELECT r.oid, r.name, r.way,
        (SELECT string_agg(format('REVOKE %I FROM %s', pg_get_userbyid(m.roleid), app.name) || {granted_by} || ';', ' ')
            FROM pg_auth_members AS m WHERE m.member = app.oid AND m.roleid = r.first)
    FROM reach AS r, app WHERE r.oid <> app.oid
), grantee (oid, name) AS MATERIALIZED (
    SELECT oid, name FROM reach UNION ALL SELECT 0, 'PUBLIC'
), keeper (name) AS MATERIALIZED (
    SELECT quote_ident(pg_get_userbyid(CASE WHEN EXISTS (SELECT FROM reach WHERE oid = d.datdba) THEN 10 ELSE d.datdba END))
    FROM pg_database AS d WHERE d.datname = current_database()
), seal (present) AS MATERIALIZED (
    SELECT EXISTS (SELECT FROM pg_proc AS p JOIN pg_namespace AS n ON n.oid = p.pronamespace
        WHERE n.nspname = 'tenancy' AND p.proname = 'current_tenant')
), sch AS MATERIALIZED (
    SELECT n.oid, quote_ident(n.nspname) AS name, n.nspname, n.nspowner
    FROM pg_namespace AS n, app
    WHERE n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast') AND n.nspname !~ '^pg_(toast_)?temp_'
        AND n.nspname <> ALL ({excluded}) AND has_schema_privilege(app.oid, n.oid, 'USAGE')
), rel AS MATERIALIZED (
    SELECT c.oid, c.oid::regclass::text AS name, c.relname, c.relkind, c.relowner, c.relrowsecurity, c.relforcerowsecurity,
        c.relispartition, c.reloptions,
        coalesce(c.relacl, acldefault(CASE c.relkind WHEN 'S' THEN 's'::"char" ELSE 'r'::"char" END, c.relowner)) AS acl,
        a.attnum AS tenant, a.attnotnull, a.atttypid, a.attcollation,
        CASE WHEN c.relkind = 'S' THEN has_sequence_privilege(app.oid, c.oid, 'USAGE, SELECT, UPDATE')
            ELSE has_table_privilege(app.oid, c.oid, 'SELECT, INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER')
                OR has_any_column_privilege(app.oid, c.oid, 'SELECT, INSERT, UPDATE, REFERENCES') END AS granted
    FROM app, pg_class AS c JOIN sch ON sch.oid = c.relnamespace
    LEFT JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attname = {column} AND NOT a.attisdropped
    WHERE c.relkind IN ('r', 'p', 'f', 'm', 'v', 'S')
        AND NOT EXISTS (SELECT FROM pg_depend AS d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid
            AND d.refclassid = 'pg_extension'::regclass AND d.deptype = 'e')
), reached (oid) AS (
    SELECT oid FROM rel WHERE granted OR tenant IS NOT NULL
    UNION
    SELECT beyond.oid FROM reached, LATERAL (
        SELECT d.refobjid FROM pg_rewrite AS w JOIN pg_depend AS d ON d.classid = 'pg_rewrite'::regclass AND d.objid = w.oid
            AND d.refclassid = 'pg_class'::regclass WHERE w.ev_class = reached.oid
        UNION ALL SELECT i.inhrelid FROM pg_inherits AS i WHERE i.inhparent = reached.oid
        UNION ALL SELECT c.conrelid FROM pg_constraint AS c WHERE c.contype = 'f' AND c.confrelid = reached.oid
            AND (c.confdeltype IN ('c', 'n', 'd') OR c.confupdtype IN ('c', 'n', 'd'))
    ) AS beyond (oid) WHERE beyond.oid >= 16384
), child (oid, parent) AS MATERIALIZED (
    SELECT i.inhrelid, p.name FROM pg_inherits AS i JOIN rel AS p ON p.oid = i.inhparent AND p.tenant IS NOT NULL
), bound AS MATERIALIZED (
    SELECT rel.oid, CASE WHEN rel.atttypid IN ('uuid'::regtype, 'int8'::regtype, 'int4'::regtype, 'int2'::regtype)
        THEN '(' || b.value || ')::' || format_type(rel.atttypid, NULL) ELSE b.value END AS value
    FROM rel, seal, LATERAL (SELECT CASE WHEN seal.present THEN 'tenancy.current_tenant()'
        ELSE 'nullif(pg_catalog.current_setting(' || quote_literal({setting}) || ', true), '''')' END) AS b (value)
    WHERE rel.relkind IN ('r', 'p')
), ten AS MATERIALIZED (
    SELECT rel.*, bound.value AS bound, quote_ident({column}) || ' = (SELECT ' || bound.value || ')' AS predicate,
        EXISTS (SELECT FROM child WHERE child.oid = rel.oid) AS ischild
    FROM rel JOIN bound USING (oid) WHERE rel.tenant IS NOT NULL
), policing (oid, sql) AS (
    SELECT oid, format('DROP POLICY IF EXISTS tenancy_permissive ON %1$s; DROP POLICY IF EXISTS tenancy_restrictive ON %1$s;'
        ' CREATE POLICY tenancy_permissive ON %1$s AS PERMISSIVE FOR ALL TO PUBLIC USING (%2$s) WITH CHECK (%2$s);'
        ' CREATE POLICY tenancy_restrictive ON %1$s AS RESTRICTIVE FOR ALL TO PUBLIC USING (%2$s) WITH CHECK (%2$s);',
        rel.name, quote_ident({column}) || ' = (SELECT ' || bound.value || ')')
    FROM rel JOIN bound USING (oid)
), fun AS MATERIALIZED (
    SELECT p.oid, p.oid::regprocedure::text AS name, p.proname, p.prokind, p.proowner, p.prosecdef, p.proleakproof, p.provolatile,
        p.prosrc, p.proconfig, p.prolang, coalesce(p.proacl, acldefault('f', p.proowner)) AS acl,
        has_function_privilege(app.oid, p.oid, 'EXECUTE') AS granted,
        p.pronamespace = (SELECT oid FROM pg_namespace WHERE nspname = 'tenancy')
            AND p.proname IN ('current_tenant', 'readable_tenants', 'require_tenant') AS seals
    FROM app, pg_proc AS p JOIN sch ON sch.oid = p.pronamespace
    WHERE NOT EXISTS (SELECT FROM pg_depend AS d WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid
        AND d.refclassid = 'pg_extension'::regclass AND d.deptype = 'e')
), settings AS MATERIALIZED (
    SELECT s.setdatabase, s.setrole, split_part(c.entry, '=', 1) AS name, substr(c.entry, strpos(c.entry, '=') + 1) AS value,
        CASE WHEN s.setrole = 0 AND s.setdatabase = 0 THEN 'all roles' WHEN s.setrole = 0 THEN 'database ' || quote_ident(current_database())
            ELSE 'role ' || quote_ident(pg_get_userbyid(s.setrole))
                || CASE WHEN s.setdatabase = 0 THEN '' ELSE ' in database ' || quote_ident(current_database()) END END AS place,
        CASE WHEN s.setrole = 0 AND s.setdatabase = 0 THEN 'ALTER ROLE ALL' WHEN s.setrole = 0 THEN 'ALTER DATABASE ' || quote_ident(current_database())
            ELSE 'ALTER ROLE ' || quote_ident(pg_get_userbyid(s.setrole))
                || CASE WHEN s.setdatabase = 0 THEN '' ELSE ' IN DATABASE ' || quote_ident(current_database()) END END AS alter
    FROM app, pg_db_role_setting AS s, unnest(s.setconfig) AS c (entry)
    WHERE s.setdatabase IN (0, (SELECT oid FROM pg_database WHERE datname = current_database())) AND s.setrole IN (0, app.oid)
)
