package dev.tenancy.jdbc.audit;

import static dev.tenancy.jdbc.audit.RuleCase.wrong;

import java.util.List;

/** What is wrong with roles. */
final class RoleCases {
    private static final String MARY = "CREATE ROLE mary";
    private static final String JOIN = "GRANT mary TO $app";

    private RoleCases() {}

    static List<RuleCase> all() {
        return List.of(
                wrong("role-superuser", "ALTER ROLE $app SUPERUSER").right("ALTER ROLE $owner SUPERUSER"),
                wrong("role-bypassrls", "ALTER ROLE $app BYPASSRLS"),
                wrong("role-replication", "ALTER ROLE $app REPLICATION"),
                wrong("role-createrole", "ALTER ROLE $app CREATEROLE"),
                wrong("role-createdb", "ALTER ROLE $app CREATEDB"),
                wrong("role-member-superuser", "CREATE ROLE mary SUPERUSER", JOIN)
                        .right("CREATE ROLE mary SUPERUSER"),
                wrong(
                        "role-member-superuser",
                        "CREATE ROLE \"odd \"\"name\" SUPERUSER",
                        "GRANT \"odd \"\"name\" TO $app"),
                wrong("role-member-superuser", MARY, "CREATE ROLE root SUPERUSER", JOIN, "GRANT root TO mary")
                        .right(MARY, "CREATE ROLE root SUPERUSER", JOIN),
                wrong("role-member-superuser", "ALTER ROLE $app NOINHERIT", "CREATE ROLE mary SUPERUSER", JOIN),
                wrong(
                                "role-member-superuser",
                                "CREATE ROLE mary SUPERUSER",
                                "GRANT mary TO $app WITH INHERIT FALSE, SET TRUE")
                        .right("CREATE ROLE mary SUPERUSER", "GRANT mary TO $app WITH INHERIT FALSE, SET FALSE")
                        .since(16),
                wrong("role-member-bypassrls", "CREATE ROLE mary BYPASSRLS", JOIN)
                        .right("CREATE ROLE mary BYPASSRLS"),
                wrong("role-member-owner", "GRANT $owner TO $app").also("role-owns-database", "role-owns-schema"),
                wrong("role-member-replication", "CREATE ROLE mary REPLICATION", JOIN),
                wrong("role-member-createrole", "CREATE ROLE mary CREATEROLE", JOIN),
                wrong("role-member-createrole", "CREATE ROLE mary CREATEDB", JOIN),
                wrong("role-server-files", "GRANT pg_read_server_files TO $app"),
                wrong("role-server-files", "GRANT pg_execute_server_program TO $app"),
                wrong("role-server-files", MARY, JOIN, "GRANT pg_write_server_files TO mary"),
                wrong("role-reads-all-data", "GRANT pg_read_all_data TO $app"),
                wrong("role-writes-all-data", "GRANT pg_write_all_data TO $app"),
                wrong("role-monitors", "GRANT pg_monitor TO $app"),
                wrong("role-monitors", "GRANT pg_read_all_stats TO $app"),
                wrong("role-signals-backends", "GRANT pg_signal_backend TO $app"),
                wrong("role-maintains", "GRANT pg_maintain TO $app").since(17),
                wrong("role-subscribes", "GRANT pg_create_subscription TO $app").since(16),
                wrong("role-uses-reserves", "GRANT pg_checkpoint TO $app").since(15),
                wrong("role-uses-reserves", "GRANT pg_use_reserved_connections TO $app")
                        .since(16),
                wrong("role-admin-option", MARY, "GRANT mary TO $app WITH ADMIN OPTION")
                        .right(MARY, JOIN),
                wrong("role-owns-database", "ALTER DATABASE $db OWNER TO $app"),
                wrong("role-owns-database", MARY, JOIN, "ALTER DATABASE $db OWNER TO mary")
                        .right(MARY, JOIN),
                wrong("role-owns-schema", "CREATE SCHEMA lab AUTHORIZATION $app")
                        .right("CREATE SCHEMA lab"),
                wrong("role-owns-schema", MARY, JOIN, "CREATE SCHEMA lab AUTHORIZATION mary"),
                wrong("role-owns-table", "ALTER TABLE notes OWNER TO $app"),
                wrong("role-owns-view", "CREATE VIEW one AS SELECT 1 AS one", "ALTER VIEW one OWNER TO $app")
                        .right("CREATE VIEW one AS SELECT 1 AS one", "ALTER VIEW one OWNER TO $owner"),
                wrong("role-owns-sequence", "CREATE SEQUENCE numbers", "ALTER SEQUENCE numbers OWNER TO $app")
                        .right("CREATE SEQUENCE numbers", "GRANT USAGE ON SEQUENCE numbers TO $app"),
                wrong(
                                "role-owns-function",
                                "CREATE FUNCTION one() RETURNS int LANGUAGE sql AS 'SELECT 1'",
                                "ALTER FUNCTION one() OWNER TO $app")
                        .right("CREATE FUNCTION one() RETURNS int LANGUAGE sql AS 'SELECT 1'"),
                wrong("role-owns-type", "CREATE TYPE mood AS ENUM ('glad')", "ALTER TYPE mood OWNER TO $app")
                        .right("CREATE TYPE mood AS ENUM ('glad')"),
                wrong("role-owns-type", "CREATE DOMAIN mood AS text", "ALTER DOMAIN mood OWNER TO $app"));
    }
}
