package dev.tenancy.example.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenancy.example.gateway.Client.Answer;
import dev.tenancy.testservers.TestPostgres;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MetricsIT {
    private AgentGateway gateway;
    private Client anonymous;

    @BeforeAll
    void start() throws Exception {
        TestPostgres.Database database = TestPostgres.newDatabase();
        gateway = AgentGateway.start(TestSettings.on(database, "GATEWAY_TENANT_KEY_MAP", "key-of-zebra:zebra"));
        anonymous = Client.anonymous(gateway.url());
    }

    @AfterAll
    void stop() {
        gateway.close();
    }

    @Test
    void requestsAreCountedAndNobodyIsNamed() {
        Client zebra = anonymous.with("key-of-zebra");
        zebra.get("/agents");
        zebra.get("/agents");
        zebra.get("/agents/7");
        anonymous.as("acme").get("/agents");
        anonymous.as("frozen").get("/agents");
        anonymous.with("garbage").get("/agents");
        anonymous.get("/agents");

        Answer metrics = anonymous.get("/metrics");

        assertThat(metrics.status()).isEqualTo(200);
        assertThat(metrics.header("Content-Type")).startsWith("text/plain").contains("version=0.0.4");
        assertThat(metrics.body().lines())
                .contains(
                        "tenancy_requests_total{outcome=\"admitted\",problem=\"none\",resolver=\"api-key\",status=\"none\"} 3.0",
                        "tenancy_requests_total{outcome=\"admitted\",problem=\"none\",resolver=\"jwt\",status=\"none\"} 1.0",
                        "tenancy_requests_total{outcome=\"refused\",problem=\"suspended\",resolver=\"jwt\",status=\"403\"} 1.0",
                        "tenancy_requests_total{outcome=\"refused\",problem=\"unauthenticated\",resolver=\"none\",status=\"401\"} 2.0",
                        "tenancy_requests_finished_total{outcome=\"succeeded\"} 3.0",
                        "tenancy_requests_finished_total{outcome=\"failed\"} 1.0");
        assertThat(metrics.body()).doesNotContain("zebra", "acme", "frozen", "u1");
        assertBudgetsAndConnectionsAreMeasured(zebra);
    }

    private void assertBudgetsAndConnectionsAreMeasured(Client zebra) {
        String session = zebra.post("/sessions", Map.of()).id();
        Answer chat = zebra.post("/chat", Map.of("sessionId", session, "prompt", "hello"));
        long cost = chat.json().get("usage").get("costMicros").asLong();

        String metrics = anonymous.get("/metrics").body();

        assertThat(metrics.lines())
                .contains(
                        "tenancy_budget_spent_total " + (double) cost,
                        "tenancy_budget_reservations_total{outcome=\"reserved\"} 1.0",
                        "tenancy_budget_settlements_total{late=\"false\"} 1.0");
        assertThat(metrics)
                .containsPattern(
                        "tenancy_connections_borrowed_seconds_count\\{serves=\"tenant\",source=\"requests\"} [1-9]");
        assertThat(metrics)
                .containsPattern(
                        "tenancy_connections_borrowed_seconds_count\\{serves=\"tenant\",source=\"ledger\"} [1-9]");
        assertThat(metrics).contains("tenancy_connections_discarded_total{source=\"sql\"} 0.0");
        assertThat(metrics).doesNotContain("zebra");
    }
}
