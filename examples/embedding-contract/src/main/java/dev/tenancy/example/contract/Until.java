package dev.tenancy.example.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Callable;

/** Waits until something has come about that nobody tells. */
public final class Until {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private Until() {}

    /** Asks until it is so, and fails if that takes half a minute. */
    public static void until(Callable<Boolean> condition) throws Exception {
        Instant end = Instant.now().plus(PATIENCE);
        while (!condition.call()) {
            assertThat(Instant.now()).as("it does not come about").isBefore(end);
            Thread.onSpinWait();
        }
    }
}
