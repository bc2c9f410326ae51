-- role-superuser
-- critical
-- The application's role is a superuser.
-- No policy applies to a superuser, nor does any other check of rights.
SELECT 'role ' || name, NULL, format('ALTER ROLE %s NOSUPERUSER;', name) FROM app WHERE rolsuper

-- role-bypassrls
-- critical
-- The application's role has BYPASSRLS.
-- No policy applies to such a role.
SELECT 'role ' || name, NULL, format('ALTER ROLE %s NOBYPASSRLS;', name) FROM app WHERE rolbypassrls

-- role-replication
-- critical
-- The application's role has REPLICATION.
-- Such a role can read every change of every table from the write-ahead log.
SELECT 'role ' || name, NULL, format('ALTER ROLE %s NOREPLICATION;', name) FROM app WHERE rolreplication

-- role-createrole
-- high
-- The application's role has CREATEROLE.
-- It can change other roles, and before PostgreSQL 16 make itself a member of nearly all of them.
SELECT 'role ' || name, NULL, format('ALTER ROLE %s NOCREATEROLE;', name) FROM app WHERE rolcreaterole

-- role-createdb
-- medium
-- The application's role has CREATEDB.
-- SQL that an attacker writes can fill the server with databases, and do as their owner what it may not do in this one.
SELECT 'role ' || name, NULL, format('ALTER ROLE %s NOCREATEDB;', name) FROM app WHERE rolcreatedb

-- role-member-superuser
-- critical
-- The application's role can become a superuser, or has the rights of one.
-- SET ROLE is one statement; behind it no policy applies.
SELECT 'role ' || j.name, j.way, j.leave FROM joined AS j JOIN pg_roles AS r USING (oid) WHERE r.rolsuper

-- role-member-bypassrls
-- critical
-- The application's role can become a role with BYPASSRLS.
-- SET ROLE is one statement; behind it no policy applies.
SELECT 'role ' || j.name, j.way, j.leave FROM joined AS j JOIN pg_roles AS r USING (oid) WHERE r.rolbypassrls AND NOT r.rolsuper

-- role-member-owner
-- critical
-- The application's role can become the owner of a tenant table, or has the owner's rights.
-- The owner can switch row-level security off, and drop policies.
SELECT 'role ' || j.name, j.way || ' owns ' || (SELECT min(ten.name) FROM ten WHERE ten.relowner = j.oid), j.leave
FROM joined AS j JOIN pg_roles AS r USING (oid)
WHERE NOT r.rolsuper AND EXISTS (SELECT FROM ten WHERE ten.relowner = j.oid)

-- role-member-replication
-- critical
-- The application's role can become a role with REPLICATION.
-- Such a role can read every change of every table from the write-ahead log.
SELECT 'role ' || j.name, j.way, j.leave FROM joined AS j JOIN pg_roles AS r USING (oid) WHERE r.rolreplication AND NOT r.rolsuper

-- role-member-createrole
-- high
-- The application's role can become a role with CREATEROLE or CREATEDB.
-- Behind SET ROLE it can change other roles, or own databases.
SELECT 'role ' || j.name, j.way, j.leave FROM joined AS j JOIN pg_roles AS r USING (oid)
WHERE (r.rolcreaterole OR r.rolcreatedb) AND NOT r.rolsuper

-- role-server-files
-- critical
-- The application's role can read or write files of the server, or run programs there.
-- The files of the database are among them, and a program runs as the server.
SELECT 'role ' || j.name, j.way, j.leave FROM joined AS j
WHERE j.name IN ('pg_read_server_files', 'pg_write_server_files', 'pg_execute_server_program')

-- role-reads-all-data
-- high
-- The application's role is a member of pg_read_all_data.
-- It can read every table of every schema, and every table without policies is open.
SELECT 'role ' || j.name, j.way, j.leave FROM joined AS j WHERE j.name = 'pg_read_all_data'

-- role-writes-all-data
-- high
-- The application's role is a member of pg_write_all_data.
-- It can change every table of every schema, and every table without policies is open.
SELECT 'role ' || j.name, j.way, j.leave FROM joined AS j WHERE j.name = 'pg_write_all_data'

-- role-monitors
-- high
-- The application's role is a member of pg_monitor, or of a role that pg_monitor is made of.
-- It sees the statements of all sessions, and settings and statistics that are kept from others.
SELECT 'role ' || j.name, j.way, j.leave FROM joined AS j
WHERE j.name IN ('pg_monitor', 'pg_read_all_stats', 'pg_read_all_settings', 'pg_stat_scan_tables')

-- role-signals-backends
-- medium
-- The application's role can cancel and end the sessions of other roles.
-- SQL that an attacker writes can stop the work of everybody.
SELECT 'role ' || j.name, j.way, j.leave FROM joined AS j WHERE j.name IN ('pg_signal_backend', 'pg_signal_autovacuum_worker')

