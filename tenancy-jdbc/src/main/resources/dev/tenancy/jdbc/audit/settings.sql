-- setting-tenant
-- critical
-- The setting that tells the tenant, or the seal, is set for a role or for the database.
-- Every session is that tenant's from its start, before anybody is bound, and after RESET.
SELECT 'setting ' || s.name || ' of ' || s.place, NULL, format('%s RESET %s;', s.alter, s.name)
FROM settings AS s WHERE lower(s.name) IN (lower({setting}), 'tenancy.seal', 'tenancy.readable_tenants')

-- setting-tenant-of-server
-- critical
-- The setting that tells the tenant has a value in a session that is nobody's.
-- It is set for the whole server, in the connection's options, or was left by whoever had the session before: unbound SQL is that tenant's.
SELECT 'setting ' || n.name, NULL, format('ALTER SYSTEM RESET %s; SELECT pg_catalog.pg_reload_conf();', n.name)
FROM (VALUES ({setting}), ('tenancy.seal'), ('tenancy.readable_tenants')) AS n (name)
WHERE current_setting(n.name, true) <> '' AND NOT EXISTS (SELECT FROM settings AS s WHERE lower(s.name) = lower(n.name))

-- setting-role
-- high
-- Sessions of the application's role begin as another role.
-- Which policies apply is decided by a setting that the role can change itself.
SELECT 'setting ' || s.name || ' of ' || s.place, NULL, format('%s RESET %s;', s.alter, s.name)
FROM settings AS s WHERE s.name IN ('role', 'session_authorization')

-- setting-search-path
-- high
-- A search_path that is set for the role or the database finds something before what PostgreSQL has.
-- With pg_temp or another schema in front of pg_catalog, a name means what somebody created.
SELECT 'setting search_path of ' || s.place, s.value, format('%s RESET search_path;', s.alter)
FROM settings AS s
WHERE s.name = 'search_path' AND (s.value ~ '^[ "]*pg_temp' OR s.value ~ ',[ "]*pg_catalog' )

-- setting-row-security
-- medium
-- row_security is off for the role or the database.
-- Queries on tenant tables then fail for everybody whom a policy limits; what does not fail is not limited.
SELECT 'setting row_security of ' || s.place, s.value, format('%s RESET row_security;', s.alter)
FROM settings AS s WHERE s.name = 'row_security' AND s.value NOT IN ('on', 'true', '1', 'yes')

-- setting-replication-role
-- high
-- session_replication_role is set for the role or the database.
-- Foreign keys and triggers do not hold then, neither those that keep a row with its parent's tenant.
SELECT 'setting session_replication_role of ' || s.place, s.value, format('%s RESET session_replication_role;', s.alter)
FROM settings AS s WHERE s.name = 'session_replication_role' AND s.value <> 'origin'

-- setting-libraries
-- high
-- Libraries are loaded at the start of the role's sessions.
-- What they do, no check of rights limits.
SELECT 'setting ' || s.name || ' of ' || s.place, s.value, format('%s RESET %s;', s.alter, s.name)
FROM settings AS s WHERE s.name IN ('session_preload_libraries', 'local_preload_libraries') AND s.value <> ''

-- setting-large-objects
-- high
-- Rights on large objects are not checked (lo_compat_privileges).
-- Everybody reads and changes every large object.
SELECT 'setting lo_compat_privileges of ' || s.place, s.value, format('%s RESET lo_compat_privileges;', s.alter)
FROM settings AS s WHERE s.name = 'lo_compat_privileges' AND s.value NOT IN ('off', 'false', '0', 'no')
UNION ALL
SELECT 'setting lo_compat_privileges', setting, 'ALTER SYSTEM SET lo_compat_privileges = off; SELECT pg_catalog.pg_reload_conf();'
FROM pg_settings WHERE name = 'lo_compat_privileges' AND setting = 'on' AND source = 'configuration file'

-- setting-syntax
-- high
-- A setting that changes how SQL is read is set for the role or the database.
-- The driver reads a text in another way than the server then, and text from a caller may end a string.
SELECT 'setting ' || s.name || ' of ' || s.place, s.value, format('%s RESET %s;', s.alter, s.name)
FROM settings AS s
WHERE s.name IN ('standard_conforming_strings', 'backslash_quote', 'escape_string_warning', 'transform_null_equals', 'array_nulls',
    'quote_all_identifiers', 'client_encoding', 'DateStyle', 'datestyle', 'IntervalStyle', 'intervalstyle', 'xmloption', 'bytea_output')

