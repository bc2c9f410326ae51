package dev.tenancy.example.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * The JSON object in the body of a request; every fault is a {@link MalformedRequestException} that names the field.
 */
final class Body {
    private static final Pattern UUID_TEXT = Pattern.compile("(?i)[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
    private static final String READ = Body.class.getName();
    static final int MAX_TEXT = 20_000;

    private final JsonNode json;

    private Body(JsonNode json) {
        this.json = json;
    }

    /** The body is read once, by whoever asks first; whoever asks again gets the same, or the same fault. */
    static Body of(Context ctx) {
        Object known = ctx.attribute(READ);
        if (known instanceof Body body) {
            return body;
        }
        if (known instanceof RuntimeException fault) {
            throw fault;
        }
        try {
            Body body = read(ctx);
            ctx.attribute(READ, body);
            return body;
        } catch (MalformedRequestException | HttpResponseException fault) {
            ctx.attribute(READ, fault);
            throw fault;
        }
    }

    private static Body read(Context ctx) {
        try {
            // JSON is UTF-8, whatever the header says (RFC 8259 section 8.1); a new decoder replaces nothing.
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(ctx.bodyAsBytes()))
                    .toString();
            JsonNode json = Json.MAPPER.readTree(text);
            if (json == null || !json.isObject()) {
                throw new MalformedRequestException("The body is not a JSON object.");
            }
            Storable.require(json);
            return new Body(json);
        } catch (NumberFormatException tooLarge) {
            throw new MalformedRequestException("The body has a number whose exponent is too large.");
        } catch (IOException notJson) {
            throw new MalformedRequestException("The body is not JSON.");
        }
    }

    /** Whether something is said in a field. */
    boolean has(String field) {
        return json.hasNonNull(field);
    }

    /** The whole body, as it is to be stored. */
    String asText() {
        return json.toString();
    }

    String text(String field, int mostCharacters) {
        return optionalText(field, mostCharacters)
                .orElseThrow(() -> new MalformedRequestException(field + " is missing."));
    }

    Optional<String> optionalText(String field) {
        return optionalText(field, MAX_TEXT);
    }

    private Optional<String> optionalText(String field, int mostCharacters) {
        JsonNode value = json.path(field);
        if (value.isMissingNode() || value.isNull()) {
            return Optional.empty();
        }
        if (!value.isTextual()
                || value.textValue().isBlank()
                || value.textValue().length() > mostCharacters) {
            throw new MalformedRequestException(field + " is not a text of 1 to " + mostCharacters + " characters.");
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

    /** Whatever is in a field, or a null of JSON. */
    JsonNode value(String field) {
        JsonNode value = json.path(field);
        return value.isMissingNode() ? NullNode.getInstance() : value;
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