-- role-maintains
-- medium
-- The application's role is a member of pg_maintain.
-- It can lock every table, rewrite it, and refresh every materialized view. There is such a role since PostgreSQL 17.
-- since 17
SELECT 'role ' || j.name, j.way, j.leave FROM joined AS j WHERE j.name = 'pg_maintain'

-- role-subscribes
-- high
-- The application's role is a member of pg_create_subscription.
-- It can make the server connect to another one, and take rows from there. There is such a role since PostgreSQL 16.
-- since 16
SELECT 'role ' || j.name, j.way, j.leave FROM joined AS j WHERE j.name = 'pg_create_subscription'

-- role-uses-reserves
-- low
-- The application's role can use connections that are reserved, or start checkpoints.
-- One tenant's load can keep the administrator out.
SELECT 'role ' || j.name, j.way, j.leave FROM joined AS j WHERE j.name IN ('pg_use_reserved_connections', 'pg_checkpoint')

-- role-admin-option
-- high
-- The application's role can make others members of a role, or itself.
-- What the role may do later is its own decision.
SELECT 'role ' || quote_ident(pg_get_userbyid(m.roleid)), r.way,
    format('REVOKE ADMIN OPTION FOR %I FROM %s', pg_get_userbyid(m.roleid), r.name) || {granted_by} || ';'
FROM pg_auth_members AS m JOIN reach AS r ON r.oid = m.member WHERE m.admin_option

-- role-owns-database
-- high
-- The application's role owns the database, or can become its owner.
-- The owner can create schemas, set settings for every session, and owns what belongs to pg_database_owner.
SELECT 'database ' || quote_ident(d.datname), r.way,
    format('ALTER DATABASE %I OWNER TO %I;', d.datname, pg_get_userbyid(10))
FROM pg_database AS d JOIN reach AS r ON r.oid = d.datdba JOIN pg_roles AS o ON o.oid = d.datdba
WHERE d.datname = current_database() AND NOT o.rolsuper

-- role-owns-schema
-- high
-- The application's role owns a schema, or can become its owner.
-- The owner can create what takes the place of the host's tables and functions.
SELECT 'schema ' || quote_ident(n.nspname), r.way, format('ALTER SCHEMA %I OWNER TO %s;', n.nspname, keeper.name)
FROM keeper, pg_namespace AS n JOIN reach AS r ON r.oid = n.nspowner JOIN pg_roles AS o ON o.oid = n.nspowner
WHERE NOT o.rolsuper AND n.nspname !~ '^pg_(toast_)?temp_' AND n.nspname <> ALL ({excluded})

-- role-owns-table
-- critical
-- The application's role owns a table.
-- The owner can switch row-level security off, and drop policies.
SELECT 'table ' || rel.name, NULL, format('ALTER TABLE %s OWNER TO %s;', rel.name, keeper.name)
FROM keeper, rel JOIN app ON app.oid = rel.relowner WHERE rel.relkind IN ('r', 'p', 'f') AND NOT app.rolsuper

-- role-owns-view
-- high
-- The application's role owns a view or a materialized view.
-- The owner can give it another meaning, for everybody who reads it.
SELECT 'view ' || rel.name, NULL, format('ALTER TABLE %s OWNER TO %s;', rel.name, keeper.name)
FROM keeper, rel JOIN app ON app.oid = rel.relowner WHERE rel.relkind IN ('v', 'm') AND NOT app.rolsuper

-- role-owns-sequence
-- medium
-- The application's role owns a sequence.
-- The owner can restart it, so that the numbers of others collide, or drop it.
SELECT 'sequence ' || rel.name, NULL, format('ALTER SEQUENCE %s OWNER TO %s;', rel.name, keeper.name)
FROM keeper, rel JOIN app ON app.oid = rel.relowner
WHERE rel.relkind = 'S' AND NOT app.rolsuper AND NOT EXISTS (SELECT FROM pg_depend AS d
    WHERE d.classid = 'pg_class'::regclass AND d.objid = rel.oid AND d.deptype IN ('a', 'i') AND d.refobjsubid > 0)

-- role-owns-function
-- high
-- The application's role owns a function.
-- The owner can change what it does, for everybody who calls it.
SELECT 'function ' || fun.name, NULL, format('ALTER ROUTINE %s OWNER TO %s;', fun.name, keeper.name)
FROM keeper, fun JOIN app ON app.oid = fun.proowner WHERE NOT app.rolsuper

-- role-owns-type
-- medium
-- The application's role owns a type or a domain.
-- The owner can change what values of it are, and drop it.
SELECT 'type ' || format_type(t.oid, NULL), NULL, format('ALTER TYPE %s OWNER TO %s;', format_type(t.oid, NULL), keeper.name)
FROM keeper, pg_type AS t JOIN app ON app.oid = t.typowner JOIN sch ON sch.oid = t.typnamespace
WHERE NOT app.rolsuper AND (t.typtype IN ('d', 'e') OR t.typtype = 'r'
    OR t.typtype = 'c' AND EXISTS (SELECT FROM pg_class AS c WHERE c.oid = t.typrelid AND c.relkind = 'c'))
