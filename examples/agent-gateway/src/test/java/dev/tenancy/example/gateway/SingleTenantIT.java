package dev.tenancy.example.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenancy.testservers.TestPostgres;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whoever presents nothing at all is the one tenant, and nobody else is. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SingleTenantIT {
    private AgentGateway gateway;

    @BeforeAll
    void start() throws Exception {
        gateway = AgentGateway.start(TestSettings.on(
                TestPostgres.newDatabase(), "TENANCY_DEFAULT_TENANT", "acme", "TENANCY_RESOLVERS", " "));
    }

    @AfterAll
    void stop() {
        gateway.close();
    }

    @Test
    void whoPresentsNothingIsTheTenant() {
        assertThat(Client.anonymous(gateway.url()).get("/agents").status()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/events", "/events/", "/events//", "//events", "/events;x", "/%65vents", "/Events"})
    void whoPresentsWhatIsNoGoodIsNotHoweverThePathIsWritten(String path) throws Exception {
        try (EventReader events = EventReader.open(gateway.url() + path + "?token=garbage", null)) {
            assertThat(events.status()).isBetween(400, 404);
        }
    }
}
