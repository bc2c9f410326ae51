package dev.tenancy.example.gateway;

import static dev.tenancy.example.gateway.Client.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import dev.tenancy.example.gateway.Client.Answer;
import dev.tenancy.testservers.CuttableProxy;
import dev.tenancy.testservers.TestPostgres;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The gateway over HTTP, on a real PostgreSQL that can be cut off. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class GatewayIT {
    private CuttableProxy proxy;
    private AgentGateway gateway;
    private Client anonymous;
    private Client acme;
    private Client globex;

    @BeforeAll
    void start() throws Exception {
        TestPostgres.Database database = TestPostgres.newDatabase();
        proxy = CuttableProxy.to(database.address());
        gateway = AgentGateway.start(TestSettings.on(
                throughProxy(database, database.app()),
                throughProxy(database, database.owner()),
                "GATEWAY_TENANT_KEY_MAP",
                "key-of-acme:acme; key-of-keys : keys"));
        anonymous = Client.anonymous(gateway.url());
        acme = anonymous.as("acme");
        globex = anonymous.as("globex");
    }

    @AfterAll
    void stop() {
        gateway.close();
        proxy.close();
    }

    private String throughProxy(TestPostgres.Database database, String role) {
        return "jdbc:postgresql://127.0.0.1:" + proxy.port() + "/" + database.name() + "?password=test&user=" + role;
    }

    @Test
    void itIsUpAndReady() {
        assertThat(anonymous.get("/healthz").status()).isEqualTo(200);
        assertThat(anonymous.get("/readyz").status()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/agents", "/policies", "/controls"})
    void tenantsHaveTheirOwnThings(String path) {
        String name = "thing " + UUID.randomUUID();
        Answer ofAcme = acme.post(path, Map.of("name", name));
        Answer ofGlobex = globex.post(path, Map.of("name", name));

        assertThat(ofAcme.status()).isEqualTo(201);
        assertThat(ofAcme.json().get("tenantId").asText()).isEqualTo("acme");
        assertThat(ofAcme.json().get("name").asText()).isEqualTo(name);
        assertThat(ofGlobex.status())
                .as("a name taken by another tenant is free")
                .isEqualTo(201);
        assertThat(idsIn(acme.get(path))).contains(ofAcme.id()).doesNotContain(ofGlobex.id());
        assertThat(idsIn(globex.get(path))).contains(ofGlobex.id()).doesNotContain(ofAcme.id());
        assertThat(acme.get(path).json().findValuesAsText("tenantId")).containsOnly("acme");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/agents", "/policies", "/controls"})
    void aNameIsTakenOnceWithinATenant(String path) {
        String name = "thing " + UUID.randomUUID();
        acme.post(path, Map.of("name", name));

        Answer again = acme.post(path, Map.of("name", name));

        assertProblem(again, 409, "conflict");
        assertThat(again.body()).doesNotContain(name).doesNotContain("acme");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/agents/", "/policies/", "/controls/", "/sessions/"})
    void anothersIdIsLikeNobodys(String path) {
        String collection = path.substring(0, path.length() - 1);
        String foreign = globex.post(collection, Map.of("name", "of globex " + UUID.randomUUID()))
                .id();
        String random = UUID.randomUUID().toString();

        for (String method : collection.equals("/sessions") ? List.of("GET") : List.of("GET", "PATCH", "DELETE")) {
            // A body that nobody reads makes the server close the connection or not, as it happens to arrive.
            String body = method.equals("PATCH") ? "{\"name\":\"taken\"}" : null;
            Answer toForeign = acme.send(method, path + foreign, body);
            Answer toRandom = acme.send(method, path + random, body);
            assertProblem(toForeign, 404, "not-found");
            assertThat(toForeign.body()).isEqualTo(toRandom.body());
            assertThat(toForeign.response().headers().map().keySet())
                    .isEqualTo(toRandom.response().headers().map().keySet());
        }
        assertThat(globex.get(path + foreign).status()).as("it is still there").isEqualTo(200);
    }

    @Test
    void thingsAreRenamedAndDeleted() {
        String id =
                acme.post("/agents", Map.of("name", "old " + UUID.randomUUID())).id();

        assertThat(acme.patch("/agents/" + id, Map.of("name", "new " + id))
                        .json()
                        .get("name")
                        .asText())
                .isEqualTo("new " + id);
        assertThat(acme.delete("/agents/" + id).status()).isEqualTo(204);
        assertProblem(acme.get("/agents/" + id), 404, "not-found");
    }

    @ParameterizedTest
    @ValueSource(strings = {"policies", "controls"})
    void whatIsAttachedCarriesItsAgentsTenant(String kind) {
        String agent =
                acme.post("/agents", Map.of("name", "a " + UUID.randomUUID())).id();
        String child =
                acme.post("/" + kind, Map.of("name", "c " + UUID.randomUUID())).id();
        String pair = "/agents/" + agent + "/" + kind + "/" + child;

        assertThat(acme.put(pair).status()).isEqualTo(204);
        assertThat(acme.put(pair).status()).as("again").isEqualTo(204);
        Answer attached = acme.get("/agents/" + agent + "/" + kind);
        assertThat(idsIn(attached)).containsExactly(child);
        assertThat(attached.json().findValuesAsText("tenantId")).containsOnly("acme");

        assertProblem(globex.get("/agents/" + agent + "/" + kind), 404, "not-found");
        assertProblem(globex.delete(pair), 404, "not-found");
        assertThat(acme.delete(pair).status()).isEqualTo(204);
        assertThat(idsIn(acme.get("/agents/" + agent + "/" + kind))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"policies", "controls"})
    void whatIsAnothersCannotBeAttached(String kind) {
        String agent =
                acme.post("/agents", Map.of("name", "a " + UUID.randomUUID())).id();
        String ofGlobex = globex.post("/" + kind, Map.of("name", "c " + UUID.randomUUID()))
                .id();

        assertProblem(acme.put("/agents/" + agent + "/" + kind + "/" + ofGlobex), 404, "not-found");
        assertProblem(globex.put("/agents/" + agent + "/" + kind + "/" + ofGlobex), 404, "not-found");
        assertThat(idsIn(acme.get("/agents/" + agent + "/" + kind))).isEmpty();
    }

    @Test
    void sessionsKeepTheirTracesAndFeedback() {
        String agent =
                acme.post("/agents", Map.of("name", "a " + UUID.randomUUID())).id();
        Answer session = acme.post("/sessions", Map.of("agentId", agent));
        assertThat(session.status()).isEqualTo(201);
        assertThat(session.json().get("tenantId").asText()).isEqualTo("acme");
        assertThat(session.json().get("agentId").asText()).isEqualTo(agent);
        String path = "/sessions/" + session.id();

        for (String kind : List.of("/traces", "/feedback")) {
            Answer added = acme.post(path + kind, Map.of("step", kind));
            assertThat(added.status()).isEqualTo(201);
            assertThat(added.json().get("tenantId").asText()).isEqualTo("acme");
            assertThat(acme.get(path + kind).json().get("items").findValuesAsText("step"))
                    .containsExactly(kind);
            assertProblem(globex.get(path + kind), 404, "not-found");
            assertProblem(globex.post(path + kind, Map.of("step", "planted")), 404, "not-found");
            assertThat(acme.get(path + kind).json().get("total").asInt()).isEqualTo(1);
        }
        assertThat(idsIn(acme.get("/sessions"))).contains(session.id());
        assertThat(idsIn(globex.get("/sessions"))).doesNotContain(session.id());
        assertProblem(acme.delete("/agents/" + agent), 409, "conflict");
    }

    @Test
    void aSessionCannotBeOfAnothersAgent() {
        String foreign =
                globex.post("/agents", Map.of("name", "a " + UUID.randomUUID())).id();

        assertProblem(acme.post("/sessions", Map.of("agentId", foreign)), 404, "not-found");
    }

    @Test
    void writesAreAuditedForTheirTenant() {
        String id =
                acme.post("/agents", Map.of("name", "a " + UUID.randomUUID())).id();

        Answer audit = acme.get("/audit");
        assertThat(audit.json().get("items").get(0).get("target").asText()).isEqualTo("/agents/" + id);
        assertThat(audit.json().get("items").get(0).get("subject").asText()).isEqualTo("u1");
        assertThat(audit.json().findValuesAsText("tenantId")).containsOnly("acme");
        assertThat(globex.get("/audit").body()).doesNotContain(id);
    }

    @Test
    void aWriteThatFailsLeavesNoAuditRecord() {
        Client fresh = anonymous.with("key-of-keys");
        fresh.post("/agents", Map.of("name", "twice"));
        fresh.post("/agents", Map.of("name", "twice"));
        fresh.delete("/agents/" + UUID.randomUUID());

        assertThat(fresh.get("/audit").json().get("total").asInt()).isEqualTo(1);
    }

    @Test
    void anApiKeyProvesItsTenant() {
        String name = "by key " + UUID.randomUUID();

        assertThat(anonymous
                        .with("key-of-acme")
                        .post("/agents", Map.of("name", name))
                        .json()
                        .get("tenantId")
                        .asText())
                .isEqualTo("acme");
        assertThat(acme.get("/agents").body()).contains(name);
        assertThat(anonymous
                        .withAuthorization("bearer key-of-acme")
                        .get("/agents")
                        .status())
                .isEqualTo(200);
        assertProblem(anonymous.withAuthorization("Bearer  key-of-acme").get("/agents"), 401, "unauthenticated");
        assertProblem(anonymous.with("key-of-nobody").get("/agents"), 401, "unauthenticated");
    }

    @Test
    void aTokenSignedWithEs256IsAccepted() {
        assertThat(anonymous
                        .with(anonymous.mint(Map.of("tenant", "acme", "alg", "ES256")))
                        .get("/agents")
                        .status())
                .isEqualTo(200);
    }

    Stream<Arguments> badCredentials() throws Exception {
        JWTClaimsSet claims = JWTClaimsSet.parse(SignedJWT.parse(anonymous.mint(Map.of("tenant", "acme")))
                .getPayload()
                .toJSONObject());
        SignedJWT hmac = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.HS256).keyID("dev-rsa").build(), claims);
        hmac.sign(new MACSigner(new byte[32]));
        String good = anonymous.mint(Map.of("tenant", "acme"));
        return Stream.of(
                arguments("garbage", "Bearer garbage"),
                arguments("no token", "Bearer "),
                arguments("another scheme", "Basic YWNtZTphY21l"),
                arguments("blank", " "),
                arguments("cut off", "Bearer " + good.substring(0, good.length() - 10)),
                arguments("HS256", "Bearer " + hmac.serialize()),
                arguments("none", "Bearer " + new PlainJWT(claims).serialize()),
                arguments("expired", minted(Map.of("tenant", "acme", "expiresIn", -120))),
                arguments("wrong audience", claiming("aud", "other")),
                arguments("wrong issuer", claiming("iss", "https://other.example")),
                arguments("no issuer", claiming("iss", null)),
                arguments("no audience", claiming("aud", null)),
                arguments("no expiry", claiming("exp", null)),
                arguments(
                        "not valid yet",
                        claiming("nbf", Instant.now().plus(Duration.ofHours(1)).getEpochSecond())),
                arguments("missing claim", claiming("org_id", null)),
                arguments("blank claim", claiming("org_id", " ")),
                arguments("claim of two", claiming("org_id", List.of("acme", "globex"))),
                arguments("unknown tenant", claiming("org_id", "nobody")),
                arguments("no tenant id", claiming("org_id", "../acme")),
                arguments("not valid before the end of time", claiming("nbf", Long.MAX_VALUE)),
                arguments("expiry as text", claiming("exp", "1900000000")));
    }

    private String claiming(String claim, @Nullable Object value) {
        Map<String, @Nullable Object> claims = new HashMap<>();
        claims.put(claim, value);
        return minted(Map.of("tenant", "acme", "claims", claims));
    }

    private String minted(Map<String, ?> wish) {
        return "Bearer " + anonymous.mint(wish);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("badCredentials")
    void aBadCredentialIsRefused(String name, String authorization) {
        Answer answer = anonymous.withAuthorization(authorization).get("/agents");

        assertProblem(answer, 401, "unauthenticated");
        assertThat(answer.header("WWW-Authenticate")).startsWith("Bearer");
        assertThat(answer.body()).doesNotContain("acme");
    }

    @Test
    void noCredentialIsRefused() {
        Answer answer = anonymous.get("/agents");

        assertProblem(answer, 401, "unauthenticated");
        assertThat(answer.header("WWW-Authenticate")).isEqualTo("Bearer");
    }

    @Test
    void aSuspendedTenantIsForbidden() {
        assertProblem(anonymous.as("frozen").get("/agents"), 403, "suspended");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "null",
                "{",
                "{\"name\":1}",
                "{\"name\":\" \"}",
                "{}",
                "{\"name\":\"\\u0000\"}",
                "{} {}"
            })
    void aMalformedBodyIsNotUnderstood(String body) {
        assertProblem(acme.send("POST", "/agents", body), 400, "malformed");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/agents/7", "/agents/1-1-1-1-1", "/agents/%00", "/sessions/x", "/agents/..%2f"})
    void aMalformedIdIsNotUnderstood(String path) {
        Answer answer = acme.get(path);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
    }

    @Test
    void whatIsTooLargeIsRefusedAsAProblemAndIsNoOutage() {
        String large = "{\"prompt\":\"" + "x".repeat(2_000_000) + "\"}";
        for (String path : List.of("/agents", "/chat")) {
            assertProblem(acme.send("POST", path, large), 413, "http");
        }
        assertProblem(acme.post("/agents", Map.of("name", "x".repeat(201))), 400, "malformed");
        assertProblem(
                acme.send("POST", "/agents", "{\"name\":" + "[".repeat(150) + "]".repeat(150) + "}"), 400, "malformed");
    }

    @Test
    void aPathIsWrittenInOneWay() {
        assertProblem(acme.post("/chat/", Map.of("prompt", "hello")), 404, "not-found");
        assertProblem(acme.get("/agents/"), 404, "not-found");
    }

    @Test
    void malformedChatsCountAsRequests() {
        Client keys = anonymous.with("key-of-keys");
        long before = keys.get("/usage").json().get("rateLimit").get("left").asLong();
        for (int i = 0; i < 20; i++) {
            assertProblem(keys.send("POST", "/chat", "{"), 400, "malformed");
        }

        assertThat(keys.get("/usage").json().get("rateLimit").get("left").asLong())
                .isLessThan(before);
    }

    @Test
    void theMethodThatIsSentIsTheOneThatCounts() {
        String id =
                acme.post("/agents", Map.of("name", "a " + UUID.randomUUID())).id();

        assertProblem(acme.sendAs("DELETE", "/agents/" + id), 400, "malformed");
        Answer head = anonymous.send("HEAD", "/agents", null);
        assertThat(head.status()).isEqualTo(405);
        assertThat(head.header("Allow")).isEqualTo("GET, POST");
        assertThat(anonymous.send("HEAD", "/chat", null).header("Allow")).isEqualTo("POST");
        assertThat(acme.get("/agents/" + id).status()).isEqualTo(200);
    }

    @Test
    void whoHasNoCredentialIsNotToldWhatIsMalformed() {
        assertThat(anonymous.send("POST", "/agents", "{").status()).isEqualTo(401);
        assertThat(anonymous.get("/agents/7").status()).isEqualTo(401);
        assertThat(anonymous.send("POST", "/chat", "{").status()).isEqualTo(401);
    }

    @Test
    void anUnknownPathIsNotFound() {
        assertProblem(acme.get("/nowhere"), 404, "not-found");
    }

    @Test
    void aChatIsAnsweredAndCharged() {
        String session = globex.post("/sessions", Map.of()).id();
        long before = spentBy(globex);

        Answer answer = globex.post("/chat", Map.of("sessionId", session, "prompt", "hello", "maxTokens", 50));

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json().get("reply").asText()).contains("hello");
        long cost = answer.json().get("usage").get("costMicros").asLong();
        assertThat(cost).isPositive();
        assertThat(answer.header("RateLimit")).contains("r=");
        assertThat(answer.header("RateLimit-Policy")).contains("q=600;w=60");
        assertThat(spentBy(globex)).isEqualTo(before + cost);
        assertThat(globex.get("/usage")
                        .json()
                        .get("budget")
                        .get("reservedMicros")
                        .asLong())
                .isZero();
    }

    @Test
    void aModelWithoutAPriceIsRefusedAndNotFree() {
        long before = spentBy(globex);
        for (String model : List.of("unknown", "PARROT", "parrot_large", "")) {
            assertProblem(globex.post("/chat", Map.of("prompt", "hello", "model", model)), 400, "malformed");
        }
        assertThat(spentBy(globex)).isEqualTo(before);

        long cost = globex.post("/chat", Map.of("prompt", "hello", "model", "parrot-large"))
                .json()
                .get("usage")
                .get("costMicros")
                .asLong();
        assertThat(spentBy(globex)).isEqualTo(before + cost);
        assertThat(globex.get("/usage")
                        .json()
                        .get("budget")
                        .get("usedMicrosByModel")
                        .get("parrot-large")
                        .asLong())
                .isGreaterThanOrEqualTo(cost);
    }

    @Test
    void aChatThatFailsCostsNothing() {
        long before = spentBy(globex);
        String foreign = acme.post("/sessions", Map.of()).id();

        assertProblem(globex.post("/chat", Map.of("sessionId", foreign, "prompt", "hello")), 404, "not-found");
        assertProblem(globex.post("/chat", Map.of("prompt", "hello", "maxTokens", 0)), 400, "malformed");

        assertThat(spentBy(globex)).isEqualTo(before);
        assertThat(globex.get("/usage")
                        .json()
                        .get("budget")
                        .get("reservedMicros")
                        .asLong())
                .isZero();
    }

    @Test
    void limitsHoldForTheirTenantOnly() throws Exception {
        Client tiny = anonymous.as("tiny");

        Answer spent = tiny.post("/chat", Map.of("prompt", "hello", "maxTokens", 200));
        assertProblem(spent, 429, "budget-spent");
        assertThat(Integer.parseInt(spent.header("Retry-After"))).isPositive();

        Answer limited = tiny.get("/agents");
        for (int i = 0; i < 5 && limited.status() == 200; i++) {
            limited = tiny.get("/agents");
        }
        assertProblem(limited, 429, "rate-limited");
        assertThat(Integer.parseInt(limited.header("Retry-After"))).isBetween(1, 12);

        assertThat(acme.get("/agents").status()).isEqualTo(200);
        assertThat(acme.post("/chat", Map.of("prompt", "hello", "maxTokens", 200))
                        .status())
                .isEqualTo(200);
    }

    @Test
    @Order(Outages.LAST)
    void aDatabaseThatIsAwayIsAnOutageAndServiceResumes() {
        proxy.cut();
        try {
            assertProblem(acme.get("/agents"), 503, "unavailable");
            assertProblem(acme.post("/agents", Map.of("name", "lost")), 503, "unavailable");
            assertProblem(acme.get("/agents/" + UUID.randomUUID()), 503, "unavailable");
            assertProblem(acme.post("/chat", Map.of("prompt", "hello")), 503, "unavailable");
            String id = UUID.randomUUID().toString();
            for (String path : List.of(
                    "/policies",
                    "/controls/" + id,
                    "/agents/" + id + "/policies",
                    "/sessions",
                    "/sessions/" + id + "/traces",
                    "/usage",
                    "/audit",
                    "/events",
                    "/jobs",
                    "/jobs/" + id,
                    "/memory/a",
                    "/memory?query=a")) {
                assertProblem(acme.get(path), 503, "unavailable");
            }
            Client withSchema = anonymous.with("key-of-acme");
            assertProblem(withSchema.get("/banks"), 503, "unavailable");
            assertProblem(withSchema.post("/banks", Map.of("name", "lost")), 503, "unavailable");
            assertProblem(acme.post("/sessions", Map.of()), 503, "unavailable");
            assertProblem(acme.post("/jobs", Map.of("kind", "echo", "payload", 1)), 503, "unavailable");
            assertProblem(acme.post("/sql", Map.of("sql", "SELECT 1")), 503, "unavailable");
            assertThat(anonymous.get("/readyz").status()).isEqualTo(503);
            assertThat(anonymous.get("/healthz").status()).isEqualTo(200);
        } finally {
            proxy.restore();
        }

        assertResumes(() -> acme.get("/agents"));
        assertResumes(() -> acme.post("/chat", Map.of("prompt", "hello")));
        assertThat(acme.get("/agents").status()).isEqualTo(200);
        assertThat(anonymous.get("/readyz").status()).isEqualTo(200);
    }

    /** Each pool comes back by itself, after some refused requests at the most. */
    private static void assertResumes(Supplier<Answer> call) {
        assertThat(Stream.generate(call).limit(20).anyMatch(answer -> answer.status() == 200))
                .isTrue();
    }

    private static long spentBy(Client client) {
        return client.get("/usage").json().get("budget").get("usedMicros").asLong();
    }

    private static List<String> idsIn(Answer list) {
        assertThat(list.status()).isEqualTo(200);
        return StreamSupport.stream(list.json().get("items").spliterator(), false)
                .map(item -> item.get("id").asText())
                .toList();
    }
}
