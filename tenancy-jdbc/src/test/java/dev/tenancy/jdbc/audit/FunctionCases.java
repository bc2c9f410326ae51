package dev.tenancy.jdbc.audit;

import static dev.tenancy.jdbc.audit.RuleCase.wrong;

import dev.tenancy.jdbc.TenantSeal;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What is wrong with functions, large objects and seals. */
final class FunctionCases {
    private static final String DEFINER = "CREATE FUNCTION peek() RETURNS bigint LANGUAGE sql SECURITY DEFINER ";
    private static final String PATH = "SET search_path = pg_catalog, pg_temp ";
    private static final String BODY = "AS 'SELECT count(*) FROM public.notes'";
    private static final String OF_OWNER = "ALTER FUNCTION peek() OWNER TO $owner";
    private static final String NOT_PUBLIC = "REVOKE ALL ON FUNCTION peek() FROM PUBLIC";
    private static final String GRANT = "GRANT EXECUTE ON FUNCTION peek() TO $app";
    private static final String INVOKER = "CREATE FUNCTION peek() RETURNS bigint LANGUAGE sql " + BODY;
    private static final String TRIGGER = "CREATE FUNCTION fire() RETURNS trigger LANGUAGE plpgsql ";
    private static final String FIRED = "CREATE TRIGGER t BEFORE INSERT ON notes FOR EACH ROW EXECUTE FUNCTION fire()";
    private static final String RETURN = "AS 'BEGIN RETURN NEW; END'";

    private static final String DEFINER_TRIGGER = TRIGGER + "SECURITY DEFINER " + PATH + RETURN;
    private static final String NOT_FIRED_BY_PUBLIC = "REVOKE ALL ON FUNCTION fire() FROM PUBLIC";
    private static final String SEAL = "CREATE SCHEMA tenancy";
    private static final String SEAL_USAGE = "GRANT USAGE ON SCHEMA tenancy TO PUBLIC";
    private static final String SEAL_KEYS = "CREATE TABLE tenancy.seal_key (id text)";
    private static final String READABLE_TENANTS = functionOfTheSeal("readable_tenants");

    private FunctionCases() {}

