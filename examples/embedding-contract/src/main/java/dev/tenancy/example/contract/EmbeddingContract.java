package dev.tenancy.example.contract;

import static dev.tenancy.example.contract.NotesDatabase.ACME;
import static dev.tenancy.example.contract.NotesDatabase.FRUGAL;
import static dev.tenancy.example.contract.NotesDatabase.GLOBEX;
import static dev.tenancy.example.contract.NotesDatabase.SUSPENDED;
import static dev.tenancy.example.contract.Until.until;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** What every embedding promises to those who call it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
public abstract class EmbeddingContract {
    private static final int AT_LAST = Integer.MAX_VALUE;
    private static final int BEFORE_THE_LAST = AT_LAST - 1;
    private static final Pattern ID = Pattern.compile("\"id\":\"?(\\d+)");
    private static final String PROBLEM = "application/problem+json";

    private NotesDatabase database;
    private ServerProcess server;
    private NotesClient client;

    /** Starts the server that is tested, from its jars. */
    protected abstract ServerProcess start(Map<String, String> variables);

    /** A client of the server. */
    protected NotesClient client(int port) {
        return new HttpNotes(port);
    }

    /** How much of its own work the server does at once that reads notes. */
    protected int backgroundWork() {
        return 0;
    }

    /** A client of the server that is tested. */
    protected final NotesClient client() {
        return client;
    }

    @BeforeAll
    void startServer(@TempDir Path directory) throws SQLException {
        database = NotesDatabase.create();
        server = start(database.variables(directory));
        client = client(server.port());
    }

    @AfterAll
    void killServer() {
        server.close();
    }

    @Test
    void withoutACredentialNothingIsAnswered() {
        for (String path : List.of("/notes", "/notes/1", "/slow-notes", "/stream", "/spent")) {
            Answer answer = client.get("", path);
            assertThat(answer.status()).as(path).isEqualTo(401);
            assertThat(answer.field("www-authenticate")).as(path).contains("Bearer");
            assertThat(answer.field("content-type")).as(path).contains(PROBLEM);
        }
        assertThat(client.add("", "of nobody").status()).isEqualTo(401);
    }

