package dev.tenancy.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RateLimitTest {

    @Test
    void readsItsText() {
        assertThat(RateLimit.parse("600/1m burst 100")).isEqualTo(new RateLimit(600, Duration.ofMinutes(1), 100));
        assertThat(RateLimit.parse("10/1s")).isEqualTo(new RateLimit(10, Duration.ofSeconds(1), 10));
        assertThat(RateLimit.parse("5/24h")).isEqualTo(new RateLimit(5, Duration.ofDays(1), 5));
        assertThat(RateLimit.parse("0/1d")).isEqualTo(new RateLimit(0, Duration.ofDays(1), 0));
        assertThat(RateLimit.parse("unlimited").isUnlimited()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "600",
                "600/m",
                "600/1w",
                "-1/1m",
                "1/0s",
                "1/1m burst",
                "1/1m burst 0",
                "0/1m burst 1",
                "1/1m "
            })
    void refusesWhatIsNoLimit(String text) {
        assertThatThrownBy(() -> RateLimit.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("allowed");
    }

    @Test
    void refusesABurstThatCannotBeCounted() {
        assertThatThrownBy(() -> new RateLimit(1, Duration.ofDays(1), 1_000_000_000))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("50 years");
    }
}
