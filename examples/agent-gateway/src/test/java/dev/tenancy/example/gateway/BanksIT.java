package dev.tenancy.example.gateway;

import static dev.tenancy.example.gateway.Client.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenancy.example.gateway.Client.Answer;
import dev.tenancy.jdbc.audit.Finding;
import dev.tenancy.jdbc.audit.IsolationAudit;
import dev.tenancy.testservers.TestPostgres;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Banks over HTTP: a schema for each tenant that has an API key. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(value = 2, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class BanksIT {
    private static final String OPERATOR = "operator-of-banks";

    private TestPostgres.Database database;
    private Settings settings;
    private AgentGateway gateway;
    private Client anonymous;
    private Client acme;
    private Client globex;

    @BeforeAll
    void start() throws Exception {
        database = TestPostgres.newDatabase();
        settings = TestSettings.on(
                database,
                "GATEWAY_TENANT_KEY_MAP",
                "key-of-acme:acme;key-of-globex:globex;key-of-first:first;key-of-gone:gone;key-of-late:late_1;"
                        + "key-of-back:back",
                "GATEWAY_OPERATOR_TOKEN",
                OPERATOR);
        gateway = AgentGateway.start(settings);
        anonymous = Client.anonymous(gateway.url());
        acme = anonymous.with("key-of-acme");
        globex = anonymous.with("key-of-globex");
    }

    @AfterAll
    void stop() {
        gateway.close();
    }

    @Test
    void whatABankRetainsIsRecalledBestFirst() {
        Answer bank = acme.post("/banks", Map.of("name", "weather"));
        assertThat(bank.status()).as(bank.body()).isEqualTo(201);
        assertThat(bank.json().get("tenantId").asText()).isEqualTo("acme");
        assertThat(bank.json().get("name").asText()).isEqualTo("weather");
        assertThat(acme.get("/banks").json().get("items").findValuesAsText("id"))
                .contains(bank.id());

        Answer retained = retain(acme, bank.id(), "Rain in Spain stays in the plain");
        assertThat(retained.status()).isEqualTo(201);
        assertThat(retained.json().get("bankId").asText()).isEqualTo(bank.id());
        retain(acme, bank.id(), "Rain, rain, rain and Spain");
        retain(acme, bank.id(), "Nothing of that");

        assertThat(recall(acme, bank.id(), "rain Spain"))
                .containsExactly("Rain, rain, rain and Spain", "Rain in Spain stays in the plain");
        assertThat(recall(acme, bank.id(), "snow")).isEmpty();
        assertThat(recall(acme, bank.id(), "!!! & | <-> '")).isEmpty();
    }

    /** The tenant is the same, whatever proves it. */
    @Test
    void aTokenOfTheTenantSeesItsBanks() {
        String bank = acme.post("/banks", Map.of("name", "seen")).id();

        assertThat(anonymous.as("acme").get("/banks").json().get("items").findValuesAsText("id"))
                .contains(bank);
    }

    @Test
    void aNameIsTakenInTheSameTenantOnly() {
        assertThat(acme.post("/banks", Map.of("name", "one")).status()).isEqualTo(201);
        assertThat(globex.post("/banks", Map.of("name", "one")).status()).isEqualTo(201);

        assertProblem(acme.post("/banks", Map.of("name", "one")), 409, "conflict");
    }

    @Test
    void anothersBankIsLikeNobodys() {
        String foreign = globex.post("/banks", Map.of("name", "secret")).id();
        retain(globex, foreign, "the secret of globex");
        String unknown = UUID.randomUUID().toString();

        for (Map.Entry<String, Map<String, String>> call : Map.of(
                        "/retain", Map.of("text", "planted"), "/recall", Map.of("query", "secret"))
                .entrySet()) {
            Answer toForeign = acme.post("/banks/" + foreign + call.getKey(), call.getValue());
            Answer toUnknown = acme.post("/banks/" + unknown + call.getKey(), call.getValue());
            assertProblem(toForeign, 404, "not-found");
            assertThat(toForeign.body()).isEqualTo(toUnknown.body());
        }
        assertThat(acme.get("/banks").body()).doesNotContain(foreign);
        assertThat(recall(globex, foreign, "secret")).containsExactly("the secret of globex");
        assertThat(recall(globex, foreign, "planted")).isEmpty();
    }

    @Test
    void aTenantWithoutASchemaHasNoBanks() {
        Client tiny = anonymous.as("tiny");

        assertProblem(tiny.get("/banks"), 404, "not-found");
        assertProblem(tiny.post("/banks", Map.of("name", "x")), 404, "not-found");
    }

    @Test
    void withoutACredentialThereAreNoBanks() {
        assertProblem(anonymous.get("/banks"), 401, "unauthenticated");
        assertProblem(anonymous.post("/banks", Map.of("name", "x")), 401, "unauthenticated");
        assertProblem(
                anonymous.post("/banks/" + UUID.randomUUID() + "/recall", Map.of("query", "x")),
                401,
                "unauthenticated");
        assertProblem(anonymous.with("no-key").get("/banks"), 401, "unauthenticated");
        assertProblem(anonymous.as("frozen").get("/banks"), 403, "suspended");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "{}", "{\"name\":7}", "{\"name\":\"\"}", "{\"name\":\"\\u0000\"}"})
    void aMalformedBodyIsRefused(String body) {
        assertProblem(acme.send("POST", "/banks", body), 400, "malformed");
        assertProblem(acme.send("POST", "/banks/" + UUID.randomUUID() + "/retain", body), 400, "malformed");
        assertProblem(acme.send("POST", "/banks/" + UUID.randomUUID() + "/recall", body), 400, "malformed");
        assertProblem(acme.post("/banks/no-uuid/recall", Map.of("query", "x")), 400, "malformed");
    }

    @Test
    void manyWhoNeedASchemaFirstGetOne() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try (AgentGateway replica = AgentGateway.start(settings)) {
            List<Client> clients = List.of(
                    anonymous.with("key-of-first"),
                    Client.anonymous(replica.url()).with("key-of-first"));
            List<Future<Answer>> answers = new ArrayList<>();
            for (int i = 0; i < 16; i++) {
                Client client = clients.get(i % 2);
                String name = "bank " + i;
                answers.add(threads.submit(() -> client.post("/banks", Map.of("name", name))));
            }
            for (Future<Answer> answer : answers) {
                assertThat(answer.get().status()).as(answer.get().body()).isEqualTo(201);
            }
            assertThat(clients.get(0).get("/banks").json().get("total").asInt()).isEqualTo(16);
        } finally {
            threads.shutdown();
        }
        assertThat(count("SELECT count(*) FROM first.flyway_schema_history WHERE success AND version = '1'"))
                .isEqualTo(1);
    }

    /** Of the two that keep tenants apart, each does so alone. */
    @Test
    void theTablesOfASchemaAreProtectedThoughItIsNamed() throws Exception {
        String bank = globex.post("/banks", Map.of("name", "named")).id();

        Answer byName = acme.post("/sql", Map.of("sql", "SELECT * FROM globex.banks"));

        assertThat(byName.status()).isEqualTo(200);
        assertThat(byName.json().get("rows")).isEmpty();
        assertThat(globex.post("/sql", Map.of("sql", "SELECT id FROM globex.banks"))
                        .body())
                .contains(bank);
        Answer history = acme.post("/sql", Map.of("sql", "DELETE FROM globex.flyway_schema_history"));
        assertProblem(history, 400, "malformed");
    }

    @Test
    void eachWriteIsInTheTrailAndAnEvent() throws Exception {
        try (EventReader events = EventReader.open(gateway.url() + "/events", "key-of-late")) {
            Client late = anonymous.with("key-of-late");
            String bank = late.post("/banks", Map.of("name", "told")).id();
            retain(late, bank, "a text");

            assertThat(events.event().get("target").asText()).isEqualTo("/banks/" + bank);
            assertThat(events.event().get("action").asText()).isEqualTo("retain");
            assertThat(late.get("/audit").json().get("items").findValuesAsText("action"))
                    .containsExactly("retain", "create");
        }
    }

    @Test
    void aTenantThatIsErasedLeavesNoSchema() throws Exception {
        Client gone = anonymous.with("key-of-gone");
        retain(gone, gone.post("/banks", Map.of("name", "b")).id(), "a text");
        Client operator = anonymous.with(OPERATOR);

        Answer changed = operator.send("PUT", "/admin/tenants/gone", "{\"burst\":200}");
        assertThat(changed.status()).isEqualTo(200);
        assertThat(gone.get("/banks").json().get("total").asInt())
                .as("other terms, and the same schema")
                .isEqualTo(1);
        Answer erased = operator.delete("/admin/tenants/gone");

        assertThat(erased.status()).as(erased.body()).isEqualTo(200);
        assertThat(erased.json().get("erased").asBoolean()).isTrue();
        assertThat(count("SELECT count(*) FROM pg_namespace WHERE nspname = 'gone'"))
                .isZero();
        assertProblem(gone.get("/banks"), 401, "unauthenticated");
    }

    @Test
    void aTenantThatComesBackHasBanksInAllReplicas() throws Exception {
        Client operator = anonymous.with(OPERATOR);
        try (AgentGateway second = AgentGateway.start(settings)) {
            for (AgentGateway each : List.of(gateway, second)) {
                Client back = Client.anonymous(each.url()).with("key-of-back");
                assertThat(back.post("/banks", Map.of("name", "before")).status())
                        .isIn(201, 409);
                assertThat(operator.delete("/admin/tenants/back").status()).isEqualTo(200);
                assertThat(operator.send("PUT", "/admin/tenants/back", "{}").status())
                        .isEqualTo(200);

                Answer bank = Stream.generate(() -> back.post("/banks", Map.of("name", "again")))
                        .filter(answer -> each == gateway || answer.status() == 201)
                        .findFirst()
                        .orElseThrow();

                assertThat(bank.status()).as(bank.body()).isEqualTo(201);
                assertThat(back.get("/banks").json().get("items").findValuesAsText("name"))
                        .containsExactly("again");
            }
        }
    }

    @Test
    void banksAreNothingThatTheAuditFinds() throws Exception {
        acme.post("/banks", Map.of("name", "audited"));

        try (Connection application = DriverManager.getConnection(database.appUrl())) {
            assertThat(IsolationAudit.standard().run(application).findings())
                    .extracting(Finding::object)
                    .noneMatch(object -> object.contains("bank"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"k:public", "k:pg_x", "k:a b", "k:", "k", ":a", "k:a;k:b", "k:a;;l:b", "k:x\"; DROP"})
    void aMapOfKeysThatIsNoneIsRefusedAtTheStart(String map) {
        assertThatThrownBy(() -> Settings.of(Map.of("GATEWAY_TENANT_KEY_MAP", map)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("GATEWAY_TENANT_KEY_MAP");
    }

    private long count(String sql) throws SQLException {
        try (Connection owner = DriverManager.getConnection(database.ownerUrl());
                Statement statement = owner.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        }
    }

    private static Answer retain(Client client, String bank, String text) {
        return client.post("/banks/" + bank + "/retain", Map.of("text", text));
    }

    private static List<String> recall(Client client, String bank, String query) {
        Answer answer = client.post("/banks/" + bank + "/recall", Map.of("query", query));
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return answer.json().get("items").findValuesAsText("text");
    }
}
