package dev.tenancy.example.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tenancy.example.gateway.Client.Answer;
import dev.tenancy.testservers.CuttableProxy;
import dev.tenancy.testservers.TestPostgres;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Layers of memory: {@code acme} may also read {@code shared}, {@code globex} may not. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class MemoryIT {
    private CuttableProxy proxy;
    private AgentGateway gateway;
    private Client anonymous;
    private Client acme;
    private Client globex;
    private Client shared;

    @BeforeAll
    void start() throws Exception {
        TestPostgres.Database database = TestPostgres.newDatabase();
        proxy = CuttableProxy.to(database.address());
        String url = "jdbc:postgresql://127.0.0.1:" + proxy.port() + "/" + database.name() + "?password=test&user=";
        gateway = AgentGateway.start(TestSettings.on(
                url + database.app(), url + database.owner(), "GATEWAY_TENANT_KEY_MAP", "key-of-shared:shared"));
        anonymous = Client.anonymous(gateway.url());
        acme = anonymous.as("acme");
        globex = anonymous.as("globex");
        shared = anonymous.with("key-of-shared");
    }

    @AfterAll
    void stop() {
        gateway.close();
        proxy.close();
    }

    private static Answer remember(Client client, String path, String text) {
        return client.send("PUT", "/memory/" + path, Json.text(Map.of("text", text)));
    }

    @Test
    void aTenantReadsItsOwnAboveWhatItMayReadOfOthersAndWritesItsOwnOnly() {
        remember(shared, "style/tone", "of shared");
        remember(globex, "style/tone", "of globex");

        assertThat(acme.get("/memory/style/tone").json().get("text").asText()).isEqualTo("of shared");
        assertThat(remember(acme, "style/tone", "of acme")
                        .json()
                        .get("tenantId")
                        .asText())
                .isEqualTo("acme");
        assertThat(remember(acme, "style/tone", "of acme, again").status()).isEqualTo(200);

        assertThat(acme.get("/memory/style/tone").json().get("text").asText()).isEqualTo("of acme, again");
        assertThat(shared.get("/memory/style/tone").json().get("text").asText()).isEqualTo("of shared");
        assertThat(globex.get("/memory/style/tone").json().get("text").asText()).isEqualTo("of globex");
        assertThat(acme.get("/memory?query=OF%20").json().findValuesAsText("text"))
                .containsExactly("of acme, again", "of shared");
        assertThat(globex.get("/memory?query=tone").json().findValuesAsText("text"))
                .containsExactly("of globex");
    }

    @Test
    void whatIsFoundIsCountedThoughNotAllOfItIsSent() {
        globex.post(
                "/sql",
                Map.of(
                        "sql",
                        "INSERT INTO memories (path, text) SELECT 'counted/' || n, 'x' FROM generate_series(1, 101) AS n"));

        JsonNode found = globex.get("/memory?query=counted").json();

        assertThat(found.get("items")).hasSize(100);
        assertThat(found.get("total").asInt()).isEqualTo(101);
    }

    @Test
    void readingWhatIsAnothersIsRecordedForWhoReadsAndNotForThatOther() {
        remember(shared, "audited", "text");

        acme.get("/memory/audited");

        assertThat(acme.get("/audit").body()).contains("\"action\":\"read of shared\",\"target\":\"/memory/audited\"");
        assertThat(shared.get("/audit").body()).doesNotContain("read of");
        assertThat(globex.get("/memory/audited").status()).isEqualTo(404);
    }

    @Test
    void anothersIsLikeNobodys() {
        remember(globex, "secret", "of globex");

        Answer foreign = acme.get("/memory/secret");
        Answer nobodys = acme.get("/memory/nothing");

        assertThat(foreign.status()).isEqualTo(404);
        assertThat(foreign.body()).isEqualTo(nobodys.body());
        assertThat(acme.get("/memory?query=secret").json().get("total").asInt()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a%20b", "a%00", "%27", "%25", "a%E2%82%AC"})
    void aPathIsPlain(String path) {
        assertThat(acme.get("/memory/" + path).status()).isEqualTo(400);
    }

    @Test
    @Order(Outages.LAST)
    void nobodyAndNonsenseAreRefusedAndAnOutageIsAnOutage() {
        assertThat(anonymous.get("/memory/x").status()).isEqualTo(401);
        assertThat(remember(anonymous, "x", "text").status()).isEqualTo(401);
        assertThat(acme.send("PUT", "/memory/x", "{}").status()).isEqualTo(400);
        assertThat(remember(acme, "a%20b", "text").status()).isEqualTo(400);
        assertThat(acme.send("PUT", "/memory/x", "nonsense").status()).isEqualTo(400);
        assertThat(acme.get("/memory?query=" + "x".repeat(201)).status()).isEqualTo(400);
        assertThat(acme.get("/memory?query=%00").status()).isEqualTo(400);
        assertThat(acme.get("/memory?query=%25").json().get("total").asInt()).isZero();
        proxy.cut();
        assertThat(acme.get("/memory/x").status()).isEqualTo(503);
        proxy.restore();
        int status = 503;
        while (status == 503) {
            status = acme.get("/memory?query=").status();
        }
        assertThat(status).isEqualTo(200);
    }
}
