package dev.tenancy.example.gateway;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.http.Context;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * The JSON object in the body of a request; every fault is a {@link MalformedRequestException} that names the field.
 */
final class Body {
    private static final Pattern UUID_TEXT = Pattern.compile("(?i)[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
    private static final int MAX_TEXT = 20_000;

    private final JsonNode json;

    private Body(JsonNode json) {
        this.json = json;
    }

    static Body of(Context ctx) {
        try {
            JsonNode json = Json.MAPPER.readTree(ctx.body());
            // PostgreSQL stores no NUL in a text.
            if (json == null || !json.isObject() || json.toString().contains("\\u0000")) {
                throw new MalformedRequestException("The body is not a JSON object, or has a NUL character.");
            }
            return new Body(json);
        } catch (JsonProcessingException notJson) {
            throw new MalformedRequestException("The body is not JSON.");
        }
    }

    /** The whole body, as it is to be stored. */
    String asText() {
        return json.toString();
    }

    String text(String field) {
        return optionalText(field).orElseThrow(() -> new MalformedRequestException(field + " is missing."));
    }

    Optional<String> optionalText(String field) {
        JsonNode value = json.path(field);
        if (value.isMissingNode() || value.isNull()) {
            return Optional.empty();
        }
        if (!value.isTextual()
                || value.textValue().isBlank()
                || value.textValue().length() > MAX_TEXT) {
            throw new MalformedRequestException(field + " is not a text of 1 to " + MAX_TEXT + " characters.");
        }
        return Optional.of(value.textValue());
    }

    Optional<UUID> optionalId(String field) {
        return optionalText(field).map(text -> id(field, text));
    }

    long integer(String field, long least, long most, long otherwise) {
        JsonNode value = json.path(field);
        if (value.isMissingNode() || value.isNull()) {
            return otherwise;
        }
        if (!value.isIntegralNumber()
                || !value.canConvertToLong()
                || value.longValue() < least
                || value.longValue() > most) {
            throw new MalformedRequestException(field + " is not a whole number from " + least + " to " + most + ".");
        }
        return value.longValue();
    }

    /** The object in a field, or an empty one. */
    ObjectNode object(String field) {
        JsonNode value = json.path(field);
        if (value instanceof ObjectNode object) {
            return object;
        }
        if (value.isMissingNode() || value.isNull()) {
            return Json.MAPPER.createObjectNode();
        }
        throw new MalformedRequestException(field + " is not an object.");
    }

    /** An id in the path. */
    static UUID idInPath(Context ctx, String parameter) {
        return id(parameter, ctx.pathParam(parameter));
    }

    private static UUID id(String name, String text) {
        if (!UUID_TEXT.matcher(text).matches()) {
            throw new MalformedRequestException(name + " is not a UUID.");
        }
        return UUID.fromString(text);
    }
}
