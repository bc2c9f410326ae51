package dev.tenancy.ratelimit.lettuce;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenancy.TenantId;
import dev.tenancy.ratelimit.BucketKey;
import dev.tenancy.ratelimit.RateLimit;
import dev.tenancy.ratelimit.RateLimits;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is whose on the server, and how limits are counted there. */
class TargetTest {
    private static final BucketKey CHAT = BucketKey.of(TenantId.of("acme"), "chat");
    private static final Spec.Cache SPECS = new Spec.Cache();

    @Test
    void theTenantsLimitsHaveAKeyAndThoseOfTheSubjectAnother() {
        assertThat(keys(CHAT.withSubject("u1"), "10/1d, 5/1d per subject"))
                .containsExactly("p:{acme}:chat", "p:{acme}:chat:subject:u1");
        assertThat(keys(CHAT, "10/1d, 5/1d per subject")).containsExactly("p:{acme}:chat", "p:{acme}:chat:none");
        assertThat(keys(CHAT.withSubject("u1"), "10/1d")).containsExactly("p:{acme}:chat");
        assertThat(keys(CHAT.withSubject("u1"), "10/1d per subject")).containsExactly("p:{acme}:chat:subject:u1");
    }

    @Test
    void subjectsThatAreLongOrNotPlainAreKnownByTheirDigest() {
        for (String plain : List.of("!", "~", "x".repeat(128))) {
            assertThat(keyOf(plain)).isEqualTo("p:{acme}:chat:subject:" + plain);
        }
        for (String other : List.of("", " ", "a b", "\u007f", "\u00e4", "\n", "x".repeat(129))) {
            assertThat(keyOf(other))
                    .matches(other.isEmpty() ? "p:\\{acme}:chat:subject:" : "p:\\{acme}:chat:digest:[0-9a-f]{64}");
        }
        assertThat(keyOf("a b")).isNotEqualTo(keyOf("a  b"));
    }

    @Test
    void aPeriodIsCountedInWholeMicrosecondsAndRoundedUp() {
        Spec spec = SPECS.of(RateLimits.of(RateLimit.of(1, Duration.ofNanos(1_000_001))));
        assertThat(spec.rate(0).ticks(spec.rate(0).capacity())).isEqualTo(1_001);
        Spec whole = SPECS.of(RateLimits.of(RateLimit.of(1, Duration.ofMillis(1))));
        assertThat(whole.rate(0).ticks(whole.rate(0).capacity())).isEqualTo(1_000);
    }

    @Test
    void anAnswerTellsWhatWasTakenBeforeTheLastPermits() {
        Spec spec = SPECS.of(RateLimits.parse("10/1d, 5/1h"));
        long interval = spec.rate(0).interval();
        long ofHour = spec.rate(1).interval();
        Answer answer = new Answer(3, 0, -1, 0, new long[] {7 * interval, 5 * ofHour}, new long[2]);
        assertThat(answer.debtsBefore(spec, 2)).containsExactly(5 * interval, 3 * ofHour);
        assertThat(answer.debts()).containsExactly(7 * interval, 5 * ofHour);
    }

    private static String keyOf(String subject) {
        return keys(CHAT.withSubject(subject), "5/1d per subject").get(0);
    }

    private static List<String> keys(BucketKey key, String limits) {
        return new Target(key, SPECS.of(RateLimits.parse(limits))).keys("p:");
    }
}
