package dev.tenancy.example.gateway;

import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A piece of work that is done after its request has been answered. */
record Job(
        UUID id,
        String kind,
        JsonNode payload,
        State state,
        @Nullable JsonNode result,
        String createdAt,
        String tenantId) {

    /** Where it is; from queued to running to one of the others, or from queued to one of the last two. */
    enum State {
        QUEUED,
        RUNNING,
        DONE,
        FAILED,
        /** Its tenant was not allowed to work any more when it was its turn. */
        REFUSED,
        CANCELLED;

        /** As it is stored and sent. */
        @Override
        @JsonValue
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }

        static State of(String text) {
            return valueOf(text.toUpperCase(Locale.ROOT));
        }
    }
}
