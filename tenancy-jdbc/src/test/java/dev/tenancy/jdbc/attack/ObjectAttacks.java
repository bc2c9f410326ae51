package dev.tenancy.jdbc.attack;

import java.util.List;

/** Functions, types, operators, views, rules, triggers and whatever else SQL can make, temporary or not. */
final class ObjectAttacks {
    private static final String READ = "SELECT * FROM accounts";

    /** Prints what it is given. */
    private static final String LEAK =
            "CREATE FUNCTION lab.leak(text) RETURNS boolean LANGUAGE plpgsql COST 0.0000001 AS"
                    + " $$ BEGIN RAISE NOTICE 'leaked %', $1; RETURN true; END$$";

    static final List<Attack> ALL = List.of(
            Attack.of(LEAK, "SELECT id FROM accounts WHERE lab.leak(secret)", "DROP FUNCTION lab.leak(text)"),
            Attack.of(
                    LEAK.replace("COST", "LEAKPROOF COST"),
                    "SELECT id FROM accounts WHERE lab.leak(secret)",
                    "DROP FUNCTION lab.leak(text)"),
            Attack.of(
                    LEAK,
                    "SELECT id FROM orders WHERE lab.leak(note) AND account IN (SELECT id FROM accounts WHERE lab.leak(email))",
                    "DROP FUNCTION lab.leak(text)"),
            Attack.of(
                    LEAK,
                    "CREATE OPERATOR lab.=== (LEFTARG = text, PROCEDURE = lab.leak)",
                    "SELECT id FROM accounts WHERE lab.leak(secret)",
                    "DROP FUNCTION lab.leak(text) CASCADE"),
            Attack.of(
                    "CREATE FUNCTION lab.eq(text, text) RETURNS boolean LANGUAGE plpgsql COST 0.0000001 AS"
                            + " $$ BEGIN RAISE NOTICE 'leaked % %', $1, $2; RETURN true; END$$",
                    "CREATE OPERATOR lab.= (LEFTARG = text, RIGHTARG = text, PROCEDURE = lab.eq)",
                    "SET search_path = lab, public, pg_catalog",
                    "SELECT * FROM public.accounts WHERE email = 'x' OR secret = 'y'",
                    "SELECT * FROM public.accounts",
                    "DROP FUNCTION lab.eq(text, text) CASCADE"),
            Attack.of(
                    "CREATE FUNCTION lab.eq($T, $T) RETURNS boolean LANGUAGE sql AS 'SELECT true'",
                    "CREATE OPERATOR lab.= (LEFTARG = $T, RIGHTARG = $T, PROCEDURE = lab.eq)",
                    "SET search_path = lab, public, pg_catalog",
                    "SELECT * FROM public.accounts",
                    "UPDATE public.accounts SET secret = secret || '!'",
                    "DROP FUNCTION lab.eq($T, $T) CASCADE"),
            Attack.of(
                    "CREATE FUNCTION lab.set_config(text, text, boolean) RETURNS text LANGUAGE plpgsql AS"
                            + " $$ BEGIN RAISE NOTICE 'got % %', $1, $2; RETURN $2; END$$",
                    "SET search_path = lab, pg_catalog",
                    "SELECT * FROM public.accounts",
                    "DROP FUNCTION lab.set_config(text, text, boolean)"),
            Attack.of(
                    "CREATE FUNCTION pg_temp.current_tenant() RETURNS text LANGUAGE sql AS 'SELECT $B'",
                    "SET search_path = pg_temp, tenancy, public",
                    "SELECT current_tenant()",
                    READ),
            Attack.of(
                    "CREATE TEMP TABLE seal_key AS SELECT 'k1' AS id, ''::bytea AS inner_pad, ''::bytea AS outer_pad",
                    READ),
            Attack.of("CREATE TEMP TABLE accounts (id bigint)", READ, "SELECT * FROM public.accounts"),
            Attack.of("CREATE TEMP TABLE mine AS SELECT * FROM accounts", "SELECT * FROM mine"),
            Attack.of("CREATE TEMP TABLE child () INHERITS (accounts)", "SELECT * FROM child", READ),
            Attack.of("CREATE TABLE lab.child () INHERITS (public.accounts)", READ),
            Attack.of("ALTER TABLE accounts INHERIT lab.parent", "SELECT * FROM lab.parent"),
            Attack.of("CREATE TABLE lab.copy (LIKE public.accounts INCLUDING ALL)", "SELECT * FROM lab.copy"),
            Attack.of(
                    "CREATE TABLE lab.copy2 AS TABLE public.accounts",
                    "SELECT * FROM lab.copy2",
                    "DROP TABLE lab.copy2"),
            Attack.of("CREATE VIEW lab.v AS SELECT * FROM public.accounts", "SELECT * FROM lab.v", "DROP VIEW lab.v"),
            Attack.of(
                    "CREATE VIEW lab.v2 WITH (security_barrier = false) AS SELECT * FROM public.accounts",
                    LEAK,
                    "SELECT * FROM lab.v2 WHERE lab.leak(secret)",
                    "DROP VIEW lab.v2",
                    "DROP FUNCTION lab.leak(text)"),
            Attack.of("SELECT * FROM account_totals"),
            Attack.of("SELECT count_accounts()"),
            Attack.of(
                    "CREATE MATERIALIZED VIEW lab.m AS SELECT * FROM public.accounts",
                    "SELECT * FROM lab.m",
                    "DROP MATERIALIZED VIEW lab.m"),
            Attack.of("CREATE RULE r AS ON SELECT TO accounts DO INSTEAD SELECT * FROM orders", READ),
            Attack.of("CREATE RULE r AS ON INSERT TO accounts DO ALSO SELECT * FROM accounts", READ),
            Attack.of(
                    "CREATE FUNCTION lab.spy() RETURNS trigger LANGUAGE plpgsql AS"
                            + " $$ BEGIN RAISE NOTICE 'spied %', NEW; RETURN NEW; END$$",
                    "CREATE TRIGGER spy BEFORE UPDATE ON accounts FOR EACH ROW EXECUTE FUNCTION lab.spy()",
                    "UPDATE accounts SET amount = amount + 1",
                    "DROP FUNCTION lab.spy() CASCADE"),
            Attack.of("ALTER TABLE accounts DISABLE ROW LEVEL SECURITY", READ),
            Attack.of("ALTER TABLE accounts NO FORCE ROW LEVEL SECURITY", READ),
            Attack.of("ALTER TABLE accounts OWNER TO current_user", READ),
            Attack.of("CREATE POLICY mine ON accounts USING (true)", READ),
            Attack.of("DROP POLICY tenancy_restrictive ON accounts", READ),
            Attack.of("ALTER POLICY tenancy_permissive ON accounts USING (true)", READ),
            Attack.of("DROP OWNED BY current_user", READ),
            Attack.of("REASSIGN OWNED BY current_user TO postgres", READ),
            Attack.of("DROP TABLE accounts", "DROP SCHEMA tenancy CASCADE", READ),
            Attack.of(
                    "CREATE OR REPLACE FUNCTION tenancy.current_tenant() RETURNS text LANGUAGE sql AS 'SELECT $B'",
                    READ),
            Attack.of("ALTER FUNCTION tenancy.current_tenant() SET search_path = lab", READ),
            Attack.of("ALTER FUNCTION tenancy.current_tenant() SECURITY INVOKER", READ),
            Attack.of("CREATE EXTENSION dblink", "CREATE EXTENSION postgres_fdw", READ),
            Attack.of("CREATE LANGUAGE plpython3u", "CREATE FOREIGN DATA WRAPPER mine", READ),
            Attack.of("CREATE EVENT TRIGGER mine ON ddl_command_end EXECUTE FUNCTION lab.spy()", READ),
            Attack.of(
                    "CREATE PUBLICATION mine FOR ALL TABLES",
                    "CREATE SUBSCRIPTION mine CONNECTION '' PUBLICATION mine"),
            Attack.of("SELECT pg_create_logical_replication_slot('mine', 'test_decoding')"),
            Attack.of("CREATE STATISTICS lab.s ON email, secret FROM accounts", "ANALYZE accounts"),
            Attack.of("CREATE INDEX ON accounts (secret)", "REINDEX TABLE accounts", "CLUSTER accounts", READ),
            Attack.of("CREATE TABLE lab.refs (t $T, id bigint, FOREIGN KEY (t, id) REFERENCES public.accounts)", READ),
            Attack.of(
                    "CREATE DOMAIN lab.d AS text CHECK (VALUE <> 'x')",
                    "SELECT secret::lab.d FROM accounts",
                    "DROP DOMAIN lab.d"),
            Attack.of("CREATE CAST (text AS bigint) WITH INOUT AS IMPLICIT", READ),
            Attack.of(
                    "CREATE AGGREGATE lab.all_of(text) (SFUNC = textcat, STYPE = text)",
                    "SELECT lab.all_of(secret) FROM accounts"),
            Attack.of("COMMENT ON TABLE accounts IS 'mine'", "SECURITY LABEL ON TABLE accounts IS 'mine'"),
            Attack.of("VACUUM accounts", "VACUUM (VERBOSE) accounts", "ANALYZE VERBOSE accounts"),
            Attack.of("REFRESH MATERIALIZED VIEW lab.none", "ALTER SYSTEM SET row_security = off"));

    private ObjectAttacks() {}
}
