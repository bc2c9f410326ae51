package dev.tenancy.example.gateway;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** What a model costs. One that is not in this table is not free: it is refused. */
enum Price {
    PARROT(3, 15),
    PARROT_LARGE(15, 75);

    private final int microsPerInputToken;
    private final int microsPerOutputToken;

    Price(int microsPerInputToken, int microsPerOutputToken) {
        this.microsPerInputToken = microsPerInputToken;
        this.microsPerOutputToken = microsPerOutputToken;
    }

    /** Of a model, or of the usual one if none is named. */
    static Price of(Optional<String> model) {
        if (model.isEmpty()) {
            return PARROT;
        }
        return Arrays.stream(values())
                .filter(price -> price.text().equals(model.get()))
                .findFirst()
                .orElseThrow(() -> new MalformedRequestException("model is unknown; allowed: "
                        + Arrays.stream(values()).map(Price::text).collect(Collectors.joining(", "))));
    }

    /** The name of the model. */
    String text() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    long costMicros(int inputTokens, int outputTokens) {
        return (long) inputTokens * microsPerInputToken + (long) outputTokens * microsPerOutputToken;
    }
}
