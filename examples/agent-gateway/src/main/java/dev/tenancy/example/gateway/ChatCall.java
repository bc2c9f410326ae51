package dev.tenancy.example.gateway;

import dev.tenancy.ratelimit.Expense;
import java.util.Optional;
import java.util.UUID;

/**
 * What is asked of the model.
 *
 * @param session the session it belongs to, if any
 * @param model which model, one that has a price
 * @param prompt the question
 * @param maxTokens the longest answer
 */
record ChatCall(Optional<UUID> session, Price model, String prompt, int maxTokens) {
    private static final int MOST_TOKENS = 4_096;
    private static final int DEFAULT_TOKENS = 256;

    static ChatCall of(Body body) {
        return new ChatCall(
                body.optionalId("sessionId"),
                Price.of(body.optionalText("model")),
                body.text("prompt", Body.MAX_TEXT),
                (int) body.integer("maxTokens", 1, MOST_TOKENS, DEFAULT_TOKENS));
    }

    /** The most it can cost, counted by budgets of its model too. */
    Expense expense() {
        return Expense.of(model.costMicros(Model.tokens(prompt), maxTokens))
                .named(model.text())
                .tagged(model.text());
    }
}
