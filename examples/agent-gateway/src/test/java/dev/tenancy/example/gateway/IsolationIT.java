package dev.tenancy.example.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tenancy.jdbc.audit.IsolationException;
import dev.tenancy.testservers.TestPostgres;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The database is audited before the gateway serves, and again while it does. */
class IsolationIT {
    private static final String TOKEN = "the-operators-token";

    private final TestPostgres.Database given = TestPostgres.newDatabase();

    private AgentGateway start() throws Exception {
        return AgentGateway.start(TestSettings.on(given, "GATEWAY_OPERATOR_TOKEN", TOKEN));
    }

    @Test
    void aRealDatabaseIsTakenWhereNobodyIsSuperuserAndWhatIsLeftOpenIsSaid() throws Exception {
        try (AgentGateway gateway = start()) {
            Client anyone = Client.anonymous(gateway.url());
            assertThat(anyone.get("/readyz").status()).isEqualTo(200);

            JsonNode report = anyone.with(TOKEN).get("/admin/isolation").json();
            assertThat(report.get("findings")).isEmpty();
            assertThat(report.get("allowed").findValuesAsText("rule"))
                    .contains("setting-activities", "function-signals")
                    .doesNotContain("database-temporary");
        }
    }

    @Test
    void theEmbeddedDatabaseHasNothingToAllow() throws Exception {
        try (AgentGateway gateway =
                AgentGateway.start(Settings.of(Map.of("GATEWAY_PORT", "0", "GATEWAY_OPERATOR_TOKEN", TOKEN)))) {
            JsonNode report = Client.anonymous(gateway.url())
                    .with(TOKEN)
                    .get("/admin/isolation")
                    .json();

            assertThat(report.get("clean").asBoolean()).isTrue();
            assertThat(report.get("allowed")).isEmpty();
        }
    }

    @Test
    @Timeout(60)
    void aHoleThatIsMadeWhileItServesIsToldAndMended() throws Exception {
        try (AgentGateway gateway = start()) {
            Client anyone = Client.anonymous(gateway.url());
            given.asOwner("ALTER TABLE agents DISABLE ROW LEVEL SECURITY");
            assertThat(readinessTurns(anyone, 503).body()).contains("table public.agents");

            JsonNode finding = anyone.with(TOKEN)
                    .get("/admin/isolation")
                    .json()
                    .get("findings")
                    .get(0);
            given.asOwner(finding.get("mend").asText());
            readinessTurns(anyone, 200);
        }
    }

    private static Client.Answer readinessTurns(Client anyone, int status) {
        return Stream.generate(() -> anyone.get("/readyz"))
                .filter(answer -> answer.status() == status)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aDatabaseThatLetsTenantsOutIsNotServed() throws Exception {
        start().close();
        given.asOwner(
                "CREATE VIEW every_agent AS SELECT * FROM agents", "GRANT SELECT ON every_agent TO " + given.app());
        given.asSuperuser("ALTER VIEW every_agent OWNER TO postgres");

        assertThatThrownBy(this::start)
                .isInstanceOf(IsolationException.class)
                .hasMessageContaining("view-owner-bypass");
    }

    @Test
    void theReportIsForTheOperatorOnly() throws Exception {
        try (AgentGateway gateway = start()) {
            Client anyone = Client.anonymous(gateway.url());

            assertThat(anyone.get("/admin/isolation").status()).isEqualTo(401);
            assertThat(anyone.get("/admin/isolation").header("WWW-Authenticate"))
                    .startsWith("Bearer");
            assertThat(anyone.as("acme").get("/admin/isolation").status()).isEqualTo(401);
            assertThat(anyone.with(TOKEN + "x").get("/admin/isolation").status())
                    .isEqualTo(401);
            assertThat(anyone.with("").get("/admin/isolation").status()).isEqualTo(401);
        }
    }
}
