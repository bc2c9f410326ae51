package dev.tenancy.example.gateway;

import java.util.Optional;
import java.util.UUID;

/**
 * What is asked of the model.
 *
 * @param session the session it belongs to, if any
 * @param prompt the question
 * @param maxTokens the longest answer
 */
record ChatCall(Optional<UUID> session, String prompt, int maxTokens) {
    private static final int MOST_TOKENS = 4_096;
    private static final int DEFAULT_TOKENS = 256;

    static ChatCall of(Body body) {
        return new ChatCall(body.optionalId("sessionId"), body.text("prompt", Body.MAX_TEXT), (int)
                body.integer("maxTokens", 1, MOST_TOKENS, DEFAULT_TOKENS));
    }

    /** The most it can cost. */
    long estimateMicros() {
        return Model.costMicros(Model.tokens(prompt), maxTokens);
    }
}
