package dev.tenancy.example.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenancy.example.gateway.Client.Answer;
import dev.tenancy.testservers.TestPostgres;
import dev.tenancy.testservers.TestRedis;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Two replicas that count limits on one server. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SharedLimitsIT {
    private final TestRedis redis = TestRedis.start();
    private AgentGateway one;
    private AgentGateway two;

    @BeforeAll
    void start() throws Exception {
        TestPostgres.Database database = TestPostgres.newDatabase();
        Settings settings = TestSettings.on(database, "GATEWAY_REDIS_URL", redis.uri());
        one = AgentGateway.start(settings);
        two = AgentGateway.start(settings);
    }

    @AfterAll
    void stop() {
        one.close();
        two.close();
        redis.close();
    }

    @Test
    void aLimitHoldsForAllReplicasTogetherAndAnOutageIsAnOutage() {
        Client atOne = Client.anonymous(one.url()).as("tiny");
        Client atTwo = Client.anonymous(two.url()).as("tiny");
        for (AgentGateway gateway : List.of(one, two)) {
            assertThat(untilCounted(Client.anonymous(gateway.url()).as("acme"))).isEqualTo(200);
        }
        List<Integer> statuses = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            statuses.add(atOne.get("/agents").status());
            statuses.add(atTwo.get("/agents").status());
        }
        // Where nobody knows in time whether a permit was taken, it is, and the answer is that.
        int unknown = Collections.frequency(statuses, 503);
        assertThat(Collections.frequency(statuses, 200)).isBetween(5 - unknown, 5);
        assertThat(statuses).isSubsetOf(200, 429, 503);
        Answer denied = atOne.get("/agents");
        assertThat(denied.status()).isEqualTo(429);
        assertThat(Integer.parseInt(denied.header("Retry-After"))).isBetween(1, 12);
        assertThat(denied.header("RateLimit")).contains("r=0");

        Client acme = Client.anonymous(one.url()).as("acme");
        assertThat(untilCounted(acme)).isEqualTo(200);
        redis.kill();
        assertThat(acme.get("/agents").status()).isEqualTo(503);
        assertThat(Client.anonymous(one.url()).get("/metrics").body())
                .containsPattern("tenancy_ratelimit_away_total\\{answer=\"deny\"\\} [1-9]");
        redis.startAgain();
        assertThat(untilCounted(acme)).isEqualTo(200);
    }

    /** What is answered as soon as the server that counts is reached in time. */
    private static int untilCounted(Client client) {
        int status = 503;
        while (status == 503) {
            status = client.get("/agents").status();
        }
        return status;
    }
}
