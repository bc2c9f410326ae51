-- database-temporary
-- high
-- The application's role may create temporary tables.
-- A temporary table takes the place of a table of the host's for what else runs in that session, and SQL of one tenant is the session of the next.
SELECT 'database ' || quote_ident(d.datname), 'granted to ' || g.name, format('REVOKE TEMPORARY ON DATABASE %I FROM %s;', d.datname, g.name)
FROM pg_database AS d, LATERAL aclexplode(coalesce(d.datacl, acldefault('d', d.datdba))) AS a JOIN grantee AS g ON g.oid = a.grantee
WHERE d.datname = current_database() AND a.privilege_type = 'TEMPORARY' AND a.grantee <> d.datdba

-- database-create
-- high
-- The application's role may create schemas.
-- In a schema of its own it can create functions, types and operators that other SQL finds in place of the host's.
SELECT 'database ' || quote_ident(d.datname), 'granted to ' || g.name, format('REVOKE CREATE ON DATABASE %I FROM %s;', d.datname, g.name)
FROM pg_database AS d, LATERAL aclexplode(d.datacl) AS a JOIN grantee AS g ON g.oid = a.grantee
WHERE d.datname = current_database() AND a.privilege_type = 'CREATE' AND a.grantee <> d.datdba

-- database-connect-public
-- low
-- Every role of the server may connect to the database.
-- A role that was made for something else is one mistaken grant away from the tenants' rows.
SELECT 'database ' || quote_ident(d.datname), NULL,
    format('GRANT CONNECT ON DATABASE %1$I TO %2$s; REVOKE CONNECT ON DATABASE %1$I FROM PUBLIC;', d.datname, app.name)
FROM app, pg_database AS d, LATERAL aclexplode(coalesce(d.datacl, acldefault('d', d.datdba))) AS a
WHERE d.datname = current_database() AND a.privilege_type = 'CONNECT' AND a.grantee = 0

-- schema-create
-- high
-- The application's role may create in a schema.
-- A function, type or operator that it creates can be found in place of the host's, and the driver remembers what a type's name meant.
SELECT 'schema ' || quote_ident(n.nspname), 'granted to ' || g.name, format('REVOKE CREATE ON SCHEMA %I FROM %s;', n.nspname, g.name)
FROM pg_namespace AS n, LATERAL aclexplode(n.nspacl) AS a JOIN grantee AS g ON g.oid = a.grantee
WHERE a.privilege_type = 'CREATE' AND a.grantee <> n.nspowner AND n.nspname !~ '^pg_(toast_)?temp_' AND n.nspname <> ALL ({excluded})

-- grant-option
-- medium
-- The application's role may pass on a right.
-- Whom it gives the right to is not the host's decision any more.
SELECT kind || ' ' || name, privilege || ' to ' || grantee, format('REVOKE GRANT OPTION FOR %s ON %s %s FROM %s CASCADE;', privilege, kind, name, grantee)
FROM (
    SELECT CASE WHEN rel.relkind = 'S' THEN 'SEQUENCE' ELSE 'TABLE' END, rel.name, a.privilege_type, g.name
        FROM rel, LATERAL aclexplode(rel.acl) AS a JOIN grantee AS g ON g.oid = a.grantee WHERE a.is_grantable AND a.grantee <> rel.relowner
    UNION ALL SELECT 'SCHEMA', sch.name, a.privilege_type, g.name FROM sch JOIN pg_namespace AS n USING (oid),
        LATERAL aclexplode(n.nspacl) AS a JOIN grantee AS g ON g.oid = a.grantee WHERE a.is_grantable AND a.grantee <> n.nspowner
    UNION ALL SELECT 'ROUTINE', fun.name, a.privilege_type, g.name
        FROM fun, LATERAL aclexplode(fun.acl) AS a JOIN grantee AS g ON g.oid = a.grantee WHERE a.is_grantable AND a.grantee <> fun.proowner
    UNION ALL SELECT 'DATABASE', quote_ident(d.datname), a.privilege_type, g.name
        FROM pg_database AS d, LATERAL aclexplode(d.datacl) AS a JOIN grantee AS g ON g.oid = a.grantee
        WHERE d.datname = current_database() AND a.is_grantable AND a.grantee <> d.datdba
) AS granted (kind, name, privilege, grantee)

