package dev.tenancy.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
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

    @Test
    void isWhatItsTextSays() {
        for (String text : List.of(
                "600/1m burst 100",
                "10/1s",
                "5/1d",
                "0/1d",
                "unlimited",
                "60/1h per subject",
                "60/90s burst 7 per subject when away share",
                "1/36h when away allow")) {
            RateLimit limit = RateLimit.parse(text);
            assertThat(limit)
                    .hasToString(text)
                    .isEqualTo(RateLimit.parse(text))
                    .hasSameHashCodeAs(RateLimit.parse(text));
        }
        assertThat(RateLimit.parse("24/24h")).hasToString("24/1d");
        assertThat(RateLimit.parse("10/1s when away deny")).isEqualTo(RateLimit.parse("10/1s"));
        assertThat(RateLimit.of(1, Duration.ofMillis(1500))).hasToString("1/PT1.5S");
    }

    @Test
    void differsByAllThatItSays() {
        assertThat(List.of(
                        RateLimit.parse("10/1m"),
                        RateLimit.parse("11/1m burst 10"),
                        RateLimit.parse("10/2m"),
                        RateLimit.parse("10/1m burst 9"),
                        RateLimit.parse("10/1m per subject"),
                        RateLimit.parse("10/1m when away allow"),
                        RateLimit.unlimited(),
                        RateLimit.of(1_000_000_000, Duration.ofSeconds(1))))
                .doesNotHaveDuplicates();
        assertThat(RateLimit.parse("10/1m").hashCode())
                .isNotEqualTo(RateLimit.parse("11/1m").hashCode());
        assertThat(RateLimits.parse("10/1m, 9/1h").hashCode())
                .isNotEqualTo(RateLimits.parse("11/1m, 9/1h").hashCode());
        assertThat(RateLimit.of(1_000_000_000, Duration.ofSeconds(1)).isUnlimited())
                .as("a number is a number, however large")
                .isFalse();
        assertThat(RateLimit.unlimited().withBurst(1).perSubject().whenAway(WhenAway.DENY))
                .isSameAs(RateLimit.unlimited());
    }

    @Test
    void refusesNumbersOutOfTheirRange() {
        for (ThrowingCallable bad : List.<ThrowingCallable>of(
                () -> RateLimit.of(-1, Duration.ofSeconds(1)),
                () -> RateLimit.of(1_000_000_001, Duration.ofSeconds(1)),
                () -> RateLimit.of(1, Duration.ofNanos(999_999)),
                () -> RateLimit.of(1, Duration.ofDays(366).plusNanos(1)),
                () -> RateLimit.of(1, Duration.ofSeconds(-1)),
                () -> RateLimit.of(10, Duration.ofSeconds(1)).withBurst(0),
                () -> RateLimit.of(10, Duration.ofSeconds(1)).withBurst(1_000_000_001),
                () -> RateLimit.of(0, Duration.ofSeconds(1)).withBurst(1))) {
            assertThatThrownBy(bad).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("allowed");
        }
        assertThat(RateLimit.of(1, Duration.ofDays(366)).burst()).isEqualTo(1);
        assertThat(RateLimit.of(1, Duration.ofMillis(1)).burst()).isEqualTo(1);
        assertThat(RateLimit.of(1_000_000_000, Duration.ofMillis(1)).permits()).isEqualTo(1_000_000_000);
    }

    @Test
    void severalAreReadFromOneText() {
        RateLimits limits = RateLimits.parse("600/1m burst 100, 10000/1d, 60/1m per subject, unlimited");
        assertThat(limits.all()).hasSize(4);
        assertThat(limits.ofTenant()).containsExactly(RateLimit.parse("600/1m burst 100"), RateLimit.parse("10000/1d"));
        assertThat(limits.ofSubject()).containsExactly(RateLimit.parse("60/1m per subject"));
        assertThat(limits.mostAtOnce()).isEqualTo(60);
        assertThat(limits).hasToString("600/1m burst 100, 10000/1d, 60/1m per subject, unlimited");
        assertThat(limits)
                .isEqualTo(RateLimits.parse(limits.toString()))
                .hasSameHashCodeAs(RateLimits.parse(limits.toString()));
        assertThat(RateLimits.parse("10/1m")).isNotEqualTo(RateLimits.parse("10/1h"));
        assertThat(RateLimits.parse("unlimited").isUnlimited()).isTrue();
        assertThat(RateLimits.parse("unlimited, 10/1m").isUnlimited()).isFalse();
        assertThat(RateLimits.parse("10/1m per subject").ofTenant()).isEmpty();
        assertThat(RateLimits.parse("1/1s, 1/2s, 1/3s, 1/4s, 1/5s, 1/6s, 1/7s, 1/8s")
                        .all())
                .hasSize(8);
        assertThat(RateLimits.parse("unlimited, 10/1m").mostAtOnce()).isEqualTo(10);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "10/1m,10/1h",
                "10/1m, ",
                ", 10/1m",
                "10/1m, 20/60s",
                "10/1m per subject, 20/60s per subject",
                "1/1s, 1/2s, 1/3s, 1/4s, 1/5s, 1/6s, 1/7s, 1/8s, 1/9s"
            })
    void refusesWhatAreNoLimits(String text) {
        assertThatThrownBy(() -> RateLimits.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("allowed");
        assertThatThrownBy(RateLimits::of).hasMessageContaining("allowed: 1 to 8");
    }

    @Test
    void theLimitThatIsBadIsNamed() {
        assertThatThrownBy(() -> RateLimits.parse("600/1m, 5/1x"))
                .hasMessageContaining("limit number 2")
                .hasMessageContaining("', '");
    }

    @Test
    void unlimitedHasNoPeriod() {
        assertThat(RateLimits.parse("unlimited, 10/1s").mostAtOnce()).isEqualTo(10);
    }
}
