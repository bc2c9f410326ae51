package dev.tenancy.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RateLimitHeadersTest {
    private static final Standing OF_TENANT =
            new Standing(RateLimit.parse("60/1m burst 5"), 3, 1_000_000_001, 1_500_000_000);
    private static final Standing OF_SUBJECT =
            new Standing(RateLimit.parse("10/1m per subject"), 0, 6_000_000_000L, 60_000_000_000L);

    @Test
    void oneLimitIsCalledByItsName() {
        assertThat(RateLimitHeaders.of("chat", List.of(OF_TENANT)))
                .isEqualTo(Map.of("RateLimit", "\"chat\";r=3;t=2", "RateLimit-Policy", "\"chat\";q=60;w=60"));
        assertThat(RateLimitHeaders.of("chat", List.of(OF_SUBJECT)))
                .isEqualTo(Map.of("RateLimit", "\"chat\";r=0;t=6", "RateLimit-Policy", "\"chat\";q=10;w=60"));
    }

    @Test
    void severalAreToldApart() {
        assertThat(RateLimitHeaders.of("chat", List.of(OF_TENANT, OF_SUBJECT)))
                .isEqualTo(Map.of(
                        "RateLimit",
                        "\"chat-1m\";r=3;t=2, \"chat-1m-subject\";r=0;t=6",
                        "RateLimit-Policy",
                        "\"chat-1m\";q=60;w=60, \"chat-1m-subject\";q=10;w=60"));
    }

    @Test
    void whatIsWholeOrNeverComesBackHasNoTime() {
        Standing whole = new Standing(RateLimit.parse("60/1m burst 5"), 5, 0, 0);
        assertThat(RateLimitHeaders.of("chat", List.of(whole))).containsEntry("RateLimit", "\"chat\";r=5");
    }

    @Test
    void noLimitIsNoField() {
        assertThat(RateLimitHeaders.of("chat", List.of())).isEmpty();
    }
}
