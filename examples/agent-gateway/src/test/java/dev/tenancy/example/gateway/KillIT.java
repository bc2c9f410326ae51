package dev.tenancy.example.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tenancy.example.gateway.Client.Answer;
import dev.tenancy.testservers.KillablePostgres;
import dev.tenancy.testservers.TestRedis;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Two replicas on one PostgreSQL and one Redis, each of which is killed and started again while clients go on. What
 * clients were told stays true; what they were not told is done once or not at all.
 */
@EnabledIfSystemProperty(
        named = "gateway.load.seconds",
        matches = "[1-9][0-9]*",
        disabledReason = "takes minutes: -Psoak")
@Timeout(value = 10, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class KillIT {
    private static final Logger LOG = LoggerFactory.getLogger(KillIT.class);
    private static final List<String> TENANTS = List.of("one", "two", "three");
    private static final int CLIENTS = 6;
    private static final int GOOD_ANSWERS = 100;
    private static final String OPERATOR = "operator-who-kills";
    private static final String PLENTY = "{\"requestsPerMinute\":1000000,\"burst\":100000,\"budgetMicros\":1000000000}";

    /** More than any chat here costs. */
    private static final long MOST_MICROS = 1_000;

    private static final Set<Integer> REFUSED_OR_DELAYED = Set.of(429, 503);

    private final Map<String, Tenant> tenants = new HashMap<>();
    private final Queue<String> wrong = new ConcurrentLinkedQueue<>();
    private final Semaphore good = new Semaphore(0);
    private final CountDownLatch enough = new CountDownLatch(1);
    private final AtomicReference<String> second = new AtomicReference<>("");

    /** What a tenant's clients were told, and were not told. */
    private record Tenant(String id, Queue<String> agents, Queue<String> jobs, AtomicLong told, AtomicLong perhaps) {}

    @Test
    void whateverIsKilledNothingIsLostAndNothingIsSpentTwice(@TempDir Path files) throws Exception {
        Path data = Files.createDirectory(files.resolve("postgres"));
        ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
        try (KillablePostgres postgres = KillablePostgres.start(data);
                TestRedis redis = TestRedis.start()) {
            Map<String, String> variables = variables(postgres, redis);
            ReplicaProcess replica = ReplicaProcess.start(variables);
            try (AgentGateway survivor = AgentGateway.start(Settings.of(variables))) {
                second.set(replica.url());
                for (String tenant : TENANTS) {
                    assertThat(Client.anonymous(survivor.url())
                                    .with(OPERATOR)
                                    .send("PUT", "/admin/tenants/" + tenant, PLENTY)
                                    .status())
                            .isEqualTo(200);
                }
                List<Future<?>> sending = new ArrayList<>();
                for (int n = 0; n < CLIENTS; n++) {
                    Tenant tenant = tenants.computeIfAbsent(TENANTS.get(n % TENANTS.size()), KillIT::tenant);
                    boolean first = n < CLIENTS / 2;
                    sending.add(clients.submit(() -> send(tenant, first ? survivor::url : second::get)));
                }

                awaitGood();
                replica.kill();
                awaitGood();
                replica = ReplicaProcess.start(variables);
                second.set(replica.url());
                awaitGood();
                postgres.killAndRestart();
                awaitGood();
                redis.kill();
                redis.startAgain();
                awaitGood();
                enough.countDown();
                for (Future<?> client : sending) {
                    client.get();
                }

                assertThat(wrong).isEmpty();
                for (Tenant tenant : tenants.values()) {
                    checkAtTheEnd(tenant, survivor.url(), replica.url());
                }
            } finally {
                replica.close();
            }
        } finally {
            enough.countDown();
            clients.shutdown();
        }
    }

    private static Map<String, String> variables(KillablePostgres postgres, TestRedis redis) {
        postgres.execute(
                "CREATE ROLE killed_owner LOGIN PASSWORD 'test'",
                "CREATE ROLE killed_app LOGIN PASSWORD 'test'",
                "CREATE DATABASE killed OWNER killed_owner");
        String url = postgres.url().replaceAll("/postgres\\?.*", "/killed?password=test&user=");
        return TestSettings.variables(
                url + "killed_app",
                url + "killed_owner",
                "GATEWAY_REDIS_URL",
                redis.uri(),
                "GATEWAY_OPERATOR_TOKEN",
                OPERATOR,
                "GATEWAY_TENANT_KEY_MAP",
                "key-one:one;key-two:two;key-three:three",
                "GATEWAY_JOB_LEASE_SECONDS",
                "2",
                "GATEWAY_BUDGET_LEASE_SECONDS",
                "2");
    }

    private static Tenant tenant(String id) {
        return new Tenant(
                id, new ConcurrentLinkedQueue<>(), new ConcurrentLinkedQueue<>(), new AtomicLong(), new AtomicLong());
    }

    private void awaitGood() throws InterruptedException {
        assertThat(good.tryAcquire(GOOD_ANSWERS, 2, TimeUnit.MINUTES)).isTrue();
        good.drainPermits();
    }

    private void send(Tenant tenant, Supplier<String> url) {
        for (int n = 0; enough.getCount() > 0; n++) {
            Client client = Client.anonymous(url.get()).with("key-" + tenant.id);
            String name = tenant.id + " " + UUID.randomUUID();
            try {
                switch (n % 3) {
                    case 0 -> created(client.post("/agents", Map.of("name", name)), tenant.agents);
                    case 1 -> created(client.post("/jobs", Map.of("kind", "echo", "payload", name)), tenant.jobs);
                    default -> chat(client, tenant, name);
                }
            } catch (IllegalStateException noAnswer) {
                LOG.debug("a replica is away", noAnswer);
            }
        }
    }

    private void created(Answer answer, Queue<String> ids) {
        if (isGood(answer, 201)) {
            ids.add(answer.id());
        }
    }

    /** What it costs is the same each time; whether it was charged is not known without an answer. */
    private void chat(Client client, Tenant tenant, String prompt) {
        tenant.perhaps.incrementAndGet();
        Answer answer = client.post("/chat", Map.of("prompt", prompt));
        if (isGood(answer, 200)) {
            tenant.told.addAndGet(answer.json().get("usage").get("costMicros").asLong());
            tenant.perhaps.decrementAndGet();
        }
    }

    private boolean isGood(Answer answer, int status) {
        if (answer.status() == status) {
            good.release();
            return true;
        }
        if (!REFUSED_OR_DELAYED.contains(answer.status())) {
            wrong.add(answer.status() + " " + answer.body());
        }
        return false;
    }

    private static void checkAtTheEnd(Tenant tenant, String... urls) {
        for (String url : urls) {
            Client client = Client.anonymous(url).with("key-" + tenant.id);
            assertThat(await(client, "/agents").get("items").findValuesAsText("id"))
                    .containsAll(tenant.agents);
            List<String> states = List.of();
            while (states.isEmpty() || !Set.of("done").containsAll(states)) {
                JsonNode jobs = await(client, "/jobs").get("items");
                assertThat(jobs.findValuesAsText("id")).containsAll(tenant.jobs);
                states = jobs.findValuesAsText("state");
            }
            JsonNode budget = await(client, "/usage").get("budget");
            while (budget.get("reservedMicros").asLong() > 0) {
                budget = await(client, "/usage").get("budget");
            }
            long told = tenant.told.get();
            assertThat(budget.get("usedMicros").asLong())
                    .as(tenant.id)
                    .isBetween(told, told + tenant.perhaps.get() * MOST_MICROS);
        }
    }

    /** What is refused or delayed is asked again. */
    private static JsonNode await(Client client, String path) {
        Answer answer = client.get(path);
        while (REFUSED_OR_DELAYED.contains(answer.status())) {
            answer = client.get(path);
        }
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return answer.json();
    }
}
