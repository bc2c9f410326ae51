package dev.tenancy.ratelimit.lettuce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class ValkeyBucketStoreBuilderTest {
    private static final Duration A_MINUTE = Duration.ofMinutes(1);

    private final ValkeyBucketStoreBuilder builder = ValkeyBucketStore.builder();

    @Test
    void badSettingsAreNamed() {
        Map<String, ThrowingCallable> bad = Map.of(
                "replicas is 0; allowed: 1 or more", () -> builder.replicas(0),
                "failures in a row is 0; allowed: 1 or more", () -> builder.breaker(0, A_MINUTE),
                "pause is PT0S; allowed: PT0.001S to PT10M", () -> builder.breaker(1, Duration.ZERO),
                "timeout is PT10.000000001S; allowed: PT0.001S to PT10S",
                        () -> builder.timeout(Duration.ofSeconds(10).plusNanos(1)),
                "timeout is PT0.000999999S; allowed: PT0.001S to PT10S",
                        () -> builder.timeout(Duration.ofNanos(999_999)),
                "leased permits is -1; allowed: 1 or more", () -> builder.lease(-1, A_MINUTE),
                "lease time is PT2M; allowed: PT0.001S to PT1M", () -> builder.lease(1, A_MINUTE.multipliedBy(2)),
                "no server; allowed: uri or cluster", builder::build);
        bad.forEach((message, call) -> assertThatThrownBy(call)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message));
        for (String prefix : new String[] {"{", "a}", "}:"}) {
            assertThatThrownBy(() -> builder.keyPrefix(prefix)).hasMessageContaining("keyPrefix has a brace");
        }
    }

    @Test
    void theEndsOfTheRangesAreAllowed() {
        assertThat(builder.replicas(1)
                        .breaker(1, Duration.ofMillis(1))
                        .breaker(1, Duration.ofMinutes(10))
                        .timeout(Duration.ofMillis(1))
                        .timeout(Duration.ofSeconds(10))
                        .lease(1, Duration.ofMillis(1))
                        .lease(1, A_MINUTE)
                        .keyPrefix(""))
                .isSameAs(builder);
    }

    @Test
    void whatIsWrongWithAUriIsNotShown() {
        for (String uri : List.of(
                "http://user:secret@host",
                "redis://user:secret@host:port",
                "redis://:6379",
                "secret@host",
                "redis://")) {
            assertThatThrownBy(() -> builder.uri(uri))
                    .hasMessageContaining("redis://user:password@host:port/database")
                    .hasMessageNotContaining("secret")
                    .hasNoCause();
        }
        assertThat(builder.uri("redis://[::1]:6379")).isSameAs(builder);
        assertThat(builder.uri("rediss://user:secret@host:6380/1")).isSameAs(builder);
    }
}