-- setting-logs-values
-- medium
-- Values of statements go to the log in full, or to the client with an error.
-- A seal or another tenant's value is among them; the setting can be changed by every session, so give what must hold as connection property options.
SELECT 'setting ' || s.name || ' of ' || s.place, s.value, format('%s RESET %s;', s.alter, s.name)
FROM settings AS s WHERE s.name IN ('log_parameter_max_length', 'log_parameter_max_length_on_error', 'debug_print_parse',
    'debug_print_plan', 'debug_print_rewritten', 'debug_print_raw_parse')

-- setting-of-role
-- low
-- A setting is set for the application's role itself.
-- A role may set these for itself, so SQL of one tenant can change every later session; look whether it was the host.
SELECT 'setting ' || s.name || ' of ' || s.place, s.value, format('%s RESET %s;', s.alter, s.name)
FROM settings AS s, app
WHERE s.setrole = app.oid AND lower(s.name) NOT IN (lower({setting}), 'tenancy.seal', 'tenancy.readable_tenants', 'role', 'session_authorization', 'row_security', 'session_replication_role',
    'session_preload_libraries', 'local_preload_libraries', 'lo_compat_privileges', 'standard_conforming_strings', 'backslash_quote', 'escape_string_warning',
    'transform_null_equals', 'array_nulls', 'quote_all_identifiers', 'client_encoding', 'datestyle', 'intervalstyle', 'xmloption', 'bytea_output',
    'log_parameter_max_length', 'log_parameter_max_length_on_error', 'debug_print_parse', 'debug_print_plan', 'debug_print_rewritten', 'debug_print_raw_parse',
    'track_activities', 'search_path', 'statement_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout', 'transaction_timeout', 'timezone',
    'default_transaction_read_only')

-- setting-activities
-- medium
-- The text of the statements of the application's sessions is shown to all of them.
-- Under one login each tenant's SQL can read in pg_stat_activity what runs for the others.
SELECT 'role ' || app.name, NULL, format('ALTER ROLE %s SET track_activities = off;', app.name)
FROM app
WHERE coalesce(
    (SELECT s.value FROM settings AS s WHERE s.name = 'track_activities' ORDER BY s.setrole <> 0 DESC, s.setdatabase <> 0 DESC LIMIT 1),
    (SELECT CASE WHEN source IN ('default', 'configuration file', 'command line', 'environment variable') THEN setting ELSE boot_val END
        FROM pg_settings WHERE name = 'track_activities')) NOT IN ('off', 'false', '0', 'no')

-- setting-granted
-- high
-- The application's role may change settings that only superusers may change by themselves.
-- Among them are those that switch triggers, checks of rights, or logs off. There are such grants since PostgreSQL 15.
-- since 15
SELECT 'setting ' || p.parname, a.privilege_type || ' to ' || g.name, format('REVOKE ALL ON PARAMETER %s FROM %s;', p.parname, g.name)
FROM pg_parameter_acl AS p, LATERAL aclexplode(p.paracl) AS a JOIN grantee AS g ON g.oid = a.grantee

-- server-prepared-transactions
-- medium
-- Transactions can be prepared.
-- Every session of a login can end those of the others, and one that is left holds its locks for ever. A restart of the server is needed.
SELECT 'setting max_prepared_transactions', setting, 'ALTER SYSTEM SET max_prepared_transactions = 0;'
FROM pg_settings WHERE name = 'max_prepared_transactions' AND setting <> '0'

-- server-flaws
-- high
-- The server is of a version in which row-level security is known to have failed.
-- CVE-2023-2455, 2023-39418, 2024-10976, 2024-4317 and 2025-8713 are mended in 14.19, 15.14, 16.10, 17.6 and 18.0. No SQL mends this: update the server.
SELECT 'server ' || {version} / 10000 || '.' || {version} % 10000, NULL, NULL::text
WHERE {version} BETWEEN 140000 AND 140018 OR {version} BETWEEN 150000 AND 150013
    OR {version} BETWEEN 160000 AND 160009 OR {version} BETWEEN 170000 AND 170005

-- server-unsupported
-- high
-- The server is of a version that is older than PostgreSQL 14.
-- Nobody mends its flaws, and this audit does not know it. No SQL mends this: update the server.
SELECT 'server ' || {version} / 10000, NULL, NULL::text WHERE {version} < 140000
