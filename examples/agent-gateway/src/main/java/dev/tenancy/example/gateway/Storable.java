package dev.tenancy.example.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;

/** What PostgreSQL stores as it is: in texts, and in JSON (PostgreSQL manual, sections 8.14 and 8.1.2). */
final class Storable {
    private static final int MOST_DIGITS_BEFORE_POINT = 131_072;
    private static final int MOST_DIGITS_AFTER_POINT = 16_383;

    private Storable() {}

    /**
     * Looks at every name and value.
     *
     * @throws MalformedRequestException if one cannot be stored, or not as it is
     */
    static void require(JsonNode json) {
        if (json.isTextual()) {
            require(json.textValue());
        } else if (json.isNumber()) {
            require(json.decimalValue());
        }
        json.properties().forEach(field -> require(field.getKey()));
        json.forEach(Storable::require);
    }

    private static void require(String text) {
        if (text.indexOf(0) >= 0) {
            throw new MalformedRequestException("The body has a text with a NUL character.");
        }
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
            throw new MalformedRequestException("The body has a text with half of a surrogate pair.");
        }
    }

    private static void require(BigDecimal number) {
        if (number.scale() > MOST_DIGITS_AFTER_POINT
                || (long) number.precision() - number.scale() > MOST_DIGITS_BEFORE_POINT) {
            throw new MalformedRequestException("The body has a number with more than " + MOST_DIGITS_BEFORE_POINT
                    + " digits before its point, or " + MOST_DIGITS_AFTER_POINT + " behind it.");
        }
    }
}
