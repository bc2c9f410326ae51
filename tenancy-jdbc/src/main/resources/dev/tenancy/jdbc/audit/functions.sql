-- function-definer-bypass
-- critical
-- A SECURITY DEFINER function that the application can call runs as a role to which no policy applies.
-- What it reads and writes, it reads and writes for all tenants.
SELECT 'function ' || fun.name, 'runs as ' || quote_ident(o.rolname), format('ALTER ROUTINE %s SECURITY INVOKER;', fun.name)
FROM fun JOIN pg_roles AS o ON o.oid = fun.proowner
WHERE fun.prosecdef AND fun.granted AND NOT fun.seals AND (o.rolsuper OR o.rolbypassrls
    OR EXISTS (SELECT FROM ten WHERE ten.relowner = fun.proowner AND NOT ten.relforcerowsecurity))

-- function-definer
-- medium
-- A function that the application can call runs with the rights of its owner.
-- Policies hold for the owner too, but the owner has rights that no tenant's SQL should have; look at what the function does.
SELECT 'function ' || fun.name, 'runs as ' || quote_ident(o.rolname), format('ALTER ROUTINE %s SECURITY INVOKER;', fun.name)
FROM app, fun JOIN pg_roles AS o ON o.oid = fun.proowner
WHERE fun.prosecdef AND fun.granted AND NOT fun.seals AND fun.proowner <> app.oid AND NOT (o.rolsuper OR o.rolbypassrls)
    AND NOT EXISTS (SELECT FROM ten WHERE ten.relowner = fun.proowner AND NOT ten.relforcerowsecurity)

-- function-definer-search-path
-- high
-- A SECURITY DEFINER function has no search_path of its own.
-- Names in it mean what the caller's search_path says, and what the caller created there runs with the owner's rights.
SELECT 'function ' || fun.name, NULL, format('ALTER ROUTINE %s SET search_path = pg_catalog, pg_temp;', fun.name)
FROM fun WHERE fun.prosecdef AND fun.granted
    AND NOT EXISTS (SELECT FROM unnest(fun.proconfig) AS c (entry) WHERE c.entry LIKE 'search\_path=%')

-- function-definer-temporary
-- medium
-- A SECURITY DEFINER function looks among the caller's temporary objects first.
-- A temporary table of the caller's takes the place of the owner's, unless pg_temp is the last in its search_path.
SELECT 'function ' || fun.name, c.entry,
    format('ALTER ROUTINE %s SET search_path = %s;', fun.name, concat_ws(', ',
        (SELECT string_agg(s.name, ', ' ORDER BY s.n) FROM regexp_split_to_table(substr(c.entry, 13), ' *, *') WITH ORDINALITY AS s (name, n)
            WHERE btrim(s.name, '"') NOT IN ('pg_temp', '')), 'pg_temp'))
FROM fun, unnest(fun.proconfig) AS c (entry)
WHERE fun.prosecdef AND fun.granted AND c.entry LIKE 'search\_path=%' AND c.entry !~ '[=,] *"?pg_temp"?$'

-- function-definer-schema
-- high
-- A SECURITY DEFINER function finds names in a schema in which the application can create.
-- What the application creates there runs with the owner's rights.
SELECT 'function ' || fun.name, 'schema ' || quote_ident(n.nspname), format('REVOKE CREATE ON SCHEMA %I FROM %s;', n.nspname, string_agg(DISTINCT g.name, ', '))
FROM fun, unnest(fun.proconfig) AS c (entry), LATERAL regexp_split_to_table(substr(c.entry, 13), ' *, *') AS s (name)
    JOIN pg_namespace AS n ON n.nspname = btrim(s.name, '"'), LATERAL aclexplode(n.nspacl) AS a JOIN grantee AS g ON g.oid = a.grantee
