package dev.tenancy.jdbc.audit;

import static dev.tenancy.jdbc.audit.RuleCase.wrong;

import java.util.List;

/** What is wrong with rights on databases, schemas and what belongs to no schema. */
final class DatabaseCases {
    private static final String WRAPPER = "CREATE FOREIGN DATA WRAPPER elsewhere";
    private static final String SERVER = "CREATE SERVER other FOREIGN DATA WRAPPER elsewhere";
    private static final String LAB = "CREATE SCHEMA lab";

    private DatabaseCases() {}

    static List<RuleCase> all() {
        return List.of(
                wrong("database-temporary", "GRANT TEMPORARY ON DATABASE $db TO PUBLIC")
                        .right("GRANT TEMPORARY ON DATABASE $db TO $owner"),
                wrong("database-temporary", "GRANT TEMPORARY ON DATABASE $db TO $app"),
                wrong("database-create", "GRANT CREATE ON DATABASE $db TO $app"),
                wrong("database-connect-public", "GRANT CONNECT ON DATABASE $db TO PUBLIC"),
                wrong("schema-create", "GRANT CREATE ON SCHEMA public TO PUBLIC"),
                wrong("schema-create", LAB, "GRANT CREATE ON SCHEMA lab TO $app")
                        .right(LAB, "GRANT USAGE ON SCHEMA lab TO $app"),
                wrong(
                        "schema-create",
                        LAB,
                        "CREATE ROLE mary",
                        "GRANT mary TO $app",
                        "GRANT CREATE ON SCHEMA lab TO mary"),
                wrong("grant-option", "GRANT SELECT ON notes TO $app WITH GRANT OPTION"),
                wrong("grant-option", "GRANT USAGE ON SCHEMA public TO $app WITH GRANT OPTION"),
                wrong("grant-option", "GRANT CONNECT ON DATABASE $db TO $app WITH GRANT OPTION"),
                wrong(
                        "grant-option",
                        "CREATE FUNCTION one() RETURNS int LANGUAGE sql AS 'SELECT 1'",
                        "GRANT EXECUTE ON FUNCTION one() TO $app WITH GRANT OPTION"),
                wrong(
                                "default-privileges-public",
                                "ALTER DEFAULT PRIVILEGES FOR ROLE $owner GRANT SELECT ON TABLES TO PUBLIC")
                        .right("ALTER DEFAULT PRIVILEGES FOR ROLE $owner REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC"),
                wrong(
                        "default-privileges-public",
                        "ALTER DEFAULT PRIVILEGES FOR ROLE $owner IN SCHEMA public GRANT USAGE ON SEQUENCES TO PUBLIC"),
                wrong(
                        "default-privileges-application",
                        "ALTER DEFAULT PRIVILEGES FOR ROLE $owner GRANT SELECT ON TABLES TO $app"),
                wrong(
                        "default-privileges-application",
                        "ALTER DEFAULT PRIVILEGES FOR ROLE $owner IN SCHEMA public GRANT TRUNCATE ON TABLES TO $app"),
                wrong("foreign-server", WRAPPER, SERVER, "GRANT USAGE ON FOREIGN SERVER other TO $app")
                        .right(WRAPPER, SERVER),
                wrong("foreign-server", WRAPPER, "GRANT USAGE ON FOREIGN DATA WRAPPER elsewhere TO PUBLIC"),
                wrong("foreign-user-mapping", WRAPPER, SERVER, "CREATE USER MAPPING FOR PUBLIC SERVER other")
                        .right(WRAPPER, SERVER, "CREATE USER MAPPING FOR $owner SERVER other"),
                wrong("foreign-user-mapping", WRAPPER, SERVER, "CREATE USER MAPPING FOR $app SERVER other"),
                wrong("extension-reads-elsewhere", "CREATE EXTENSION dblink").right("CREATE EXTENSION pg_trgm"),
                wrong("extension-statements", "CREATE EXTENSION pg_stat_statements"),
                wrong("publication-of-tenants", "CREATE PUBLICATION all_of_it FOR ALL TABLES"),
                wrong("publication-of-tenants", "CREATE PUBLICATION part_of_it FOR TABLE notes, comments")
                        .right("CREATE TABLE facts (id int)", "CREATE PUBLICATION part_of_it FOR TABLE facts"),
                wrong("database-is-template", "ALTER DATABASE $db IS_TEMPLATE true"),
                wrong("catalog-readable", "GRANT SELECT ON pg_catalog.pg_statistic TO PUBLIC")
                        .right("GRANT SELECT ON pg_catalog.pg_statistic TO $owner"),
                wrong("catalog-readable", "GRANT SELECT ON pg_catalog.pg_authid TO $app"),
                wrong("catalog-writable", "GRANT UPDATE ON pg_catalog.pg_policy TO $app"));
    }
}
