package dev.tenancy.example.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenancy.example.gateway.Client.Answer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A tenant that attacks another through {@code POST /sql}, and through what it leaves behind for ordinary calls. The
 * victim is {@code globex}; a mark stands in all that it has.
 */
class SqlAttacksIT {
    private static final String MARK = "MARK-OF-THE-VICTIM";

    private static final List<String> ATTACKS = List.of(
            // Whose rows.
            "SELECT * FROM agents",
            "SELECT * FROM agents WHERE tenant_id = 'globex'",
            "SELECT count(*) FROM agents WHERE tenant_id <> 't0' OR true",
            "SELECT agents::text, to_jsonb(agents) FROM agents UNION ALL SELECT name, NULL FROM policies",
            "SELECT * FROM sessions s FULL JOIN session_records r ON true FULL JOIN jobs j ON true",
            "SELECT * FROM audit_records; SELECT * FROM tenancy_budget; SELECT * FROM tenancy_budget_reservation",
            "SELECT * FROM agents WHERE ctid >= '(0,0)' FOR UPDATE",
            "SELECT * FROM agents TABLESAMPLE SYSTEM (100)",
            "SELECT query_to_xml('select * from agents', true, true, ''), schema_to_xml('public', true, true, '')",
            // Who one is.
            "SET tenancy.tenant_id = 'globex'; SELECT * FROM agents",
            "SELECT set_config('tenancy.tenant_id', 'globex', false), set_config('tenancy.seal', '', false);"
                    + " SELECT * FROM agents",
            "SELECT set_config('tenancy.seal', regexp_replace(current_setting('tenancy.seal'), 't[0-9]+', 'globex'),"
                    + " true); SELECT * FROM agents",
            "SELECT set_config('tenancy.seal', 'ts1;k;9999999999;;globex;;' || repeat('0', 64), true);"
                    + " UPDATE agents SET name = 'stolen'",
            "RESET ALL; SELECT * FROM agents",
            "DISCARD ALL",
            "COMMIT; SET tenancy.tenant_id = 'globex'; SELECT * FROM agents; DELETE FROM agents",
            "ROLLBACK; BEGIN; SET LOCAL tenancy.tenant_id = 'globex'; SELECT * FROM agents; COMMIT",
            "DO $$ BEGIN PERFORM set_config('tenancy.tenant_id', 'globex', false); COMMIT; DELETE FROM agents; END $$",
            "SET row_security = off; SELECT * FROM agents",
            "SET session_replication_role = replica; DELETE FROM agents",
            "SET ROLE gateway_owner; SELECT * FROM agents",
            "SET SESSION AUTHORIZATION postgres; SELECT * FROM agents",
            "SELECT set_config('role', 'postgres', false); SELECT * FROM agents",
            "ALTER ROLE CURRENT_USER BYPASSRLS",
            "ALTER ROLE CURRENT_USER SET tenancy.tenant_id = 'globex'",
            "ALTER ROLE CURRENT_USER PASSWORD 'mine'",
            "GRANT pg_read_all_data TO CURRENT_USER",
            "SELECT * FROM tenancy.seal_key",
            "SELECT * FROM tenancy_tenant",
            "UPDATE tenancy_tenant SET status = 'suspended'",
            "INSERT INTO tenancy_tenant (id, status) VALUES ('planted', 'active')",
            "SELECT inner_pad, outer_pad FROM tenancy.seal_key",
            "INSERT INTO tenancy.seal_key SELECT * FROM tenancy.seal_key",
            // Others' rows, written.
            "INSERT INTO agents (name, tenant_id) VALUES ('planted', 'globex')",
            "INSERT INTO agents (id, name, tenant_id) SELECT id, 'x', 'globex' FROM agents ON CONFLICT DO NOTHING",
            "UPDATE agents SET name = 'stolen'; DELETE FROM sessions; DELETE FROM policies",
            "INSERT INTO agents (name) VALUES ('mine'); UPDATE agents SET tenant_id = 'globex'",
            "WITH f AS MATERIALIZED (SELECT set_config('tenancy.tenant_id', 'globex', true))"
                    + " UPDATE agents SET name = 'stolen' FROM f",
            "MERGE INTO agents a USING (VALUES (1)) v(n) ON true WHEN MATCHED THEN DELETE",
            "TRUNCATE agents CASCADE",
            "LOCK TABLE agents IN ACCESS EXCLUSIVE MODE",
            "DROP TABLE agents CASCADE",
            "ALTER TABLE agents DISABLE ROW LEVEL SECURITY",
            "DROP POLICY IF EXISTS tenancy_read ON agents",
            "CREATE POLICY mine ON agents USING (true)",
            "ALTER TABLE agents NO FORCE ROW LEVEL SECURITY, OWNER TO CURRENT_USER",
            "CREATE TRIGGER t BEFORE INSERT ON agents EXECUTE FUNCTION suppress_redundant_updates_trigger()",
            "CREATE RULE r AS ON SELECT TO agents DO INSTEAD SELECT 1",
            "INSERT INTO agent_policies (agent_id, policy_id) SELECT gen_random_uuid(), gen_random_uuid()",
            // What others would run into.
            "CREATE TABLE public.mine (a int)",
            "CREATE TEMP TABLE agents (id uuid, name text, tenant_id text); INSERT INTO agents VALUES (NULL, 'forged', 'globex')",
            "CREATE SCHEMA mine",
            "CREATE FUNCTION public.lower(text) RETURNS text LANGUAGE sql AS 'SELECT $1'",
            "CREATE FUNCTION tenancy.current_tenant() RETURNS text LANGUAGE sql AS 'SELECT ''globex'''",
            "CREATE OPERATOR public.= (LEFTARG = text, RIGHTARG = text, FUNCTION = texteq)",
            "CREATE VIEW public.v AS SELECT * FROM agents",
            "CREATE EXTENSION dblink; CREATE EXTENSION file_fdw; CREATE EXTENSION plpython3u",
            "CREATE EVENT TRIGGER e ON ddl_command_start EXECUTE FUNCTION suppress_redundant_updates_trigger()",
            "ALTER DATABASE CURRENT SET tenancy.tenant_id = 'globex'",
            "ALTER SYSTEM SET log_statement = 'all'",
            "SET search_path = pg_temp, public; PREPARE s AS SELECT * FROM agents; EXECUTE s",
            "PREPARE \"S_1\" AS DELETE FROM agents; LISTEN events; SELECT pg_advisory_lock(n) FROM generate_series(1, 100) n",
            "SET default_transaction_read_only = on; SET statement_timeout = 1; SET lock_timeout = 1;"
                    + " SET default_transaction_isolation = serializable; SELECT 1",
            "SET client_encoding = 'LATIN1'; SET datestyle = 'German'; SET bytea_output = 'escape'; SELECT 1",
            "DECLARE c CURSOR WITH HOLD FOR SELECT * FROM agents",
            "BEGIN; SELECT pg_export_snapshot()",
            "PREPARE TRANSACTION 'left'",
            // What the server tells.
            "SELECT * FROM pg_stats WHERE tablename = 'agents'",
            "SELECT * FROM pg_statistic",
            "SELECT * FROM pg_stat_activity",
            "SELECT * FROM pg_authid; SELECT * FROM pg_shadow",
            "SELECT * FROM pg_largeobject; SELECT lo_get(oid) FROM pg_largeobject_metadata",
            "SELECT lo_create(4242), lo_put(4242, 0, 'x')",
            "SELECT pg_notify('events', 'forged')",
            "SELECT pg_read_file('postgresql.conf'); SELECT pg_ls_dir('.')",
            "COPY agents TO '/tmp/agents'",
            "COPY agents TO PROGRAM 'cat'",
            "COPY agents FROM PROGRAM 'echo x'",
            "SELECT lo_import('/etc/passwd')",
            "EXPLAIN (ANALYZE, VERBOSE) SELECT * FROM agents",
            "EXPLAIN ANALYZE SELECT * FROM agents WHERE 1 / (CASE WHEN name LIKE 'MARK%' THEN 0 ELSE 1 END) = 1",
            "SELECT name::int FROM agents",
            "SELECT * FROM agents WHERE name::int = 1 OR tenant_id = 'globex'",
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()",
            "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()",
            "SELECT pg_terminate_backend(pg_backend_pid())",
            "SELECT nextval('audit_records_id_seq'), setval('audit_records_id_seq', 1)",
            "SELECT pg_logical_emit_message(true, 'x', 'y'), txid_current()",
            "SELECT dblink('', 'select 1')",
            // Budgets and jobs of others, and the functions that keep them.
            "SELECT * FROM tenancy_budget_reserve('globex', 'x', ARRAY['total'], ARRAY[''], ARRAY['total'],"
                    + " ARRAY[NULL]::bigint[], 1000000, '', 600, true)",
            "SELECT tenancy_budget_settle('globex', id, 0, 'settled') FROM tenancy_budget_reservation",
            "SELECT tenancy_budget_expire('globex', '-infinity', 'infinity')",
            "INSERT INTO jobs (id, kind, payload, state, tenant_id) VALUES (gen_random_uuid(), 'echo', '1', 'queued', 'globex')",
            "INSERT INTO audit_records (action, target, tenant_id) VALUES ('forged', 'forged', 'globex')");

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void nothingShowsOrTouchesTheVictim(boolean roleOfItsOwn) throws Exception {
        try (SqlServer server = new SqlServer(roleOfItsOwn)) {
            Client victim = server.anonymous().as("globex");
            List<String> ids = furnish(victim);
            server.awaitJobs();
            String before = victim.get("/agents").body();

            for (int i = 0; i < ATTACKS.size(); i++) {
                String sql = ATTACKS.get(i).replace("'t0'", "'t" + attacker(i) + "'");
                Client attacker = server.tenant(attacker(i));
                Map<String, String> rows = server.rowsOfOthersThan("t" + attacker(i));

                Answer direct = attacker.post("/sql", Map.of("sql", sql));
                Answer after = attacker.get("/agents");

                assertThat(direct.status()).as("%s: %s", sql, direct.body()).isIn(200, 400, 503);
                for (Answer answer : List.of(direct, after)) {
                    assertThat(answer.body()).as(sql).doesNotContain(MARK).doesNotContain(ids);
                }
                assertThat(after.status()).as(sql).isEqualTo(200);
                assertThat(server.rowsOfOthersThan("t" + attacker(i))).as(sql).isEqualTo(rows);
            }

            assertThat(victim.get("/agents").body()).isEqualTo(before);
            assertThat(victim.get("/audit").body()).doesNotContain("forged");
            assertThat(server.anonymous().get("/readyz").body()).isEqualTo("{\"status\":\"ready\"}");
        }
    }

    /** Each attacker has a few calls of its limit only. */
    private static int attacker(int attack) {
        return attack % SqlServer.TENANTS;
    }

    /** Something of each kind, and the ids of it. */
    private static List<String> furnish(Client victim) {
        List<String> ids = new ArrayList<>();
        for (String path : List.of("/agents", "/policies", "/controls")) {
            for (int i = 0; i < 3; i++) {
                ids.add(victim.post(path, Map.of("name", MARK + " " + i)).id());
            }
        }
        String session = victim.post("/sessions", Map.of("agentId", ids.get(0))).id();
        ids.add(session);
        assertThat(victim.post("/sessions/" + session + "/traces", Map.of("text", MARK))
                        .status())
                .isEqualTo(201);
        assertThat(victim.post("/chat", Map.of("prompt", MARK, "maxTokens", 10)).status())
                .isEqualTo(200);
        ids.add(victim.post("/jobs", Map.of("kind", "echo", "payload", MARK)).id());
        return ids;
    }
}
