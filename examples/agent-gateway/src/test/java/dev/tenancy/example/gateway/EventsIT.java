package dev.tenancy.example.gateway;

import static dev.tenancy.example.gateway.Client.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tenancy.example.gateway.Client.Answer;
import dev.tenancy.testservers.TestPostgres;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Streams of events over HTTP. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(value = 2, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class EventsIT {
    private static final String FINISHED = "tenancy_requests_finished_total{outcome=\"succeeded\"} ";

    private static final String OPERATOR = "operator-of-events";

    private Settings settings;
    private AgentGateway gateway;
    private Client anonymous;
    private Client acme;
    private Client globex;
    private String tokenOfAcme;
    private String tokenOfGlobex;

    @BeforeAll
    void start() throws Exception {
        TestPostgres.Database database = TestPostgres.newDatabase();
        settings = TestSettings.on(
                database,
                "GATEWAY_TENANT_KEY_MAP",
                "key-of-acme:acme;key-of-many:many;key-of-meter:meter;key-of-late:late;key-of-writers:writers"
                        + ";key-of-two:two;key-of-leaver:leaver;key-of-backlog:backlog",
                "GATEWAY_OPERATOR_TOKEN",
                OPERATOR);
        gateway = AgentGateway.start(settings);
        anonymous = Client.anonymous(gateway.url());
        tokenOfAcme = anonymous.mint(Map.of("tenant", "acme"));
        tokenOfGlobex = anonymous.mint(Map.of("tenant", "globex"));
        acme = anonymous.with(tokenOfAcme);
        globex = anonymous.with(tokenOfGlobex);
    }

    @AfterAll
    void stop() {
        gateway.close();
    }

    @Test
    void aStreamShowsThatItIsOpenBeforeAnythingHappens() throws Exception {
        try (EventReader stream = open(tokenOfAcme)) {
            assertThat(stream.status()).isEqualTo(200);
            assertThat(stream.header("Content-Type")).startsWith("text/event-stream");
            assertThat(stream.header("Cache-Control")).isEqualTo("no-store");
            assertThat(stream.header("RateLimit")).contains("r=");
            assertThat(stream.line()).isEqualTo(": open");
            assertThat(stream.line()).isEmpty();
        }
    }

    @Test
    void aWriteIsToldAsItIsRecorded() throws Exception {
        try (EventReader stream = open(tokenOfAcme)) {
            String id = agentOf(acme);

            JsonNode event = stream.event();

            assertThat(event).isEqualTo(acme.get("/audit").json().get("items").get(0));
            assertThat(event.get("action").asText()).isEqualTo("create");
            assertThat(event.get("target").asText()).isEqualTo("/agents/" + id);
            assertThat(event.get("tenantId").asText()).isEqualTo("acme");
        }
    }

    @Test
    void everyTenantHearsItsOwnWritesAndNobodyElses() throws Exception {
        try (EventReader ofAcme = open(tokenOfAcme);
                EventReader ofAcmeByKey = open("key-of-acme");
                EventReader ofGlobex = open(tokenOfGlobex)) {
            List<String> writtenByAcme = new ArrayList<>();
            List<String> writtenByGlobex = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                writtenByAcme.add("/agents/" + agentOf(acme));
                writtenByGlobex.add("/agents/" + agentOf(globex));
            }

            assertThat(targets(ofAcme, 10)).isEqualTo(writtenByAcme);
            assertThat(targets(ofAcmeByKey, 10)).isEqualTo(writtenByAcme);
            assertThat(targets(ofGlobex, 10)).isEqualTo(writtenByGlobex);
        }
    }

    @Test
    void whatFailsIsNotTold() throws Exception {
        String name = "taken " + UUID.randomUUID();
        String foreign = agentOf(globex);
        acme.post("/agents", Map.of("name", name));
        try (EventReader stream = open(tokenOfAcme)) {
            assertThat(acme.post("/agents", Map.of("name", name)).status()).isEqualTo(409);
            assertThat(acme.delete("/agents/" + foreign).status()).isEqualTo(404);
            String last = agentOf(acme);

            assertThat(stream.event().get("target").asText()).isEqualTo("/agents/" + last);
        }
    }

    @Test
    void aTokenOrAKeyMayStandInTheQuery() throws Exception {
        for (String credential : List.of(tokenOfAcme, "key-of-acme")) {
            try (EventReader stream = EventReader.open(gateway.url() + "/events?token=" + credential, null)) {
                assertThat(stream.status()).isEqualTo(200);
                String id = agentOf(acme);
                agentOf(globex);
                String next = agentOf(acme);

                assertThat(targets(stream, 2)).containsExactly("/agents/" + id, "/agents/" + next);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/agents",
                "/audit",
                "/usage",
                "/events/",
                "/Events",
                "/%65vents",
                "/events;x=1",
                "/sessions",
                "/nowhere"
            })
    void noOtherPathReadsTheQuery(String path) {
        for (String credential : List.of(tokenOfAcme, "key-of-acme")) {
            Answer answer = anonymous.get(path + "?token=" + credential);

            assertThat(answer.status()).as(answer.body()).isIn(400, 401, 404);
            assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
            assertThat(answer.body()).doesNotContain(credential);
        }
    }

    @Test
    void onlyEventsIsAnsweredForATokenInTheQuery() {
        for (String path : List.of("/agents", "/audit", "/usage", "/sessions")) {
            assertProblem(anonymous.get(path + "?token=" + tokenOfAcme), 401, "unauthenticated");
            assertProblem(anonymous.get(path + "?token=key-of-acme"), 401, "unauthenticated");
        }
        assertProblem(
                anonymous.send("POST", "/agents?token=key-of-acme", "{\"name\":\"planted\"}"), 401, "unauthenticated");
    }

    @Test
    void nobodyHearsWithoutAGoodCredential() {
        assertProblem(anonymous.get("/events"), 401, "unauthenticated");
        assertProblem(anonymous.get("/events?token="), 401, "unauthenticated");
        assertProblem(anonymous.get("/events?token=garbage"), 401, "unauthenticated");
        assertProblem(anonymous.get("/events?token=" + tokenOfAcme + "x"), 401, "unauthenticated");
        assertProblem(anonymous.get("/events?token=" + tokenOfAcme + "&token=key-of-acme"), 401, "unauthenticated");
        assertProblem(
                anonymous.get("/events?token=" + anonymous.mint(Map.of("tenant", "acme", "expiresIn", -120))),
                401,
                "unauthenticated");
        assertProblem(anonymous.with("garbage").get("/events"), 401, "unauthenticated");
        assertProblem(globex.get("/events?token=" + tokenOfAcme), 401, "unauthenticated");
        assertProblem(acme.get("/events?token=" + tokenOfAcme), 401, "unauthenticated");
        assertProblem(anonymous.as("frozen").get("/events"), 403, "suspended");
        assertProblem(anonymous.as("nobody").get("/events"), 401, "unauthenticated");
        assertProblem(acme.post("/events", Map.of()), 404, "not-found");
    }

    @Test
    void aClientThatComesBackGetsWhatItMissedAndNothingTwice() throws Exception {
        String seen;
        Client client = fast("backlog");
        try (EventReader stream = open("key-of-backlog")) {
            agentOf(client);
            seen = stream.event().get("id").asText();
        }
        List<String> missed = new ArrayList<>();
        for (int i = 0; i < 250; i++) {
            missed.add("/agents/" + agentOf(client));
            if (i % 50 == 0) {
                agentOf(globex);
            }
        }

        try (EventReader stream = EventReader.open(gateway.url() + "/events", "key-of-backlog", seen)) {
            assertThat(targets(stream, 250)).isEqualTo(missed);
            String next = agentOf(client);
            JsonNode event = stream.event();
            assertThat(event.get("target").asText()).isEqualTo("/agents/" + next);
            assertThat(event.get("id").asLong()).isEqualTo(Long.parseLong(seen) + 251);
        }
    }

    @Test
    void anIdFromAnotherTenantOrAheadShowsNothingOfOthers() throws Exception {
        for (String lastEventId : List.of("0", "999999999999999999")) {
            try (EventReader stream = EventReader.open(gateway.url() + "/events", "key-of-late", lastEventId)) {
                String id = agentOf(anonymous.with("key-of-late"));
                List<JsonNode> events =
                        stream.eventsUntil(event -> event.get("target").asText().equals("/agents/" + id));
                assertThat(events)
                        .extracting(event -> event.get("tenantId").asText())
                        .containsOnly("late");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "-1", "1.0", "1e3", "9999999999999999999", "0x1", "1,2", "' OR 1=1"})
    void anIdThatIsNoneIsRefused(String lastEventId) throws Exception {
        HttpResponse<String> answer = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(gateway.url() + "/events"))
                                .header("Authorization", "Bearer " + tokenOfAcme)
                                .header("Last-Event-ID", lastEventId)
                                .build(),
                        HttpResponse.BodyHandlers.ofString());

        assertThat(answer.statusCode()).isEqualTo(400);
    }

    /** Numbers are given in the order of commits, so that none is passed over. */
    @Test
    void manyWritersAtOnceLeaveNoGap() throws Exception {
        int writers = 8;
        int each = 25;
        long all = 200;
        ExecutorService threads = Executors.newFixedThreadPool(writers);
        try (EventReader stream = open("key-of-writers")) {
            Client client = fast("writers");
            for (int i = 0; i < writers; i++) {
                threads.execute(() -> {
                    for (int n = 0; n < each; n++) {
                        agentOf(client);
                    }
                });
            }

            List<Long> ids = Stream.generate(stream::event)
                    .limit(all)
                    .map(event -> event.get("id").asLong())
                    .toList();

            assertThat(ids)
                    .isEqualTo(LongStream.rangeClosed(ids.get(0), ids.get(0) + all - 1)
                            .boxed()
                            .toList());
        } finally {
            threads.shutdown();
        }
    }

    @Test
    void whatAnotherReplicaWritesIsToldHereToo() throws Exception {
        try (AgentGateway replica = AgentGateway.start(settings);
                EventReader here = open("key-of-two");
                EventReader there = EventReader.open(replica.url() + "/events", "key-of-two")) {
            Client writesHere = anonymous.with("key-of-two");
            Client writesThere = Client.anonymous(replica.url()).with("key-of-two");
            List<String> written = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                written.add("/agents/" + agentOf(i % 2 == 0 ? writesHere : writesThere));
            }

            assertThat(targets(here, 10)).isEqualTo(written);
            assertThat(targets(there, 10)).isEqualTo(written);
        }
    }

    @Test
    void aStreamEndsWithTheTokenThatOpenedIt() throws Exception {
        try (EventReader stream = open(anonymous.mint(Map.of("tenant", "acme", "expiresIn", 2)))) {
            assertThat(stream.status()).isEqualTo(200);

            String line = stream.line();
            while (line != null) {
                line = stream.line();
            }
        }
    }

    @Test
    void aTenantThatIsSuspendedHearsNoMore() throws Exception {
        try (AgentGateway replica = AgentGateway.start(settings);
                EventReader here = open("key-of-leaver");
                EventReader there = EventReader.open(replica.url() + "/events", "key-of-leaver")) {
            Answer suspended =
                    anonymous.with(OPERATOR).send("PUT", "/admin/tenants/leaver", "{\"status\":\"suspended\"}");
            assertThat(suspended.status()).as(suspended.body()).isEqualTo(200);

            for (EventReader stream : List.of(here, there)) {
                String line = stream.line();
                while (line != null) {
                    line = stream.line();
                }
            }
        }
    }

    @Test
    void aStreamCountsAsARequest() throws Exception {
        Client tiny = anonymous.as("tiny");
        for (int i = 0; i < 5; i++) {
            tiny.get("/agents");
        }

        Answer limited = tiny.get("/events");

        assertProblem(limited, 429, "rate-limited");
        assertThat(Integer.parseInt(limited.header("Retry-After"))).isPositive();
    }

    @Test
    void aTenantHasSoManyStreamsAndOneThatIsClosedMakesRoom() throws Exception {
        Client many = anonymous.with("key-of-many");
        List<EventReader> streams = new ArrayList<>();
        try {
            for (int i = 0; i < Events.STREAMS_PER_TENANT; i++) {
                streams.add(open("key-of-many"));
                assertThat(streams.get(i).status()).isEqualTo(200);
            }
            Answer tooMany = many.get("/events");
            assertProblem(tooMany, 429, "subscriber-limit");
            assertThat(Integer.parseInt(tooMany.header("Retry-After"))).isPositive();
            try (EventReader ofAcme = open(tokenOfAcme)) {
                assertThat(ofAcme.status()).as("another tenant has its own").isEqualTo(200);
            }

            streams.remove(7).close();

            assertThat(Stream.generate(() -> openAfterAWriteOf(many, streams))
                            .limit(40)
                            .anyMatch(status -> status == 200))
                    .isTrue();
            assertProblem(many.get("/events"), 429, "subscriber-limit");
        } finally {
            for (EventReader stream : streams) {
                stream.close();
            }
        }
    }

    /** Who writes to a client that is gone learns it with the second write at the latest. */
    private int openAfterAWriteOf(Client client, List<EventReader> streams) {
        agentOf(client);
        try {
            EventReader stream = open("key-of-many");
            streams.add(stream);
            return stream.status();
        } catch (IOException failure) {
            throw new IllegalStateException(failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    /** In a gateway of its own, since the counter is of all tenants. */
    @Test
    void theGuardsAreToldOnceAndWhenTheStreamEnds() throws Exception {
        try (AgentGateway own = AgentGateway.start(settings)) {
            Client meter = Client.anonymous(own.url()).with("key-of-meter");
            assertThat(finishedIn(meter)).isZero();
            EventReader stream = EventReader.open(own.url() + "/events", "key-of-meter");
            agentOf(meter);
            stream.event();
            assertThat(finishedIn(meter)).as("the POST alone").isEqualTo(1);

            stream.close();

            long writes = 1;
            while (finishedIn(meter) == writes && writes < 40) {
                agentOf(meter);
                writes++;
            }
            agentOf(meter);
            assertThat(finishedIn(meter)).as("the POSTs and the stream").isEqualTo(writes + 2);
        }
    }

    @Test
    void aGatewayThatStopsEndsItsStreams() throws Exception {
        AgentGateway own = AgentGateway.start(settings);
        EventReader stream = EventReader.open(own.url() + "/events", "key-of-acme");
        assertThat(stream.line()).isEqualTo(": open");

        own.close();

        assertThat(stream.line()).isEmpty();
        assertThat(stream.line()).as("an end, and not a broken connection").isNull();
        assertThat(Thread.getAllStackTraces().keySet())
                .as("none of the second gateway's streams is left")
                .filteredOn(thread -> thread.getName().equals("events-pulse"))
                .hasSize(1);
    }

    private static long finishedIn(Client client) {
        Iterator<String> counted = client.get("/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith(FINISHED))
                .iterator();
        return (long) Double.parseDouble(counted.next().substring(FINISHED.length()));
    }

    /** A tenant that may do as much as it likes. */
    private Client fast(String tenant) {
        Answer answer = anonymous
                .with(OPERATOR)
                .send("PUT", "/admin/tenants/" + tenant, "{\"requestsPerMinute\":1000000,\"burst\":10000}");
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return anonymous.with("key-of-" + tenant);
    }

    private EventReader open(String credential) throws IOException, InterruptedException {
        return EventReader.open(gateway.url() + "/events", credential);
    }

    private static List<String> targets(EventReader stream, int count) {
        return Stream.generate(stream::event)
                .limit(count)
                .map(event -> event.get("target").asText())
                .toList();
    }

    private static String agentOf(Client client) {
        return client.post("/agents", Map.of("name", "a " + UUID.randomUUID())).id();
    }
}