-- default-privileges-public
-- high
-- Tables, sequences or schemas that are made later are open to everybody.
-- The next table is readable before somebody has given it policies.
SELECT 'default privileges of ' || quote_ident(pg_get_userbyid(d.defaclrole)), string_agg(a.privilege_type, ', ' ORDER BY a.privilege_type),
    format('ALTER DEFAULT PRIVILEGES FOR ROLE %I%s REVOKE ALL ON %s FROM PUBLIC;', pg_get_userbyid(d.defaclrole),
        CASE WHEN d.defaclnamespace = 0 THEN '' ELSE ' IN SCHEMA ' || quote_ident((SELECT nspname FROM pg_namespace WHERE oid = d.defaclnamespace)) END,
        CASE d.defaclobjtype WHEN 'r' THEN 'TABLES' WHEN 'S' THEN 'SEQUENCES' ELSE 'SCHEMAS' END)
FROM pg_default_acl AS d, LATERAL aclexplode(d.defaclacl) AS a
WHERE a.grantee = 0 AND d.defaclobjtype IN ('r', 'S', 'n')
GROUP BY d.oid, d.defaclrole, d.defaclnamespace, d.defaclobjtype

-- default-privileges-application
-- high
-- Tables that are made later give the application's role rights at once.
-- The next table is readable before somebody has given it policies; TRUNCATE, REFERENCES, TRIGGER and MAINTAIN no policy limits.
SELECT 'default privileges of ' || quote_ident(pg_get_userbyid(d.defaclrole)), string_agg(a.privilege_type, ', ' ORDER BY a.privilege_type) || ' to ' || g.name,
    format('ALTER DEFAULT PRIVILEGES FOR ROLE %I%s REVOKE ALL ON TABLES FROM %s;', pg_get_userbyid(d.defaclrole),
        CASE WHEN d.defaclnamespace = 0 THEN '' ELSE ' IN SCHEMA ' || quote_ident((SELECT nspname FROM pg_namespace WHERE oid = d.defaclnamespace)) END, g.name)
FROM pg_default_acl AS d, LATERAL aclexplode(d.defaclacl) AS a JOIN reach AS g ON g.oid = a.grantee
WHERE d.defaclobjtype = 'r' AND a.grantee <> d.defaclrole
GROUP BY d.oid, d.defaclrole, d.defaclnamespace, g.name

-- foreign-server
-- high
-- The application's role may use a foreign server or a foreign-data wrapper.
-- What it reads there, no policy of this database limits.
SELECT 'server ' || quote_ident(s.srvname), 'granted to ' || g.name, format('REVOKE ALL ON FOREIGN SERVER %I FROM %s;', s.srvname, g.name)
FROM pg_foreign_server AS s, LATERAL aclexplode(s.srvacl) AS a JOIN grantee AS g ON g.oid = a.grantee WHERE a.grantee <> s.srvowner
UNION ALL
SELECT 'foreign-data wrapper ' || quote_ident(w.fdwname), 'granted to ' || g.name, format('REVOKE ALL ON FOREIGN DATA WRAPPER %I FROM %s;', w.fdwname, g.name)
FROM pg_foreign_data_wrapper AS w, LATERAL aclexplode(w.fdwacl) AS a JOIN grantee AS g ON g.oid = a.grantee WHERE a.grantee <> w.fdwowner

-- foreign-user-mapping
-- high
-- The application's role, or everybody, has a login at a foreign server.
-- Under one login the rows of all tenants are read there; the role can see the login's password.
SELECT 'server ' || quote_ident(s.srvname), 'user mapping for ' || g.name, format('DROP USER MAPPING FOR %s SERVER %I;', g.name, s.srvname)
FROM pg_user_mappings AS m JOIN pg_foreign_server AS s ON s.oid = m.srvid JOIN grantee AS g ON g.oid = m.umuser

-- extension-reads-elsewhere
-- high
-- Everybody may call functions of an extension that connects to servers or reads files.
-- They read what no policy of this database limits, also this database under another login.
SELECT 'extension ' || quote_ident(e.extname), 'granted to ' || string_agg(DISTINCT g.name, ', '),
    string_agg(DISTINCT format('REVOKE ALL ON ROUTINE %s FROM %s;', p.oid::regprocedure, g.name), ' ')
