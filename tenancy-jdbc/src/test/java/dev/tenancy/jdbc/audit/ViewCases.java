package dev.tenancy.jdbc.audit;

import static dev.tenancy.jdbc.audit.RuleCase.wrong;

import java.util.List;

/** What is wrong with views. */
final class ViewCases {
    private static final String VIEW = "CREATE VIEW seen AS SELECT body FROM notes";
    private static final String GRANT = "GRANT SELECT ON seen TO $app";
    private static final String INVOKER = "CREATE VIEW seen WITH (security_invoker = true) AS SELECT body FROM notes";

    private static final String GRANT_UPDATE = "GRANT SELECT, UPDATE ON seen TO $app";
    private static final String RULE =
            "CREATE RULE w AS ON UPDATE TO seen DO INSTEAD UPDATE notes SET body = NEW.body WHERE body = OLD.body";

    private ViewCases() {}

    static List<RuleCase> all() {
        return List.of(
                wrong("view-owner-bypass", VIEW, GRANT)
                        .right(INVOKER, GRANT)
                        .also("view-no-barrier")
                        .since(15),
                wrong("view-owner-bypass", "CREATE VIEW seen WITH (security_barrier) AS SELECT body FROM notes", GRANT)
                        .also("view-owner-rights"),
                wrong(
                                "view-owner-bypass",
                                "CREATE ROLE mary BYPASSRLS",
                                "CREATE VIEW seen WITH (security_barrier) AS SELECT body FROM notes",
                                "ALTER VIEW seen OWNER TO mary",
                                GRANT)
                        .also("view-owner-rights"),
                wrong(
                                "view-owner-bypass",
                                "CREATE VIEW inner_one WITH (security_barrier) AS SELECT body FROM notes",
                                "CREATE SCHEMA far",
                                "ALTER VIEW inner_one SET SCHEMA far",
                                "CREATE VIEW seen WITH (security_barrier) AS SELECT body FROM far.inner_one",
                                "ALTER VIEW seen OWNER TO $owner",
                                GRANT)
                        .also("view-owner-rights"),
                wrong(
                                "view-owner-rights",
                                "CREATE VIEW seen WITH (security_barrier) AS SELECT body FROM notes",
                                "ALTER VIEW seen OWNER TO $owner",
                                GRANT)
                        .right(INVOKER, "ALTER VIEW seen OWNER TO $owner", GRANT)
                        .since(15),
                wrong("view-no-barrier", VIEW, "ALTER VIEW seen OWNER TO $owner", GRANT)
                        .also("view-owner-rights"),
                wrong(
                                "view-definer-function",
                                "CREATE FUNCTION peek() RETURNS bigint LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS 'SELECT 1::bigint'",
                                "REVOKE ALL ON FUNCTION peek() FROM PUBLIC",
                                "CREATE VIEW seen AS SELECT peek()",
                                GRANT)
                        .right(
                                "CREATE FUNCTION peek() RETURNS bigint LANGUAGE sql AS 'SELECT 1::bigint'",
                                "CREATE VIEW seen AS SELECT peek()",
                                GRANT),
                wrong("view-rule", INVOKER, RULE, GRANT_UPDATE)
                        .right(INVOKER, GRANT_UPDATE)
                        .since(15),
                wrong(
                                "view-rule",
                                VIEW,
                                RULE,
                                "CREATE VIEW outer_one WITH (security_barrier) AS SELECT body FROM seen",
                                "GRANT SELECT, UPDATE ON outer_one TO $app")
                        .also("view-owner-bypass", "view-owner-rights", "view-no-barrier"),
                wrong("view-materialized", "CREATE MATERIALIZED VIEW seen AS SELECT 1 AS one", GRANT)
                        .right("CREATE MATERIALIZED VIEW seen AS SELECT 1 AS one"),
                wrong(
                                "view-over-stored",
                                "CREATE MATERIALIZED VIEW kept AS SELECT 1 AS one",
                                "CREATE VIEW seen AS SELECT one FROM kept",
                                GRANT)
                        .right(
                                "CREATE MATERIALIZED VIEW kept AS SELECT 1 AS one",
                                "CREATE VIEW seen AS SELECT one FROM kept"));
    }
}
