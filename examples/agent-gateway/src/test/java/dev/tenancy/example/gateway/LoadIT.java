package dev.tenancy.example.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tenancy.example.gateway.Client.Answer;
import dev.tenancy.testservers.TestPostgres;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Many clients of many tenants at once, each of which looks at all that it gets. In every build each sends a few
 * requests; {@code -Psoak} has them go on for 30 seconds.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LoadIT {
    private static final Logger LOG = LoggerFactory.getLogger(LoadIT.class);
    private static final int TENANTS = 50;
    private static final int CLIENTS = 200;
    private static final int STREAMS = 20;
    private static final int LEAST_REQUESTS = 10;
    private static final long SECONDS = Long.getLong("gateway.load.seconds", 0);

    /** Every fifth tenant has so little that its bucket is empty at once. */
    private static final int SCARCE = 5;

    private static final Pattern MARK = Pattern.compile("mark-[0-9]+-");

    private final List<Tenant> tenants = new ArrayList<>();
    private final Queue<String> wrong = new ConcurrentLinkedQueue<>();
    private final Queue<Long> nanos = new ConcurrentLinkedQueue<>();
    private AgentGateway gateway;

    /** A tenant; whatever it writes has its mark in it. */
    private record Tenant(String id, String mark, Client client, boolean scarce, AtomicLong admitted) {}

    @BeforeAll
    void start() throws Exception {
        TestPostgres.Database database = TestPostgres.newDatabase();
        gateway = AgentGateway.start(TestSettings.on(
                database,
                "GATEWAY_OPERATOR_TOKEN",
                "operator-of-load",
                "GATEWAY_TENANT_KEY_MAP",
                IntStream.range(0, TENANTS)
                        .mapToObj(n -> "key-" + n + ":load_" + n)
                        .collect(Collectors.joining(";"))));
        Client anonymous = Client.anonymous(gateway.url());
        for (int n = 0; n < TENANTS; n++) {
            boolean scarce = n % SCARCE == 0;
            Answer changed = anonymous
                    .with("operator-of-load")
                    .send(
                            "PUT",
                            "/admin/tenants/load_" + n,
                            scarce
                                    ? "{\"requestsPerMinute\":60,\"burst\":8}"
                                    : "{\"requestsPerMinute\":1000000,\"burst\":100000}");
            assertThat(changed.status()).as(changed.body()).isEqualTo(200);
            tenants.add(
                    new Tenant("load_" + n, "mark-" + n + "-", anonymous.with("key-" + n), scarce, new AtomicLong()));
        }
    }

    @AfterAll
    void stop() {
        gateway.close();
    }

    @Test
    void nobodySeesAnythingOfAnotherTenantAndNobodyGetsMoreThanItsLimit() throws Exception {
        ExecutorService clients = Executors.newFixedThreadPool(CLIENTS + STREAMS);
        long start = System.nanoTime();
        List<Future<?>> listening = new ArrayList<>();
        List<EventReader> streams = new ArrayList<>();
        try {
            for (int n = 1; n <= STREAMS; n++) {
                Tenant tenant = tenants.get(n);
                EventReader stream = EventReader.open(gateway.url() + "/events", "key-" + n);
                streams.add(stream);
                count(tenant, stream.status());
                listening.add(clients.submit(() -> readEvents(tenant, stream)));
            }
            List<Future<?>> sending = new ArrayList<>();
            for (int n = 0; n < CLIENTS; n++) {
                Tenant tenant = tenants.get(n % TENANTS);
                long seed = n;
                sending.add(clients.submit(() -> send(tenant, new SplittableRandom(seed), start)));
            }
            for (Future<?> client : sending) {
                client.get();
            }
        } finally {
            for (EventReader stream : streams) {
                stream.close();
            }
            clients.shutdown();
        }
        for (Future<?> stream : listening) {
            stream.get();
        }
        long elapsed = System.nanoTime() - start;

        assertThat(wrong).isEmpty();
        for (Tenant tenant : tenants) {
            long most = tenant.scarce ? 8 + TimeUnit.NANOSECONDS.toSeconds(elapsed) + 1 : Long.MAX_VALUE;
            assertThat(tenant.admitted.get()).as(tenant.id).isBetween(1L, most);
        }
        report(elapsed);
    }

    private void readEvents(Tenant tenant, EventReader stream) {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                JsonNode event = stream.event();
                if (!event.get("tenantId").asText().equals(tenant.id)) {
                    wrong.add(tenant.id + " hears " + event);
                }
            }
        } catch (IllegalStateException | UncheckedIOException closed) {
            LOG.debug("a stream is over", closed);
        }
    }

    private void send(Tenant tenant, SplittableRandom random, long start) {
        int sent = 0;
        while (sent < LEAST_REQUESTS || System.nanoTime() - start < TimeUnit.SECONDS.toNanos(SECONDS)) {
            long before = System.nanoTime();
            Answer answer = request(tenant, random);
            nanos.add(System.nanoTime() - before);
            check(tenant, answer);
            sent++;
        }
    }

    private Answer request(Tenant tenant, SplittableRandom random) {
        Client client = tenant.client;
        String name = tenant.mark + UUID.randomUUID();
        return switch (random.nextInt(24)) {
            case 0, 1, 12, 13 -> client.post("/agents", Map.of("name", name));
            case 2, 16, 17 -> client.get("/agents");
            case 3 -> client.send("PUT", "/memory/notes/" + random.nextInt(5), "{\"text\":\"" + name + "\"}");
            case 4 -> client.get("/memory?query=mark");
            case 5, 18, 19 -> client.post("/chat", Map.of("prompt", name));
            case 6, 14, 15 -> client.post("/sessions", Map.of());
            case 7 -> client.post("/jobs", Map.of("kind", "echo", "payload", name));
            case 8 -> client.get("/jobs");
            case 9 ->
                client.post(
                        "/sql", Map.of("sql", "SELECT name FROM agents UNION ALL SELECT target FROM audit_records"));
            case 10, 11 -> client.get("/audit");
            default -> client.get("/usage");
        };
    }

    private void check(Tenant tenant, Answer answer) {
        count(tenant, answer.status());
        if (answer.status() >= 500 || answer.status() == 401 || answer.status() == 404) {
            wrong.add(tenant.id + " is answered " + answer.status() + " " + answer.body());
        }
        Matcher marks = MARK.matcher(answer.body());
        while (marks.find()) {
            if (!marks.group().equals(tenant.mark)) {
                wrong.add(tenant.id + " sees " + marks.group());
            }
        }
        if (answer.status() < 300 && answer.body().startsWith("{")) {
            answer.json().findValuesAsText("tenantId").stream()
                    .filter(owner -> !owner.equals(tenant.id))
                    .forEach(owner -> wrong.add(tenant.id + " gets a record of " + owner));
        }
    }

    private static void count(Tenant tenant, int status) {
        if (status != 429) {
            tenant.admitted.incrementAndGet();
        }
    }

    private void report(long elapsed) {
        List<Long> sorted = nanos.stream().sorted().toList();
        System.out.printf(
                "%d clients of %d tenants: %d requests in %d s, %d a second; half within %d ms, 99 of 100 within %d ms%n",
                CLIENTS,
                TENANTS,
                sorted.size(),
                TimeUnit.NANOSECONDS.toSeconds(elapsed),
                sorted.size() * 1_000_000_000L / elapsed,
                TimeUnit.NANOSECONDS.toMillis(sorted.get(sorted.size() / 2)),
                TimeUnit.NANOSECONDS.toMillis(sorted.get(sorted.size() * 99 / 100)));
    }
}