FROM pg_extension AS e JOIN pg_depend AS d ON d.refclassid = 'pg_extension'::regclass AND d.refobjid = e.oid
        AND d.classid = 'pg_proc'::regclass AND d.deptype = 'e'
    JOIN pg_proc AS p ON p.oid = d.objid, LATERAL aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) AS a
    JOIN grantee AS g ON g.oid = a.grantee
WHERE e.extname IN ('dblink', 'adminpack', 'plpython3u', 'pageinspect', 'pg_surgery', 'pg_walinspect', 'pg_buffercache', 'http', 'pg_net')
    AND a.grantee <> p.proowner AND p.prorettype NOT IN ('language_handler'::regtype, 'fdw_handler'::regtype)
GROUP BY e.extname

-- extension-statements
-- medium
-- The application's role may read pg_stat_statements.
-- There are the texts of the statements of all tenants that share its login.
SELECT 'view ' || c.oid::regclass, 'granted to ' || string_agg(g.name, ', '), string_agg(format('REVOKE ALL ON %s FROM %s;', c.oid::regclass, g.name), ' ')
FROM pg_extension AS e JOIN pg_depend AS d ON d.refclassid = 'pg_extension'::regclass AND d.refobjid = e.oid
        AND d.classid = 'pg_class'::regclass AND d.deptype = 'e'
    JOIN pg_class AS c ON c.oid = d.objid AND c.relkind = 'v', LATERAL aclexplode(c.relacl) AS a JOIN grantee AS g ON g.oid = a.grantee
WHERE e.extname = 'pg_stat_statements' AND a.privilege_type = 'SELECT' AND a.grantee <> c.relowner
GROUP BY c.oid

-- publication-of-tenants
-- low
-- A tenant table is published.
-- Subscribers get the rows of all tenants, and no policy applies to them; who they are, this database does not know.
SELECT 'publication ' || quote_ident(p.pubname), 'of ' || string_agg(t.schemaname || '.' || t.tablename, ', '),
    CASE WHEN p.puballtables THEN format('DROP PUBLICATION %I;', p.pubname)
        ELSE string_agg(format('ALTER PUBLICATION %I DROP TABLE %I.%I;', p.pubname, t.schemaname, t.tablename), ' ') END
FROM pg_publication AS p JOIN pg_publication_tables AS t USING (pubname)
    JOIN ten ON ten.oid = format('%I.%I', t.schemaname, t.tablename)::regclass
GROUP BY p.pubname, p.puballtables

-- database-is-template
-- high
-- The database is a template.
-- Every role with CREATEDB can copy it, with the rows of all tenants, and owns the copy.
SELECT 'database ' || quote_ident(d.datname), NULL, format('ALTER DATABASE %I IS_TEMPLATE false;', d.datname)
FROM pg_database AS d WHERE d.datname = current_database() AND d.datistemplate

-- catalog-readable
-- high
-- The application's role may read a catalog that is kept from others.
-- pg_statistic has values of the tenants' rows, pg_authid the passwords of roles, pg_largeobject what is in large objects.
SELECT 'table ' || c.oid::regclass, 'granted to ' || g.name, format('REVOKE SELECT ON %s FROM %s;', c.oid::regclass, g.name)
FROM pg_class AS c, LATERAL aclexplode(c.relacl) AS a JOIN grantee AS g ON g.oid = a.grantee
WHERE c.relnamespace = 'pg_catalog'::regnamespace AND a.grantee <> c.relowner AND a.privilege_type = 'SELECT' AND (g.oid = 0 OR g.oid >= 16384)
    AND c.relname IN ('pg_statistic', 'pg_statistic_ext_data', 'pg_authid', 'pg_shadow', 'pg_largeobject', 'pg_user_mapping', 'pg_hba_file_rules',
        'pg_file_settings', 'pg_config', 'pg_backend_memory_contexts', 'pg_shmem_allocations')

-- catalog-writable
-- critical
-- The application's role may write a catalog.
-- Rights, policies and owners are rows of catalogs.
SELECT 'table ' || c.oid::regclass, a.privilege_type || ' to ' || g.name, format('REVOKE %s ON %s FROM %s;', a.privilege_type, c.oid::regclass, g.name)
FROM pg_class AS c, LATERAL aclexplode(c.relacl) AS a JOIN grantee AS g ON g.oid = a.grantee
WHERE c.relnamespace = 'pg_catalog'::regnamespace AND c.relkind = 'r' AND a.grantee <> c.relowner
    AND a.privilege_type IN ('INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'TRIGGER')
