package dev.tenancy.example.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tenancy.example.gateway.Client.Answer;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code POST /sql} does for those who mean well, and for those who mean the server. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class SqlConsoleIT {
    private SqlServer server;
    private Client tenant;

    @BeforeAll
    void start() throws Exception {
        server = new SqlServer(true);
        tenant = server.tenant(0);
    }

    @AfterAll
    void stop() throws Exception {
        server.close();
    }

    private static Answer sql(Client client, String sql) {
        return client.post("/sql", Map.of("sql", sql));
    }

    @Test
    void aTenantSeesAndWritesItsOwnRowsWithoutSayingWhoseTheyAre() {
        sql(server.tenant(1), "INSERT INTO agents (name) VALUES ('of another')");

        Answer written = sql(tenant, "INSERT INTO agents (name) VALUES ('one'), ('two')");
        Answer read = sql(tenant, "SELECT name, tenant_id FROM agents ORDER BY name");

        assertThat(written.status()).isEqualTo(200);
        assertThat(written.body()).isEqualTo("{\"columns\":[],\"rows\":[],\"updated\":2}");
        assertThat(read.body())
                .isEqualTo("{\"columns\":[\"name\",\"tenant_id\"],\"rows\":[[\"one\",\"t0\"],[\"two\",\"t0\"]],"
                        + "\"updated\":0}");
        assertThat(tenant.get("/agents").body()).contains("\"one\"").doesNotContain("of another");
        assertThat(tenant.get("/audit").body()).contains("\"sql\"");
        sql(tenant, "DELETE FROM agents");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "1 | 1",
                "9223372036854775807 | 9223372036854775807",
                "12345678901234567890.123 | 12345678901234567890.123",
                "'NaN'::numeric | \"NaN\"",
                "'Infinity'::float8 | \"Infinity\"",
                "0.1::float8 | 0.1",
                "true | true",
                "NULL | null",
                "'text' | \"text\"",
                "'{\"a\":1}'::jsonb | \"{\\\"a\\\": 1}\"",
                "ARRAY[1,NULL] | \"{1,NULL}\"",
                "'\\x00ff'::bytea | \"\\\\x00ff\"",
                "B'101' | \"101\"",
                "date '2030-02-01' | \"2030-02-01\"",
                "'infinity'::timestamptz | \"infinity\"",
                "ROW(1,'x') | \"(1,x)\"",
                "repeat('x', 3) | \"xxx\""
            })
    void valuesAreNumbersBooleansOrTheTextThatPostgresPrints(String expression, String json) {
        assertThat(sql(tenant, "SELECT " + expression + " AS v").body())
                .isEqualTo("{\"columns\":[\"v\"],\"rows\":[[" + json + "]],\"updated\":0}");
    }

    @Test
    void ofSeveralStatementsTheLastRowsCountAndAllOrNoneAreDone() {
        Answer all = sql(
                tenant,
                "INSERT INTO policies (name) VALUES ('p1'); UPDATE policies SET name = 'p2'; SELECT name FROM policies;"
                        + " DELETE FROM policies");
        Answer none = sql(tenant, "INSERT INTO policies (name) VALUES ('p3'); SELECT 1/0");

        assertThat(all.body()).isEqualTo("{\"columns\":[\"name\"],\"rows\":[[\"p2\"]],\"updated\":3}");
        assertThat(none.status()).isEqualTo(400);
        assertThat(tenant.get("/policies").json().get("total").asInt()).isZero();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "SELEC 1 | syntax error",
                "SELECT $1 | 08P01: ",
                "DO $$ BEGIN RAISE EXCEPTION 'mine' USING ERRCODE = '08006'; END $$ | 08006: mine",
                "DO $$ BEGIN RAISE EXCEPTION 'mine' USING ERRCODE = '57P01'; END $$ | 57P01: mine",
                "SELECT * FROM nothing | relation \"nothing\" does not exist",
                "SELECT 1/0 | division by zero",
                "SELECT 'x'::int | invalid input syntax",
                "COPY agents TO STDOUT | COPY",
                "SELECT generate_series(1, 1001) | more than 1000 rows",
                "SELECT repeat('x', 5000000) | more than 4000000 bytes",
                "SELECT repeat('x', 100000) FROM generate_series(1, 900) | more than 4000000 bytes",
                "UPDATE tenancy_budget SET spent = 0 | permission denied",
                "DELETE FROM audit_records | permission denied",
                "INSERT INTO audit_records (action, target) VALUES ('a', 'b') | permission denied",
                "SELECT * FROM tenancy_tenant | permission denied",
                "UPDATE jobs SET state = 'done' | permission denied",
                "SELECT tenancy_budget_settle('t0', 'x', 0, 'settled') | permission denied",
                "INSERT INTO agents (name, tenant_id) VALUES ('x', 't1') | row-level security"
            })
    void whatCannotBeDoneIsToldInPostgresOwnWords(String sql, String message) {
        Answer answer = sql(tenant, sql);

        assertThat(answer.status()).as(answer.body()).isEqualTo(400);
        assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
        assertThat(answer.json().get("detail").asText()).contains(message);
    }

    @Test
    void messagesOfTheServerDoNotFillTheMemory() {
        Answer answer = sql(
                tenant, "DO $$ BEGIN FOR i IN 1..1000000 LOOP RAISE NOTICE '%', repeat('x', 100000); END LOOP; END $$");

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.json().get("detail").asText()).contains("more than 4000000 bytes");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "SET statement_timeout = 0; SELECT pg_sleep(60)",
                "DO $$ BEGIN LOOP BEGIN PERFORM pg_sleep(1);"
                        + " EXCEPTION WHEN query_canceled THEN EXIT WHEN clock_timestamp() > now() + interval '30 seconds';"
                        + " END; END LOOP; END $$"
            })
    void whatDoesNotEndIsEnded(String sql) {
        Answer answer = sql(server.tenant(2), sql);

        assertThat(answer.status()).as(answer.body()).isEqualTo(400);
        assertThat(answer.json().get("detail").asText()).containsAnyOf("canceling statement", "longer than 5 seconds");
        assertThat(sql(server.tenant(3), "SELECT 1").status()).isEqualTo(200);
    }

    @Test
    void oneTenantDoesNotTakeAllSessions() throws Exception {
        Thread[] sleepers = new Thread[4];
        for (int i = 0; i < sleepers.length; i++) {
            sleepers[i] = new Thread(() -> sql(server.tenant(4), "SELECT pg_sleep(4)"));
            sleepers[i].start();
        }
        server.awaitSleepers(2);

        assertThat(sql(server.tenant(5), "SELECT 1").status()).isEqualTo(200);
        for (Thread sleeper : sleepers) {
            sleeper.join();
        }
    }

    @Test
    void aSessionServesOneCallAndNothingIsLeftOfIt() {
        Client other = server.tenant(6);
        String leave = "SELECT set_config('my.mark', 'left', false); SET search_path = pg_catalog; LISTEN x;"
                + " PREPARE p AS SELECT 1; SELECT pg_advisory_lock(7); SELECT pg_backend_pid()";
        String look = "SELECT pg_backend_pid(), current_setting('my.mark', true), current_setting('search_path'),"
                + " (SELECT count(*) FROM pg_prepared_statements WHERE name = 'p'),"
                + " (SELECT count(*) FROM pg_listening_channels())";

        JsonNode left = sql(tenant, leave).json().at("/rows/0/0");
        for (Client each : new Client[] {tenant, other}) {
            JsonNode row = sql(each, look).json().at("/rows/0");
            assertThat(row.get(0)).isNotEqualTo(left);
            assertThat(row.get(1).isNull()).isTrue();
            assertThat(row.get(2).asText()).contains("public");
            assertThat(row.get(3).asInt()).isZero();
            assertThat(row.get(4).asInt()).isZero();
        }
        assertThat(sql(other, "SELECT pg_try_advisory_lock(7)")
                        .json()
                        .at("/rows/0/0")
                        .asBoolean())
                .isTrue();
    }

    @Test
    @Order(Outages.LAST)
    void nobodyAndNonsenseAreRefusedAndAnOutageIsAnOutage() {
        assertThat(sql(server.anonymous(), "SELECT 1").status()).isEqualTo(401);
        assertThat(tenant.post("/sql", Map.of()).status()).isEqualTo(400);
        assertThat(tenant.post("/sql", Map.of("sql", "")).status()).isEqualTo(400);
        assertThat(tenant.post("/sql", Map.of("sql", 1)).status()).isEqualTo(400);
        assertThat(tenant.post("/sql", Map.of("sql", "x".repeat(20_001))).status())
                .isEqualTo(400);
        assertThat(tenant.post("/sql", Map.of("sql", "SELECT '\0'")).status()).isEqualTo(400);
        server.proxy().cut();
        assertThat(sql(tenant, "SELECT 1").status()).isEqualTo(503);
        server.proxy().restore();
        int status = 503;
        while (status == 503) {
            status = sql(server.tenant(7), "SELECT 1").status();
        }
        assertThat(status).isEqualTo(200);
    }
}
