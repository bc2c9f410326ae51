package dev.tenancy.jwt;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A document that says what it is told to say, or fails, and counts how often it was read. */
final class SettableDocument implements KeyDocument {
    private final AtomicInteger reads = new AtomicInteger();
    private volatile KeyDocument now;

    SettableDocument(String text) {
        now = reading(text);
    }

    private static KeyDocument reading(String text) {
        return () -> StrictJson.object(text.getBytes(StandardCharsets.UTF_8));
    }

    void set(String text) {
        now = reading(text);
    }

    void set(KeyDocument other) {
        now = other;
    }

    /** From now on it cannot be had. */
    void takeAway() {
        now = () -> {
            throw new IOException("down");
        };
    }

    int reads() {
        return reads.get();
    }

    @Override
    public Map<String, @Nullable Object> read() throws IOException, ParseException {
        reads.incrementAndGet();
        return now.read();
    }
}
