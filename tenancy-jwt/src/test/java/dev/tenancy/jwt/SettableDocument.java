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

    /** How often it was read, when all that reads keys now has ended. */
    int readsThatEnded() {
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (thread.getName().equals(RefreshedKeys.THREAD)) {
                joined(thread);
            }
        }
        return reads.get();
    }

    private static void joined(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }

    @Override
    public Map<String, @Nullable Object> read() throws IOException, ParseException {
        reads.incrementAndGet();
        return now.read();
    }
}
