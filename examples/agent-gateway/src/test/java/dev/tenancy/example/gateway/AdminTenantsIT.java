package dev.tenancy.example.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tenancy.example.gateway.Client.Answer;
import dev.tenancy.testservers.CuttableProxy;
import dev.tenancy.testservers.TestPostgres;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntSupplier;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the operator does with tenants, as two replicas of the gateway see it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class AdminTenantsIT {
    private static final String TOKEN = "the-operators-token";

    private TestPostgres.Database database;
    private CuttableProxy proxy;
    private AgentGateway one;
    private AgentGateway two;
    private Client operator;

    @BeforeAll
    void start() throws Exception {
        database = TestPostgres.newDatabase();
        proxy = CuttableProxy.to(database.address());
        String url = "jdbc:postgresql://127.0.0.1:" + proxy.port() + "/" + database.name() + "?password=test&user=";
        Settings settings = TestSettings.on(
                url + database.app(),
                url + database.owner(),
                "GATEWAY_OPERATOR_TOKEN",
                TOKEN,
                "GATEWAY_TENANT_KEY_MAP",
                "key-of-leaver:leaver;key-of-stayer:stayer;key-of-limited:limited;key-of-late:late;"
                        + "key-of-held:held;key-of-listener:listener;key-of-raced:raced");
        one = AgentGateway.start(settings);
        two = AgentGateway.start(settings);
        operator = Client.anonymous(one.url()).with(TOKEN);
    }

    @AfterAll
    void stop() {
        one.close();
        two.close();
        proxy.close();
    }

    private Answer put(String tenant, Map<String, ?> terms) {
        return operator.send("PUT", "/admin/tenants/" + tenant, Json.text(terms));
    }

    private static Client at(AgentGateway gateway, String key) {
        return Client.anonymous(gateway.url()).with(key);
    }

    /** The other replica is told when the change is committed. */
    private static void await(int expected, IntSupplier status) {
        int last = -1;
        while (last != expected) {
            last = status.getAsInt();
        }
    }

    @Test
    void theyAreListedWithTheirTerms() {
        JsonNode tenants = operator.get("/admin/tenants").json();

        assertThat(tenants.get("items").findValuesAsText("id")).contains("acme", "globex", "tiny", "frozen", "stayer");
        assertThat(tenants.get("items"))
                .anySatisfy(tenant -> assertThat(tenant.toString())
                        .isEqualTo("{\"id\":\"tiny\",\"status\":\"active\",\"requestsPerMinute\":5,\"burst\":5,"
                                + "\"budgetMicros\":2000}"))
                .anySatisfy(tenant -> assertThat(tenant.toString())
                        .isEqualTo(
                                "{\"id\":\"frozen\",\"status\":\"suspended\",\"requestsPerMinute\":600,\"burst\":100,"
                                        + "\"budgetMicros\":1000000}"));
    }

    @Test
    void aSuspensionHoldsAtOnceInAllReplicasAndSoDoesItsEnd() {
        assertThat(at(two, "key-of-late").get("/agents").status()).isEqualTo(200);

        assertThat(put("late", Map.of("status", "suspended")).status()).isEqualTo(200);
        assertThat(at(one, "key-of-late").get("/agents").status()).isEqualTo(403);
        await(403, () -> at(two, "key-of-late").get("/agents").status());

        put("late", Map.of("status", "active"));
        assertThat(at(one, "key-of-late").get("/agents").status()).isEqualTo(200);
        await(200, () -> at(two, "key-of-late").get("/agents").status());
    }

    @Test
    void aTenantThatIsMadeIsKnownAtOnce() {
        Client unknown = Client.anonymous(one.url()).as("newcomer");
        assertThat(unknown.get("/agents").status()).isEqualTo(401);

        Answer made = put("newcomer", Map.of("requestsPerMinute", 60, "burst", 10));

        assertThat(made.body())
                .isEqualTo("{\"id\":\"newcomer\",\"status\":\"active\",\"requestsPerMinute\":60,\"burst\":10,"
                        + "\"budgetMicros\":1000000}");
        assertThat(unknown.get("/agents").status()).isEqualTo(200);
    }

    @Test
    void limitsAndBudgetsAreChangedWithoutForgettingWhatIsUsed() {
        Client limited = at(one, "key-of-limited");
        put("limited", Map.of("requestsPerMinute", 1, "burst", 3, "budgetMicros", 0));

        Answer denied = limited.post("/chat", Map.of("prompt", "x", "maxTokens", 10));
        assertThat(denied.status())
                .as("nothing may be spent, and what is refused takes no permit")
                .isEqualTo(429);
        assertThat(denied.header("RateLimit")).as("as in all answers").isNotEmpty();
        assertThat(limited.get("/agents").status()).isEqualTo(200);
        assertThat(limited.get("/agents").status()).isEqualTo(200);
        assertThat(limited.get("/agents").status()).isEqualTo(200);
        assertThat(limited.get("/agents").status()).isEqualTo(429);

        put("limited", Map.of("requestsPerMinute", 1, "burst", 5, "budgetMicros", 1_000_000));
        assertThat(limited.post("/chat", Map.of("prompt", "x", "maxTokens", 10)).status())
                .isEqualTo(200);
        assertThat(limited.get("/agents").status()).isEqualTo(200);
        assertThat(limited.get("/agents").status())
                .as("two more than before, and not five")
                .isEqualTo(429);
        put("limited", Map.of("requestsPerMinute", 0));
        assertThat(limited.get("/agents").status()).isEqualTo(429);
    }

    @Test
    void aTenantGetsItsRowsAndIsErasedAndTheOthersKeepTheirs() throws Exception {
        at(one, "key-of-leaver").post("/agents", Map.of("name", "of the leaver"));
        at(one, "key-of-leaver").post("/chat", Map.of("prompt", "x", "maxTokens", 10));
        at(two, "key-of-stayer").post("/agents", Map.of("name", "of the stayer"));

        Map<String, String> files = export("leaver");
        assertThat(files).containsKey("manifest.json");
        assertThat(String.join("\n", files.values())).contains("of the leaver").doesNotContain("of the stayer");

        Answer erased = operator.delete("/admin/tenants/leaver");

        assertThat(erased.status()).isEqualTo(200);
        assertThat(erased.json().get("erased").asBoolean()).isTrue();
        assertThat(erased.json().get("rowsLeft").size()).isGreaterThan(10);
        assertThat(erased.json().get("rowsLeft"))
                .allSatisfy(rows -> assertThat(rows.asLong()).isZero());
        assertThat(at(one, "key-of-leaver").get("/agents").status()).isEqualTo(401);
        await(401, () -> at(two, "key-of-leaver").get("/agents").status());
        assertThat(at(two, "key-of-stayer").get("/agents").body()).contains("of the stayer");
        assertThat(operator.delete("/admin/tenants/leaver").status()).isEqualTo(404);
        assertThat(operator.get("/admin/tenants/leaver/export").status()).isEqualTo(404);
    }

    @Test
    void whatIsUnderWayEndsBeforeTheTenantIsErased() throws Exception {
        CompletableFuture<Answer> request;
        CompletableFuture<Answer> erased;
        try (Connection holder = database.ownerConnection()) {
            execute(holder, "SELECT pg_advisory_lock(77)");
            request = CompletableFuture.supplyAsync(() -> at(one, "key-of-held")
                    .post(
                            "/sql",
                            Map.of(
                                    "sql",
                                    "SELECT pg_advisory_xact_lock(77); INSERT INTO agents (name) VALUES ('late')")));
            awaitBlockedBy(holder);
            erased = CompletableFuture.supplyAsync(() -> operator.delete("/admin/tenants/held"));
            while (!erased.isDone() && !isAwaited()) {
                Thread.onSpinWait();
            }
            assertThat(at(one, "key-of-held").get("/agents").status()).isEqualTo(403);
            assertThat(operator.delete("/admin/tenants/held").status())
                    .as("one at a time")
                    .isEqualTo(409);
        }

        assertThat(request.get().status()).isEqualTo(200);
        assertThat(erased.get().status()).isEqualTo(200);
        assertThat(erased.get().json().get("erased").asBoolean()).isTrue();
        assertThat(rowsOf("held", "agents")).isZero();
        assertThat(rowsOf("held", "audit_records")).isZero();
    }

    private static boolean isAwaited() {
        return Thread.getAllStackTraces().values().stream()
                .flatMap(Stream::of)
                .anyMatch(frame -> frame.getClassName().equals(Work.class.getName())
                        && frame.getMethodName().equals("awaitEnd"));
    }

    @Test
    void aTenantThatListensIsErasedToo() throws Exception {
        try (EventReader events = EventReader.open(one.url() + "/events", "key-of-listener")) {
            assertThat(events.status()).isEqualTo(200);

            Answer erased = operator.delete("/admin/tenants/listener");

            assertThat(erased.status()).isEqualTo(200);
            assertThat(erased.json().get("erased").asBoolean()).isTrue();
        }
    }

    @Test
    void ofTwoWhoChangeATenantNeitherUndoesWhatTheOtherDid() throws Exception {
        CompletableFuture<Answer> other;
        try (Connection suspending = database.ownerConnection()) {
            suspending.setAutoCommit(false);
            execute(suspending, "UPDATE tenancy_tenant SET status = 'suspended' WHERE id = 'raced'");
            other = CompletableFuture.supplyAsync(() -> put("raced", Map.of("burst", 7)));
            awaitBlockedBy(suspending);
            suspending.commit();
        }

        assertThat(other.get().status()).isEqualTo(200);
        assertThat(other.get().json().get("status").asText()).isEqualTo("suspended");
        assertThat(at(one, "key-of-raced").get("/agents").status()).isEqualTo(403);
    }

    private static void awaitBlockedBy(Connection holder) throws SQLException {
        boolean blocked = false;
        while (!blocked) {
            try (Statement statement = holder.createStatement();
                    ResultSet row = statement.executeQuery("SELECT count(*) > 0 FROM pg_locks AS waiting"
                            + " WHERE pg_backend_pid() = ANY (pg_blocking_pids(waiting.pid))")) {
                row.next();
                blocked = row.getBoolean(1);
            }
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private long rowsOf(String tenant, String table) throws SQLException {
        try (Connection superuser = DriverManager.getConnection(database.superuserUrl());
                Statement statement = superuser.createStatement();
                ResultSet row = statement.executeQuery(
                        "SELECT count(*) FROM " + table + " WHERE tenant_id = '" + tenant + "'")) {
            row.next();
            return row.getLong(1);
        }
    }

    @Test
    void aTenantWhoseTermsCannotBeReadIsListedAndMended() throws Exception {
        put("odd", Map.of());
        database.asOwner("UPDATE tenancy_tenant SET settings = settings || '{\"budget\":\"1000000000000001/1d\"}'"
                + " WHERE id = 'odd'");

        assertThat(put("odd", Map.of("burst", 7)).body())
                .isEqualTo("{\"id\":\"odd\",\"status\":\"active\",\"requestsPerMinute\":600,\"burst\":7,"
                        + "\"budgetMicros\":0}");
        assertThat(operator.get("/admin/tenants").status()).isEqualTo(200);
        assertThat(put("odd", Map.of("budgetMicros", 5))
                        .json()
                        .get("budgetMicros")
                        .asLong())
                .isEqualTo(5);
    }

    @Test
    void whatIsNotSaidStaysAsItIs() throws Exception {
        put("special", Map.of());
        database.asOwner(
                "UPDATE tenancy_tenant SET settings ="
                        + " '{\"budget\":\"unlimited/1mo\",\"rate-limit\":\"600/1m per subject\",\"mine\":\"x\"}' WHERE id = 'special'");

        assertThat(put("special", Map.of("status", "suspended")).status()).isEqualTo(200);

        try (Connection owner = database.ownerConnection();
                Statement statement = owner.createStatement();
                ResultSet row = statement.executeQuery("SELECT status, settings->>'budget', settings->>'rate-limit',"
                        + " settings->>'mine' FROM tenancy_tenant WHERE id = 'special'")) {
            row.next();
            assertThat(List.of(row.getString(1), row.getString(2), row.getString(3), row.getString(4)))
                    .containsExactly("suspended", "unlimited/1mo", "600/1m per subject", "x");
        }
    }

    private Map<String, String> export(String tenant) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(one.url() + "/admin/tenants/" + tenant + "/export"))
                .header("Authorization", "Bearer " + TOKEN)
                .build();
        Map<String, String> files = new LinkedHashMap<>();
        try (InputStream body = HttpClient.newHttpClient()
                        .send(request, BodyHandlers.ofInputStream())
                        .body();
                ZipInputStream zip = new ZipInputStream(body)) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                files.put(entry.getName(), new String(zip.readAllBytes(), StandardCharsets.UTF_8));
            }
        }
        return files;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "stayer | {\"status\":\"gone\"}",
                "stayer | {\"status\":1}",
                "stayer | {\"requestsPerMinute\":-1}",
                "stayer | {\"requestsPerMinute\":1.5}",
                "stayer | {\"burst\":\"many\"}",
                "stayer | {\"budgetMicros\":-1}",
                "stayer | {\"budgetMicros\":99999999999999999999}",
                "stayer | {\"budgetMicros\":1000000000000001}",
                "stayer | {\"requestsPerMinute\":1000001}",
                "stayer | {\"burst\":1000001}",
                "stayer | []",
                "stayer | nonsense",
                "a%20b | {}",
                "%00 | {}"
            })
    void nonsenseIsRefusedAndChangesNothing(String tenant, String body) {
        String before = operator.get("/admin/tenants").body();

        Answer answer = operator.send("PUT", "/admin/tenants/" + tenant, body);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(operator.get("/admin/tenants").body()).isEqualTo(before);
    }

    @Test
    void itIsForTheOperatorOnly() {
        for (Client other : List.of(
                Client.anonymous(one.url()),
                at(one, "key-of-stayer"),
                Client.anonymous(one.url()).as("acme"))) {
            assertThat(other.get("/admin/tenants").status()).isEqualTo(401);
            assertThat(other.send("PUT", "/admin/tenants/stayer", "{}").status())
                    .isEqualTo(401);
            assertThat(other.get("/admin/tenants/stayer/export").status()).isEqualTo(401);
            assertThat(other.delete("/admin/tenants/stayer").status()).isEqualTo(401);
        }
        assertThat(at(one, "key-of-stayer").get("/agents").status()).isEqualTo(200);
    }

    @Test
    @Order(Outages.LAST)
    void anOutageIsAnOutage() {
        proxy.cut();
        assertThat(operator.get("/admin/tenants").status()).isEqualTo(503);
        assertThat(put("stayer", Map.of("burst", 7)).status()).isEqualTo(503);
        assertThat(operator.get("/admin/tenants/stayer/export").status()).isEqualTo(503);
        proxy.restore();
        await(200, () -> operator.get("/admin/tenants").status());
    }
}
