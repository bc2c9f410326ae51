package dev.tenancy.example.notes;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** Reads and writes JSON, for servers that do not do it by themselves. */
public final class Json {
    /** The media type. */
    public static final String MEDIA_TYPE = "application/json";

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private Json() {}

    /** {@return {@code value} as JSON, in UTF-8} */
    public static byte[] write(Object value) {
        try {
            return MAPPER.writeValueAsBytes(value);
        } catch (JsonProcessingException impossible) {
            throw new UncheckedIOException("a value of this application cannot be written", impossible);
        }
    }

    /**
     * {@return the note that a body has}
     *
     * @throws MalformedRequestException if it has none
     */
    public static Note.Draft readDraft(InputStream body) throws IOException {
        try {
            Note.Draft draft = MAPPER.readValue(body, Note.Draft.class);
            if (draft != null && draft.text() != null) {
                return draft;
            }
        } catch (JsonProcessingException malformed) {
            // Its message has parts of the body.
        }
        throw new MalformedRequestException("The body is not {\"text\": \"…\"}.");
    }

    /**
     * {@return the number that a part of a request is}
     *
     * @throws MalformedRequestException if it is none
     */
    public static long readId(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException other) {
            throw new MalformedRequestException("An id is a number.");
        }
    }
}
