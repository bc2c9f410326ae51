package dev.tenancy.example.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenancy.example.gateway.Client.Answer;
import dev.tenancy.testservers.TestPostgres;
import dev.tenancy.testservers.TestRedis;
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
        int admitted = 0;
        for (int i = 0; i < 5; i++) {
            admitted += atOne.get("/agents").status() == 200 ? 1 : 0;
            admitted += atTwo.get("/agents").status() == 200 ? 1 : 0;
        }
        assertThat(admitted).isEqualTo(5);
        Answer denied = atOne.get("/agents");
        assertThat(denied.status()).isEqualTo(429);
        assertThat(Integer.parseInt(denied.header("Retry-After"))).isBetween(1, 12);
        assertThat(denied.header("RateLimit")).contains("r=0");

        Client acme = Client.anonymous(one.url()).as("acme");
        assertThat(acme.get("/agents").status()).isEqualTo(200);
        redis.kill();
        assertThat(acme.get("/agents").status()).isEqualTo(503);
        assertThat(Client.anonymous(one.url()).get("/metrics").body())
                .contains("tenancy_ratelimit_away_total{answer=\"deny\"} 1.0");
        redis.startAgain();
        int status = 503;
        while (status == 503) {
            status = acme.get("/agents").status();
        }
        assertThat(status).isEqualTo(200);
    }
}
