package dev.tenancy.jwt;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A document that says what it is told to say, or cannot be had, and counts how often it was read. */
final class SettableDocument implements KeyDocument {
    private final AtomicInteger reads = new AtomicInteger();
    private volatile String text;
    private volatile @Nullable IOException failure;

    SettableDocument(String text) {
        this.text = text;
    }

    void set(String other) {
        text = other;
        failure = null;
    }

    void failWith(IOException other) {
        failure = other;
    }

    int reads() {
        return reads.get();
    }

    @Override
    public Map<String, @Nullable Object> read() throws IOException, ParseException {
        reads.incrementAndGet();
        IOException now = failure;
        if (now != null) {
            throw now;
        }
        return StrictJson.object(text.getBytes(StandardCharsets.UTF_8));
    }
}
