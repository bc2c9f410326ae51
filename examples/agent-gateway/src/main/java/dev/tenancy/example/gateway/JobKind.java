package dev.tenancy.example.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Jdbi;

/** What a job does. */
enum JobKind {
    /** Gives back its payload. */
    ECHO("echo") {
        @Override
        JsonNode run(JsonNode payload, Jdbi jdbi) {
            return payload;
        }
    },

    /** Counts the agents that it sees; its SQL does not say whose. */
    COUNT_AGENTS("count-agents") {
        @Override
        JsonNode run(JsonNode payload, Jdbi jdbi) {
            long agents = jdbi.withHandle(handle -> handle.createQuery("SELECT count(*) FROM agents")
                    .mapTo(Long.class)
                    .one());
            return Json.MAPPER.valueToTree(Map.of("agents", agents));
        }
    };

    private final String text;

    JobKind(String text) {
        this.text = text;
    }

    /** Does it, in the context of the job's tenant. */
    abstract JsonNode run(JsonNode payload, Jdbi jdbi);

    static Optional<JobKind> of(String text) {
        return Arrays.stream(values()).filter(kind -> kind.text.equals(text)).findFirst();
    }

    @Override
    public String toString() {
        return text;
    }
}
