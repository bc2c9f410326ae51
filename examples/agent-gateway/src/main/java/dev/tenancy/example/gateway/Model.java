package dev.tenancy.example.gateway;

import java.util.Locale;

/** A language model that needs no other machine: says the same of the same prompt, and costs what such models do. */
final class Model {
    private static final int CHARACTERS_PER_TOKEN = 4;

    private Model() {}

    /** What the model said, and what it used. */
    record Answer(String reply, Usage usage) {}

    /** What an answer used. */
    record Usage(int inputTokens, int outputTokens, long costMicros) {}

    static Answer answer(ChatCall call) {
        String full =
                "You said: " + call.prompt().strip() + " (" + call.prompt().length() + " characters, hash "
                        + String.format(Locale.ROOT, "%08x", call.prompt().hashCode()) + ")";
        String reply = full.substring(0, Math.min(full.length(), call.maxTokens() * CHARACTERS_PER_TOKEN));
        int input = tokens(call.prompt());
        int output = tokens(reply);
        return new Answer(reply, new Usage(input, output, call.model().costMicros(input, output)));
    }

    static int tokens(String text) {
        return (text.length() + CHARACTERS_PER_TOKEN - 1) / CHARACTERS_PER_TOKEN;
    }
}