    static List<RuleCase> all() {
        return List.of(
                wrong("function-definer-bypass", DEFINER + PATH + BODY, NOT_PUBLIC, GRANT)
                        .right(INVOKER, NOT_PUBLIC, GRANT),
                wrong(
                        "function-definer-bypass",
                        "CREATE ROLE mary BYPASSRLS",
                        DEFINER + PATH + BODY,
                        "ALTER FUNCTION peek() OWNER TO mary",
                        NOT_PUBLIC,
                        GRANT),
                wrong(
                                "function-definer-bypass",
                                "ALTER TABLE notes NO FORCE ROW LEVEL SECURITY",
                                DEFINER + PATH + BODY,
                                OF_OWNER,
                                NOT_PUBLIC,
                                GRANT)
                        .also("table-not-forced"),
                wrong("function-definer", DEFINER + PATH + BODY, OF_OWNER, NOT_PUBLIC, GRANT)
                        .right(DEFINER + PATH + BODY, OF_OWNER, NOT_PUBLIC),
                wrong("function-definer-search-path", DEFINER + BODY, OF_OWNER, NOT_PUBLIC, GRANT)
                        .also("function-definer"),
                wrong(
                                "function-definer-temporary",
                                DEFINER + "SET search_path = public " + BODY,
                                OF_OWNER,
                                NOT_PUBLIC,
                                GRANT)
                        .also("function-definer"),
                wrong(
                                "function-definer-temporary",
                                DEFINER + "SET search_path = pg_temp, public " + BODY,
                                OF_OWNER,
                                NOT_PUBLIC,
                                GRANT)
                        .also("function-definer"),
                wrong(
                                "function-definer-schema",
                                "CREATE SCHEMA lab",
                                "GRANT CREATE ON SCHEMA lab TO $app",
                                DEFINER + "SET search_path = pg_catalog, lab, pg_temp " + BODY,
                                OF_OWNER,
                                NOT_PUBLIC,
                                GRANT)
                        .also("function-definer", "schema-create"),
                wrong("function-definer-public", DEFINER + PATH + BODY, OF_OWNER)
                        .also("function-definer"),
                wrong(
                                "function-leakproof",
                                "CREATE FUNCTION tell(text) RETURNS boolean LANGUAGE plpgsql LEAKPROOF AS 'BEGIN RAISE NOTICE ''%'', $1; RETURN true; END'")
                        .right(
                                "CREATE FUNCTION tell(text) RETURNS boolean LANGUAGE plpgsql AS 'BEGIN RETURN true; END'"),
                wrong("function-leakproof-altered", "ALTER FUNCTION pg_catalog.textlike(text, text) LEAKPROOF"),
                wrong(
                                "function-sets-tenant",
                                "CREATE FUNCTION peek() RETURNS bigint LANGUAGE sql SET tenancy.tenant_id = 'acme' "
                                        + BODY)
                        .right(INVOKER),
                wrong(
                        "function-sets-tenant",
                        "CREATE FUNCTION peek() RETURNS bigint LANGUAGE sql SET row_security = off " + BODY),
                wrong(
                                "function-binds",
                                "CREATE FUNCTION become(text) RETURNS text LANGUAGE sql AS 'SELECT set_config(''tenancy.tenant_id'', $1, true)'")
                        .right(
                                "CREATE FUNCTION become(text) RETURNS text LANGUAGE sql AS 'SELECT current_setting(''tenancy.tenant_id'', true)'")
                        .byHand("DROP FUNCTION become(text)"),
                wrong(
                                "function-binds",
                                "CREATE PROCEDURE become() LANGUAGE plpgsql AS 'BEGIN SET LOCAL tenancy.tenant_id = ''acme''; END'")
                        .byHand("DROP PROCEDURE become()"),
                wrong(
                                "function-untrusted-language",
                                "CREATE FUNCTION len(text) RETURNS int LANGUAGE internal STRICT AS 'textlen'")
                        .right(
                                "CREATE FUNCTION len(text) RETURNS int LANGUAGE internal STRICT AS 'textlen'",
                                "REVOKE ALL ON FUNCTION len(text) FROM PUBLIC"),
                wrong("function-definer-trigger", DEFINER_TRIGGER, NOT_FIRED_BY_PUBLIC, FIRED)
                        .right(TRIGGER + RETURN, FIRED),
                wrong(
                                "function-definer-trigger",
                                DEFINER_TRIGGER,
                                NOT_FIRED_BY_PUBLIC,
                                "CREATE VIEW seen WITH (security_invoker) AS SELECT body FROM notes",
                                "CREATE TRIGGER t INSTEAD OF UPDATE ON seen FOR EACH ROW EXECUTE FUNCTION fire()",
                                "GRANT SELECT, UPDATE ON seen TO $app")
                        .since(15),
                wrong(
                                "function-definer-trigger",
                                DEFINER_TRIGGER,
                                NOT_FIRED_BY_PUBLIC,
                                "CREATE TABLE inbox (body text)",
                                "CREATE TRIGGER t BEFORE INSERT ON inbox FOR EACH ROW EXECUTE FUNCTION fire()",
                                "GRANT INSERT ON inbox TO $app")
                        .also("table-without-tenant"),
                wrong(
                                "function-definer-trigger",
                                DEFINER_TRIGGER,
                                NOT_FIRED_BY_PUBLIC,
                                "CREATE TABLE inbox (id int PRIMARY KEY)",
                                "CREATE TABLE inbox_line (id int REFERENCES inbox ON DELETE CASCADE)",
                                "CREATE TRIGGER t BEFORE DELETE ON inbox_line FOR EACH ROW EXECUTE FUNCTION fire()",
                                "GRANT DELETE ON inbox TO $app")
                        .also("table-without-tenant"),
                wrong("function-commits", "CREATE PROCEDURE halves() LANGUAGE plpgsql AS 'BEGIN COMMIT; END'")
                        .right("CREATE PROCEDURE halves() LANGUAGE plpgsql AS 'BEGIN PERFORM 1; END'")
                        .byHand("DROP PROCEDURE halves()"),
                wrong("function-large-objects", "GRANT EXECUTE ON FUNCTION pg_catalog.lo_get(oid) TO PUBLIC"),
                wrong(
                        "function-large-objects",
                        "GRANT EXECUTE ON FUNCTION pg_catalog.lo_open(oid, int), pg_catalog.loread(int, int) TO $app"),
                wrong(
                        "function-signals",
                        "GRANT EXECUTE ON FUNCTION pg_catalog.pg_terminate_backend(int, bigint) TO $app"),
                wrong("function-files", "GRANT EXECUTE ON FUNCTION pg_catalog.pg_read_file(text) TO $app"),
                wrong("function-server-control", "GRANT EXECUTE ON FUNCTION pg_catalog.pg_reload_conf() TO $app"),
                wrong(
                                "large-object-readable",
                                "SELECT pg_catalog.lo_create(4711)",
                                "GRANT SELECT ON LARGE OBJECT 4711 TO PUBLIC")
                        .right("SELECT pg_catalog.lo_create(4711)"),
                wrong(
                        "large-object-readable",
                        "SELECT pg_catalog.lo_create(4711)",
                        "ALTER LARGE OBJECT 4711 OWNER TO $app"),
                wrong("seal-keys-readable", SEAL, SEAL_KEYS, "GRANT SELECT ON tenancy.seal_key TO $app")
                        .right(SEAL, SEAL_KEYS),
                wrong(
                                "seal-function-altered",
                                SEAL,
                                SEAL_USAGE,
                                SEAL_KEYS,
                                READABLE_TENANTS,
                                "ALTER FUNCTION tenancy.readable_tenants() RESET search_path")
                        .right(SEAL, SEAL_USAGE, SEAL_KEYS, READABLE_TENANTS)
                        .byHand("ALTER FUNCTION tenancy.readable_tenants() SET search_path = pg_catalog, pg_temp")
                        .also("function-definer-search-path"),
                wrong(
                                "seal-function-altered",
                                SEAL,
                                SEAL_USAGE,
                                SEAL_KEYS,
                                "CREATE FUNCTION tenancy.readable_tenants() RETURNS text[] LANGUAGE plpgsql STABLE PARALLEL SAFE"
                                        + " SECURITY DEFINER " + PATH
                                        + "AS $$BEGIN RETURN ARRAY[current_setting('tenancy.seal', true)]; END$$")
                        .byHand(READABLE_TENANTS));
    }

    /** The statement that makes it, as it is installed. */
    private static String functionOfTheSeal(String name) {
        Matcher statement = Pattern.compile(
                        "CREATE OR REPLACE FUNCTION tenancy\\." + name + "\\(\\) .*?\\$\\$.*?\\$\\$", Pattern.DOTALL)
                .matcher(TenantSeal.sql());
        if (!statement.find()) {
            throw new IllegalStateException("the seal has no function " + name);
        }
        return statement.group();
    }
}
