package dev.tenancy.example.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenancy.testservers.TestPostgres;
import dev.tenancy.testservers.TokenIssuer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The gateway with an issuer of its own, and no development issuer. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RealIssuerIT {
    private final TokenIssuer issuer = TokenIssuer.start();
    private AgentGateway gateway;

    @BeforeAll
    void start() throws Exception {
        TestPostgres.Database database = TestPostgres.newDatabase();
        gateway = AgentGateway.start(TestSettings.on(
                database,
                "GATEWAY_TENANT_KEY_MAP",
                "a-key-of-acme:acme",
                "TENANCY_JWT_ISSUER",
                issuer.issuer(),
                "TENANCY_JWT_AUDIENCE",
                TokenIssuer.AUDIENCE,
                "TENANCY_JWT_JWKS_URI",
                issuer.jwksUri().toString()));
    }

    @AfterAll
    void stop() {
        gateway.close();
        issuer.close();
    }

    @Test
    void itsTokensProveTheirTenantAndItsKeysAreReadOnce() {
        assertThat(with(issuer.token("acme")).get("/agents").status()).isEqualTo(200);
        assertThat(with(issuer.ecToken("acme")).get("/agents").status()).isEqualTo(200);
        assertThat(with(issuer.token("acme", claims -> claims.audience("other")))
                        .get("/agents")
                        .status())
                .isEqualTo(401);
        assertThat(issuer.keySetRequests()).isEqualTo(1);
    }

    @Test
    void nobodyMintsTokensHere() {
        Client anybody = Client.anonymous(gateway.url());
        String ofAnotherGateway = DevelopmentIssuer.create().token("acme", "u1", Duration.ofMinutes(5));

        assertThat(anybody.post("/dev/token", Map.of("tenant", "acme")).status())
                .isEqualTo(404);
        assertThat(anybody.get("/dev/jwks.json").status()).isEqualTo(404);
        assertThat(with(ofAnotherGateway).get("/agents").status()).isEqualTo(401);
    }

    @Test
    void aTokenOpensAStreamOfEventsFromTheQueryAndNothingElse() throws Exception {
        assertThat(statusOf("/events?token=" + issuer.token("acme"))).isEqualTo(200);
        assertThat(statusOf("/events?token=a-key-of-acme")).isEqualTo(200);
        assertThat(statusOf("/events?token=" + issuer.token("nobody"))).isEqualTo(401);
        assertThat(statusOf("/agents?token=" + issuer.token("acme"))).isEqualTo(401);
    }

    private Client with(String token) {
        return Client.anonymous(gateway.url()).with(token);
    }

    private int statusOf(String path) throws Exception {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(gateway.url() + path)).build();
        var response = HttpClient.newHttpClient().send(request, BodyHandlers.ofInputStream());
        response.body().close();
        return response.statusCode();
    }
}
