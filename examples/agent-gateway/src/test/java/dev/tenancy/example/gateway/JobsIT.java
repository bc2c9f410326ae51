package dev.tenancy.example.gateway;

import static dev.tenancy.example.gateway.Client.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tenancy.example.gateway.Client.Answer;
import dev.tenancy.testservers.TestPostgres;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Jobs over HTTP; their ends are awaited as events. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(value = 2, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class JobsIT {
    private static final Map<String, String> ECHO = Map.of("kind", "echo", "payload", "hello");

    private TestPostgres.Database database;
    private AgentGateway gateway;
    private Client anonymous;
    private Client acme;
    private Client globex;

    @BeforeAll
    void start() throws Exception {
        database = TestPostgres.newDatabase();
        gateway = AgentGateway.start(TestSettings.on(
                database,
                "GATEWAY_TENANT_KEY_MAP",
                "key-1:one;key-2:two;key-3:three;key-4:four;key-5:five;key-other:other"));
        anonymous = Client.anonymous(gateway.url());
        acme = anonymous.as("acme");
        globex = anonymous.as("globex");
    }

    @AfterAll
    void stop() {
        gateway.close();
    }

    @Test
    void aJobIsTakenInAndDone() throws Exception {
        try (EventReader events = eventsOf(anonymous.mint(Map.of("tenant", "acme")))) {
            Answer answer = acme.post("/jobs", Map.of("kind", "echo", "payload", Map.of("say", List.of("a", 1))));

            assertThat(answer.status()).isEqualTo(201);
            assertThat(answer.json().get("state").asText()).isEqualTo("queued");
            assertThat(answer.json().get("kind").asText()).isEqualTo("echo");
            assertThat(answer.json().get("tenantId").asText()).isEqualTo("acme");
            assertThat(answer.json().get("result").isNull()).isTrue();

            List<JsonNode> told = events.eventsUntil(event -> is(event, "done", answer.id()));
            assertThat(told)
                    .extracting(event -> event.get("action").asText())
                    .containsExactly("create", "running", "done");
            assertThat(told).extracting(event -> event.get("subject").asText()).containsOnly("u1");

            JsonNode done = acme.get("/jobs/" + answer.id()).json();
            assertThat(done.get("state").asText()).isEqualTo("done");
            assertThat(done.get("result")).isEqualTo(done.get("payload"));
            assertThat(done.get("payload").toString()).isEqualTo("{\"say\":[\"a\",1]}");
        }
    }

    @Test
    void everyJobRunsAsItsTenantThoughManyAreMixed() throws Exception {
        List<Sender> senders = new ArrayList<>();
        try {
            for (int agents = 1; agents <= 5; agents++) {
                Client client = anonymous.with("key-" + agents);
                for (int agent = 0; agent < agents; agent++) {
                    client.post("/agents", Map.of("name", "agent " + agent));
                }
                senders.add(new Sender(client, agents, eventsOf("key-" + agents), new HashSet<>()));
            }
            for (int job = 0; job < 12; job++) {
                for (Sender sender : senders) {
                    sender.jobs.add(sender.client
                            .post("/jobs", Map.of("kind", "count-agents"))
                            .id());
                }
            }

            for (Sender sender : senders) {
                sender.awaitJobs();
                JsonNode jobs = sender.client.get("/jobs").json();
                assertThat(jobs.get("total").asInt()).isEqualTo(12);
                assertThat(jobs.get("items").findValuesAsText("id")).containsExactlyInAnyOrderElementsOf(sender.jobs);
                assertThat(jobs.get("items").findValuesAsText("state")).containsOnly("done");
                assertThat(jobs.get("items").findValuesAsText("agents"))
                        .hasSize(12)
                        .containsOnly(Integer.toString(sender.agents));
            }
        } finally {
            for (Sender sender : senders) {
                sender.events.close();
            }
        }
    }

    private record Sender(Client client, int agents, EventReader events, Set<String> jobs) {
        void awaitJobs() {
            Set<String> left = new HashSet<>(jobs);
            while (!left.isEmpty()) {
                JsonNode event = events.event();
                left.removeIf(job -> is(event, "done", job));
            }
        }
    }

    @Test
    void anothersJobIsLikeNobodys() throws Exception {
        String foreign;
        try (EventReader events = eventsOf(anonymous.mint(Map.of("tenant", "globex")))) {
            foreign = globex.post("/jobs", ECHO).id();
            events.eventsUntil(event -> is(event, "done", foreign));
        }
        String unknown = UUID.randomUUID().toString();

        for (List<String> call : List.of(List.of("GET", ""), List.of("POST", "/cancel"))) {
            Answer toForeign = acme.send(call.get(0), "/jobs/" + foreign + call.get(1), null);
            Answer toUnknown = acme.send(call.get(0), "/jobs/" + unknown + call.get(1), null);
            assertProblem(toForeign, 404, "not-found");
            assertThat(toForeign.body()).isEqualTo(toUnknown.body());
            assertThat(toForeign.response().headers().map().keySet())
                    .isEqualTo(toUnknown.response().headers().map().keySet());
        }
        assertThat(acme.get("/jobs").body()).doesNotContain(foreign);
        assertThat(globex.get("/jobs/" + foreign).json().get("state").asText())
                .as("it is still there, and not cancelled")
                .isEqualTo("done");
    }

    @Test
    void withoutACredentialThereAreNoJobs() {
        for (String path : List.of("/jobs", "/jobs/" + UUID.randomUUID(), "/jobs?token=key-other")) {
            assertProblem(anonymous.get(path), 401, "unauthenticated");
        }
        for (String path : List.of("/jobs", "/jobs/" + UUID.randomUUID() + "/cancel", "/jobs?token=key-other")) {
            assertProblem(anonymous.post(path, ECHO), 401, "unauthenticated");
        }
        assertProblem(anonymous.as("frozen").post("/jobs", ECHO), 403, "suspended");
    }

    /** Not even a ticket, which only the queue takes. */
    @Test
    void aTicketIsNoCredentialForCalls() {
        assertProblem(anonymous.with("tt1.this-start.e30.AAAA").get("/jobs"), 401, "unauthenticated");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{",
                "{}",
                "{\"kind\":null}",
                "{\"kind\":7}",
                "{\"kind\":\"\"}",
                "{\"kind\":\"ECHO\"}",
                "{\"kind\":\"echo \"}",
                "{\"kind\":\"drop-tables\"}",
                "{\"kind\":\"echo\",\"payload\":\"\\u0000\"}",
                "{\"kind\":\"echo\",\"kind\":\"echo\"}"
            })
    void aMalformedJobIsNotTakenIn(String body) {
        Client other = anonymous.with("key-other");

        assertProblem(other.send("POST", "/jobs", body), 400, "malformed");
        assertThat(other.get("/jobs").json().get("total").asInt()).isZero();
    }

    @Test
    void aMalformedIdIsNotUnderstood() {
        assertProblem(acme.get("/jobs/7"), 400, "malformed");
        assertProblem(acme.send("POST", "/jobs/7/cancel", null), 400, "malformed");
    }

    @Test
    void whatIsOverCannotBeCancelled() throws Exception {
        try (EventReader events = eventsOf(anonymous.mint(Map.of("tenant", "acme")))) {
            String id = acme.post("/jobs", ECHO).id();
            events.eventsUntil(event -> is(event, "done", id));

            Answer answer = acme.send("POST", "/jobs/" + id + "/cancel", null);

            assertProblem(answer, 409, "conflict");
            assertThat(answer.json().get("detail").asText()).isEqualTo("The job is done.");
            assertThat(acme.get("/jobs/" + id).json().get("state").asText()).isEqualTo("done");
        }
    }

    @Test
    void aJobThatFailsSaysSoAndNoMore() throws Exception {
        try (EventReader events = eventsOf(anonymous.mint(Map.of("tenant", "acme")))) {
            List<String> ids = new ArrayList<>();
            asOwner("REVOKE SELECT ON agents FROM " + database.app());
            try {
                ids.add(acme.post("/jobs", Map.of("kind", "count-agents")).id());
                events.eventsUntil(event -> is(event, "failed", ids.get(0)));
            } finally {
                asOwner("GRANT SELECT ON agents TO " + database.app());
            }

            JsonNode failed = acme.get("/jobs/" + ids.get(0)).json();
            assertThat(failed.get("state").asText()).isEqualTo("failed");
            assertThat(failed.get("result").isNull()).isTrue();
        }
    }

    private void asOwner(String sql) throws SQLException {
        try (Connection owner = DriverManager.getConnection(database.ownerUrl());
                Statement statement = owner.createStatement()) {
            statement.execute(sql);
        }
    }

    private EventReader eventsOf(String credential) throws Exception {
        return EventReader.open(gateway.url() + "/events", credential);
    }

    private static boolean is(JsonNode event, String action, String job) {
        return event.get("action").asText().equals(action)
                && event.get("target").asText().equals("/jobs/" + job);
    }
}
