package dev.tenancy.example.spring;

import static dev.tenancy.example.contract.Until.until;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tenancy.example.contract.Answer;
import dev.tenancy.example.contract.EmbeddingContract;
import dev.tenancy.example.contract.NotesDatabase;
import dev.tenancy.example.contract.ServerProcess;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Also what only Spring has. */
class SpringIT extends EmbeddingContract {

    @Override
    protected ServerProcess start(Map<String, String> variables) {
        return ServerProcess.start(
                List.of("-jar", ServerProcess.jar("embedding-spring").toString()), variables);
    }

    /** Notes are counted all the time. */
    @Override
    protected int backgroundWork() {
        return 1;
    }

    @Test
    void healthIsGreenWithoutATenant() {
        Answer health = client().get("", "/actuator/health");

        assertThat(health.status()).isEqualTo(200);
        assertThat(health.body()).contains("\"status\":\"UP\"");
    }

    @Test
    void aTransactionThatFailsLeavesNothing() {
        assertThat(client().add(NotesDatabase.ACME, " ").status()).isEqualTo(400);
        assertThat(client().get(NotesDatabase.ACME, "/notes").body()).doesNotContain("\"text\":\" \"");
    }

    @Test
    void scheduledWorkSeesEachTenantByItself() throws Exception {
        client().add(NotesDatabase.ACME, "to be counted");
        client().add(NotesDatabase.GLOBEX, "to be counted too");
        client().add(NotesDatabase.GLOBEX, "and this one");

        for (String key : List.of(NotesDatabase.ACME, NotesDatabase.GLOBEX)) {
            until(() -> client().get(key, "/counted")
                    .body()
                    .equals(Integer.toString(client().get(key, "/notes").body().split("\"id\"", -1).length - 1)));
        }
    }
}