WHERE fun.prosecdef AND fun.granted AND c.entry LIKE 'search\_path=%' AND a.privilege_type = 'CREATE' AND a.grantee <> n.nspowner
GROUP BY fun.name, n.nspname

-- function-definer-public
-- medium
-- Everybody may call a SECURITY DEFINER function.
-- Who may run with the owner's rights should be said by name.
SELECT 'function ' || fun.name, NULL, format('REVOKE EXECUTE ON ROUTINE %s FROM PUBLIC;', fun.name)
FROM fun, LATERAL aclexplode(fun.acl) AS a WHERE fun.prosecdef AND NOT fun.seals AND a.grantee = 0

-- function-leakproof
-- high
-- A function that is not PostgreSQL's own is marked LEAKPROOF.
-- It is run on rows before the policies are; with an error or a notice it tells what is in them.
SELECT 'function ' || p.oid::regprocedure, NULL, format('ALTER FUNCTION %s NOT LEAKPROOF;', p.oid::regprocedure)
FROM pg_proc AS p JOIN pg_namespace AS n ON n.oid = p.pronamespace
WHERE p.proleakproof AND p.oid >= 16384 AND n.nspname <> ALL ({excluded})

-- function-leakproof-altered
-- high
-- A function of PostgreSQL's own that is not leakproof is marked LEAKPROOF.
-- It is run on rows before the policies are; its errors show what is in them.
SELECT 'function ' || p.oid::regprocedure, NULL, format('ALTER FUNCTION %s NOT LEAKPROOF;', p.oid::regprocedure)
FROM pg_proc AS p
WHERE p.proleakproof AND p.oid < 16384 AND (p.proname IN ('like', 'notlike', 'textlike', 'textnlike', 'texticlike', 'texticnlike',
    'textregexeq', 'textregexne', 'texticregexeq', 'texticregexne', 'numeric_eq', 'jsonb_contains', 'text_to_int4', 'int4div', 'int8div', 'float8div',
    'numeric_div', 'array_eq', 'arraycontains', 'enum_eq', 'tsvector_cmp', 'ts_match_vq', 'jsonb_exists', 'range_contains', 'lower', 'upper', 'length'))

-- function-sets-tenant
-- critical
-- A function has the tenant's setting, or row_security, among its own settings.
-- What it does, it does as that tenant, whoever calls it.
SELECT 'function ' || fun.name, split_part(c.entry, '=', 1), format('ALTER ROUTINE %s RESET %s;', fun.name, split_part(c.entry, '=', 1))
FROM fun, unnest(fun.proconfig) AS c (entry)
WHERE fun.granted AND lower(split_part(c.entry, '=', 1)) IN (lower({setting}), 'tenancy.seal', 'tenancy.readable_tenants', 'row_security', 'role', 'session_authorization')

-- function-binds
-- medium
-- A function that the application can call sets the tenant's setting.
-- Who calls it becomes another tenant without a proof. No SQL can tell what is meant: bind in the data source, and drop the function.
SELECT 'function ' || fun.name, NULL, NULL::text
FROM fun
WHERE fun.granted AND NOT fun.seals AND strpos(lower(fun.prosrc), lower({setting})) > 0
    AND fun.prosrc ~* ('(set_config\s*\(|\mset\s+((local|session)\s+)?)\s*''?' || regexp_replace({setting}, '([^A-Za-z0-9_])', '\\\1', 'g'))

-- function-untrusted-language
-- high
-- A function that the application can call is written in a language that PostgreSQL does not confine.
-- It can do what the server can do.
SELECT 'function ' || fun.name, l.lanname, format('REVOKE EXECUTE ON ROUTINE %s FROM PUBLIC, %s;', fun.name, app.name)
FROM app, fun JOIN pg_language AS l ON l.oid = fun.prolang
WHERE fun.granted AND NOT l.lanpltrusted AND l.lanname <> 'sql' AND NOT app.rolsuper

