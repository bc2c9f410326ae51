package dev.tenancy.example.gateway;

import static dev.tenancy.example.gateway.Client.assertProblem;
import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tenancy.testservers.TestPostgres;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a body says is stored as it is, or refused. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BodyIT {
    private AgentGateway gateway;
    private Client tenant;

    @BeforeAll
    void start() throws Exception {
        gateway =
                AgentGateway.start(TestSettings.on(TestPostgres.newDatabase(), "GATEWAY_TENANT_KEY_MAP", "key:bodies"));
        tenant = Client.anonymous(gateway.url()).with("key");
    }

    @AfterAll
    void stop() {
        gateway.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"{\"name\":\"\\ud800\"}", "{\"name\":\"\\udc00\\ud800\"}", "{\"name\":\"x\",\"\\ud800\":1}"})
    void halfOfACharacterIsNotUnderstood(String body) {
        assertProblem(tenant.send("POST", "/agents", body), 400, "malformed");
    }

    @ParameterizedTest
    @ValueSource(strings = {"c0af", "e080af", "f4908080", "eda080", "ff", "c3"})
    void whatIsNotUtf8IsNotUnderstood(String hex) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.write("{\"name\":\"x".getBytes(UTF_8));
        body.write(HexFormat.of().parseHex(hex));
        body.write("\"}".getBytes(UTF_8));

        assertProblem(tenant.postBytes("/agents", body.toByteArray()), 400, "malformed");
    }

    @Test
    void jsonInAnotherEncodingIsNotUnderstood() {
        for (Charset other : List.of(UTF_16, UTF_16BE, UTF_16LE)) {
            assertProblem(tenant.postBytes("/agents", "{\"name\":\"other\"}".getBytes(other)), 400, "malformed");
        }
    }

    @Test
    void textsAndNumbersAreStoredAsTheyAre() {
        String session = tenant.post("/sessions", Map.of()).id();
        String path = "/sessions/" + session + "/traces";
        String values =
                "\"big\":1E+400,\"small\":1E-400,\"exact\":0.1234567890123456789012345,\"zero\":1.50,\"text\":\"\ud83d\ude00\"";

        assertThat(tenant.send("POST", path, "{" + values + "}").status()).isEqualTo(201);

        assertThat(tenant.get(path).body()).contains(values);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1e131072", "-1e131072", "1e-16384", "1e2147483647", "1e-2147483647", "1e99999999999"})
    void numbersThatNobodyStoresAreRefused(String number) {
        String session = tenant.post("/sessions", Map.of()).id();

        assertProblem(
                tenant.send("POST", "/sessions/" + session + "/traces", "{\"x\":[" + number + "]}"), 400, "malformed");
    }
}