    @Test
    void norWithABadOne() {
        Answer answer = client.get("key-of-nobody-0123456789", "/notes");

        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.field("www-authenticate")).contains("Bearer error=\"invalid_token\"");
        assertThat(answer.body()).contains("\"status\":401").doesNotContain("key-of");
    }

    @Test
    void aSuspendedTenantIsTold() {
        assertThat(client.get(SUSPENDED, "/notes").status()).isEqualTo(403);
    }

    @Test
    void eachTenantSeesItsOwnNotes() {
        String ofAcme = idOf(client.add(ACME, "seen by acme"));
        String ofGlobex = idOf(client.add(GLOBEX, "seen by globex"));

        assertThat(client.get(ACME, "/notes/" + ofAcme).body()).contains("seen by acme");
        assertThat(client.get(GLOBEX, "/notes/" + ofGlobex).body()).contains("seen by globex");
        assertThat(client.get(ACME, "/notes").body()).contains("seen by acme").doesNotContain("globex");
        assertThat(client.get(GLOBEX, "/notes").body())
                .contains("seen by globex")
                .doesNotContain("acme");
    }

    @Test
    void aForeignNoteIsAnsweredLikeOneThatIsNotThere() {
        String ofAcme = idOf(client.add(ACME, "hidden from others"));

        Answer foreign = client.get(GLOBEX, "/notes/" + ofAcme);
        assertThat(foreign.status()).isEqualTo(404);
        assertThat(foreign).isEqualTo(client.get(GLOBEX, "/notes/999999999"));
        assertThat(foreign.field("content-type")).contains(PROBLEM);
    }

    @Test
    void whoAsksTooOftenIsToldWhenToComeBackAndOthersAreServed() {
        List<Integer> statuses = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            statuses.add(client.get(FRUGAL, "/notes").status());
        }
        Answer denied = client.get(FRUGAL, "/notes");

        assertThat(statuses).containsOnly(200);
        assertThat(denied.status()).isEqualTo(429);
        assertThat(denied.field("retry-after").map(Long::valueOf).orElseThrow()).isBetween(1L, 86_400L);
        assertThat(client.get(ACME, "/notes").status()).isEqualTo(200);
    }

    @Test
    void whatCannotBeUnderstoodIsSaid() {
        assertThat(client.get(ACME, "/notes/seven").status()).isEqualTo(400);
    }

    /** PostgreSQL keeps no text with a zero character, which the application does not know. */
    @Test
    void aFailureIsAnsweredWithoutAWordOfWhatHappened() {
        Answer answer = client.add(ACME, "zero \\u0000");

        assertThat(answer.status()).isEqualTo(500);
        assertThat(answer.body()).doesNotContainIgnoringCase("sql").doesNotContain("0x00", "dev.tenancy.example");
        assertThat(client.get(ACME, "/notes").status()).isEqualTo(200);
    }

    @Test
    void theTenantGoesAlongToOtherThreads() {
        client.add(ACME, "slowly of acme");
        client.add(GLOBEX, "slowly of globex");

        assertThat(client.get(ACME, "/slow-notes").body())
                .contains("slowly of acme")
                .doesNotContain("globex");
        assertThat(client.get(GLOBEX, "/slow-notes").body())
                .contains("slowly of globex")
                .doesNotContain("acme");
    }

    @Test
    void atOnceTooEachTenantSeesItsOwnNotes() {
        client.add(ACME, "at once of acme");
        client.add(GLOBEX, "at once of globex");
        List<CompletableFuture<Answer>> ofAcme = new ArrayList<>();
        List<CompletableFuture<Answer>> ofGlobex = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            String path = i % 2 == 0 ? "/notes" : "/slow-notes";
            ofAcme.add(client.getLater(ACME, path));
            ofGlobex.add(client.getLater(GLOBEX, path));
        }

        assertThat(ofAcme)
                .allSatisfy(answer -> assertThat(answer.join().body())
                        .contains("at once of acme")
                        .doesNotContain("globex"));
        assertThat(ofGlobex)
                .allSatisfy(answer -> assertThat(answer.join().body())
                        .contains("at once of globex")
                        .doesNotContain("acme"));
    }

    @Test
    void aStreamTellsItsTenantOnlyAndIsSettledWhenItIsOver() throws Exception {
        String before = client.get(ACME, "/spent").body();
        long spent = number(before, "spent");
        try (NotesClient.Stream stream = client.follow(ACME, 2)) {
            assertThat(stream.line()).isEqualTo("following");
            assertThat(number(client.get(ACME, "/spent").body(), "reserved")).isEqualTo(100);
            client.add(GLOBEX, "not for acme");
            client.add(ACME, "first");
            assertThat(stream.line()).isEqualTo("first");
            client.add(ACME, "second");
            assertThat(stream.line()).isEqualTo("second");
            assertThat(stream.line()).as("the end").isEmpty();
        }

        until(() -> number(client.get(ACME, "/spent").body(), "reserved") == 0);
        assertThat(number(client.get(ACME, "/spent").body(), "spent")).isEqualTo(spent + 20);
        assertThat(number(client.get(GLOBEX, "/spent").body(), "spent")).isZero();
    }

    /**
     * A server that learns of it only when it writes is given something to write. What is charged is up to who is
     * first: the stream with what it told, or the guard at the end of the request.
     */
    @Test
    void whoGoesAwayLeavesNothingReserved() throws Exception {
        long spent = number(client.get(ACME, "/spent").body(), "spent");
        try (NotesClient.Stream stream = client.follow(ACME, 9)) {
            assertThat(stream.line()).isEqualTo("following");
            client.add(ACME, "told");
            assertThat(stream.line()).isEqualTo("told");
        }

        until(() -> {
            client.add(ACME, "told to nobody");
            return number(client.get(ACME, "/spent").body(), "reserved") == 0;
        });
        assertThat(number(client.get(ACME, "/spent").body(), "spent") - spent).isBetween(0L, 100L);
    }

    @Test
    @Order(BEFORE_THE_LAST)
    void aDatabaseThatIsDownIsAnOutageUntilItIsBack() throws Exception {
        database.goDown();
        try {
            for (String path : List.of("/notes/1", "/slow-notes")) {
                Answer answer = client.get(ACME, path);
                assertThat(answer.status()).as(path).isEqualTo(503);
                assertThat(answer.field("content-type")).as(path).contains(PROBLEM);
                assertThat(answer.body()).as(path).doesNotContainIgnoringCase("sql");
            }
        } finally {
            database.comeBack();
        }

        until(() -> client.get(ACME, "/notes").status() == 200);
    }

    @Test
    @Order(AT_LAST)
    void askedToEndItFirstAnswersWhatItTook() throws Exception {
        client.add(ACME, "the last");
        CompletableFuture<Answer> slow;
        CompletableFuture<Answer> other;
        try (NotesClient.Stream stream = client.follow(ACME, 2)) {
            assertThat(stream.line()).isEqualTo("following");
            try (Connection lock = database.lockNotes()) {
                slow = client.getLater(ACME, "/slow-notes");
                other = client.getLater(ACME, "/notes");
                until(() -> database.waiting() == 2 + backgroundWork());
                server.terminate();
                until(() -> !server.listens());
                lock.rollback();
            }
            assertThat(stream.line()).as("the end").isEmpty();
        }

        assertThat(slow.join().status()).isEqualTo(200);
        assertThat(slow.join().body()).contains("the last");
        assertThat(other.join().body()).contains("the last");
        assertThat(server.ends()).as(server.output()).isTrue();
    }

    private static String idOf(Answer added) {
        assertThat(added.status()).isEqualTo(201);
        Matcher id = ID.matcher(added.body());
        assertThat(id.find()).as(added.body()).isTrue();
        return id.group(1);
    }

    private static long number(String json, String name) {
        Matcher number = Pattern.compile("\"" + name + "\":\"?(\\d+)").matcher(json);
        assertThat(number.find()).as(json).isTrue();
        return Long.parseLong(number.group(1));
    }
}