-- function-definer-trigger
-- high
-- A trigger of a table or view that the application reaches runs a SECURITY DEFINER function as a role to which no policy applies.
-- With each row that a tenant writes it can write, or show in an error, rows of all; a right to call the function is not asked for.
SELECT 'trigger ' || quote_ident(t.tgname) || ' on ' || reached.oid::regclass, 'runs ' || p.oid::regprocedure || ' as ' || quote_ident(o.rolname),
    format('ALTER FUNCTION %s SECURITY INVOKER;', p.oid::regprocedure)
FROM reached JOIN pg_trigger AS t ON t.tgrelid = reached.oid AND NOT t.tgisinternal JOIN pg_proc AS p ON p.oid = t.tgfoid
    JOIN pg_roles AS o ON o.oid = p.proowner
WHERE p.prosecdef AND (o.rolsuper OR o.rolbypassrls OR EXISTS (SELECT FROM ten AS own WHERE own.relowner = p.proowner AND NOT own.relforcerowsecurity))

-- function-commits
-- low
-- A procedure that the application can call ends the transaction in which it is called.
-- Its second half runs unbound if the tenant is bound to the transaction. No SQL mends this: call it on a data source with the session binding, or let it not commit.
SELECT 'procedure ' || fun.name, NULL, NULL::text
FROM fun WHERE fun.granted AND fun.prokind = 'p' AND fun.prosrc ~* '\m(commit|rollback)\M'

-- function-large-objects
-- medium
-- The application's role may use large objects.
-- They have an owner and no tenant: under one login, each tenant's SQL reads and changes those of all.
SELECT 'functions for large objects', 'granted to ' || g.name,
    format('REVOKE EXECUTE ON FUNCTION %s FROM %s;', string_agg(p.oid::regprocedure::text, ', ' ORDER BY p.oid), g.name)
FROM pg_proc AS p, LATERAL aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) AS a JOIN grantee AS g ON g.oid = a.grantee
WHERE p.pronamespace = 'pg_catalog'::regnamespace AND a.grantee <> p.proowner AND p.proname IN ('lo_open', 'lo_get', 'loread', 'lowrite', 'lo_put',
    'lo_create', 'lo_creat', 'lo_from_bytea', 'lo_unlink', 'lo_truncate', 'lo_truncate64', 'lo_lseek', 'lo_lseek64', 'lo_tell', 'lo_tell64', 'lo_close')
GROUP BY g.name

-- function-signals
-- medium
-- The application's role may cancel and end sessions of its own login.
-- Those are the sessions of all tenants.
SELECT 'functions that end sessions', 'granted to ' || g.name,
    format('REVOKE EXECUTE ON FUNCTION %s FROM %s;', string_agg(p.oid::regprocedure::text, ', ' ORDER BY p.oid), g.name)
FROM pg_proc AS p, LATERAL aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) AS a JOIN grantee AS g ON g.oid = a.grantee
WHERE p.pronamespace = 'pg_catalog'::regnamespace AND a.grantee <> p.proowner AND p.proname IN ('pg_terminate_backend', 'pg_cancel_backend')
GROUP BY g.name

-- function-files
-- critical
-- The application's role may call functions that read or write files of the server.
-- The files of the database are among them.
SELECT 'function ' || p.oid::regprocedure, 'granted to ' || g.name, format('REVOKE EXECUTE ON FUNCTION %s FROM %s;', p.oid::regprocedure, g.name)
FROM pg_proc AS p, LATERAL aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) AS a JOIN grantee AS g ON g.oid = a.grantee
WHERE p.pronamespace = 'pg_catalog'::regnamespace AND a.grantee <> p.proowner AND (g.oid = 0 OR g.oid >= 16384) AND p.proname IN ('pg_read_file', 'pg_read_binary_file', 'pg_ls_dir',
    'pg_stat_file', 'lo_import', 'lo_export', 'pg_ls_logdir', 'pg_ls_waldir', 'pg_ls_tmpdir', 'pg_ls_archive_statusdir',
    'pg_current_logfile', 'pg_hba_file_rules', 'pg_show_all_file_settings', 'pg_ident_file_mappings')

