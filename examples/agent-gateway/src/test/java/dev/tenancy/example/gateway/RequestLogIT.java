package dev.tenancy.example.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import com.fasterxml.jackson.databind.JsonNode;
import dev.tenancy.testservers.TestPostgres;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.slf4j.LoggerFactory;

/** The lines that are logged for requests, as JSON. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RequestLogIT {
    private final Logger logger = (Logger) LoggerFactory.getLogger(RequestLog.class);
    private final Lines lines = new Lines();
    private AgentGateway gateway;

    @BeforeAll
    void start() throws Exception {
        TestPostgres.Database database = TestPostgres.newDatabase();
        gateway = AgentGateway.start(TestSettings.on(database, "GATEWAY_TENANT_KEY_MAP", "key-of-acme:acme"));
        lines.start();
        logger.setLevel(Level.INFO);
        logger.addAppender(lines);
    }

    @AfterAll
    void stop() {
        logger.detachAppender(lines);
        logger.setLevel(Level.OFF);
        gateway.close();
    }

    @Test
    void aRequestHasItsTenantOnceThatIsProven() throws Exception {
        Client anonymous = Client.anonymous(gateway.url());
        anonymous.with("key-of-acme").get("/agents?token=a-secret");
        JsonNode admitted = lines.next();
        anonymous.with("no-key").get("/agents");
        JsonNode refused = lines.next();
        anonymous.with("key-of-acme").get("/agents/7");
        JsonNode malformed = lines.next();

        assertThat(admitted.get("mdc").get("tenant_id").asText()).isEqualTo("acme");
        assertThat(admitted.get("kvpList").findValuesAsText("method")).containsExactly("GET");
        assertThat(admitted.get("kvpList").findValuesAsText("path")).containsExactly("/agents");
        assertThat(admitted.get("kvpList").findValuesAsText("status")).containsExactly("200");
        assertThat(admitted.toString()).doesNotContain("a-secret", "key-of-acme");
        assertThat(refused.get("mdc").has("tenant_id")).isFalse();
        assertThat(refused.get("kvpList").findValuesAsText("status")).containsExactly("401");
        assertThat(malformed.get("mdc").get("tenant_id").asText()).isEqualTo("acme");
        assertThat(malformed.get("kvpList").findValuesAsText("status")).containsExactly("400");
    }

    private static final class Lines extends AppenderBase<ILoggingEvent> {
        private final JsonEncoder json = new JsonEncoder();
        private final BlockingQueue<String> encoded = new LinkedBlockingQueue<>();

        @Override
        public void start() {
            json.start();
            super.start();
        }

        @Override
        protected void append(ILoggingEvent event) {
            encoded.add(new String(json.encode(event), UTF_8));
        }

        private JsonNode next() throws InterruptedException {
            return Json.tree(String.valueOf(encoded.poll(1, TimeUnit.MINUTES)));
        }
    }
}