-- function-server-control
-- high
-- The application's role may call functions that control the server.
-- Among them are those that read its configuration anew, switch its log, and end recovery.
SELECT 'function ' || p.oid::regprocedure, 'granted to ' || g.name, format('REVOKE EXECUTE ON FUNCTION %s FROM %s;', p.oid::regprocedure, g.name)
FROM pg_proc AS p, LATERAL aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) AS a JOIN grantee AS g ON g.oid = a.grantee
WHERE p.pronamespace = 'pg_catalog'::regnamespace AND a.grantee <> p.proowner AND (g.oid = 0 OR g.oid >= 16384) AND p.proname IN ('pg_reload_conf', 'pg_rotate_logfile', 'pg_switch_wal',
    'pg_create_restore_point', 'pg_promote', 'pg_wal_replay_pause', 'pg_wal_replay_resume', 'pg_stat_reset',
    'pg_stat_reset_shared', 'pg_stat_reset_single_table_counters', 'pg_stat_reset_single_function_counters', 'pg_stat_reset_slru',
    'pg_stat_reset_replication_slot', 'pg_stat_reset_subscription_stats', 'pg_backup_start', 'pg_backup_stop', 'pg_start_backup', 'pg_stop_backup',
    'pg_replication_origin_create', 'pg_replication_origin_drop', 'pg_replication_origin_session_setup',
    'pg_stat_get_backend_memory_contexts', 'pg_get_backend_memory_contexts', 'pg_get_shmem_allocations')

-- large-object-readable
-- medium
-- There is a large object that the application's role owns or may read.
-- It has no tenant: under one login, each tenant's SQL reads it.
SELECT 'large object ' || m.oid, NULL,
    format('ALTER LARGE OBJECT %s OWNER TO %s; REVOKE ALL ON LARGE OBJECT %s FROM PUBLIC, %s;', m.oid, keeper.name, m.oid, app.name)
FROM app, keeper, pg_largeobject_metadata AS m
WHERE EXISTS (SELECT FROM reach WHERE reach.oid = m.lomowner AND NOT app.rolsuper)
    OR EXISTS (SELECT FROM aclexplode(m.lomacl) AS a JOIN grantee AS g ON g.oid = a.grantee WHERE a.grantee <> m.lomowner)

-- seal-keys-readable
-- critical
-- The application's role may read or change the keys of the seal.
-- Who reads them can sign for every tenant.
SELECT 'table tenancy.seal_key', a.privilege_type || ' to ' || g.name, format('REVOKE ALL ON tenancy.seal_key FROM %s;', g.name)
FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace, LATERAL aclexplode(c.relacl) AS a JOIN grantee AS g ON g.oid = a.grantee
WHERE n.nspname = 'tenancy' AND c.relname = 'seal_key' AND a.grantee <> c.relowner

-- seal-function-altered
-- critical
-- A function that checks the seal is not as it was installed.
-- What it tells the policies may come from somebody else. No SQL mends this here: TenantSeal.install writes it anew.
SELECT 'function ' || fun.name, NULL, NULL::text
FROM fun
WHERE fun.seals AND (fun.proowner IS DISTINCT FROM (SELECT c.relowner FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
            WHERE n.nspname = 'tenancy' AND c.relname = 'seal_key')
    OR fun.provolatile <> 's' OR NOT fun.prosecdef AND fun.proname <> 'require_tenant'
    OR fun.proconfig IS DISTINCT FROM ARRAY['search_path=pg_catalog, pg_temp']
    OR fun.prosrc IS DISTINCT FROM split_part(split_part({seal}, 'FUNCTION tenancy.' || fun.proname || '() ', 2), '$$', 2))
