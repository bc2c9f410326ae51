package dev.tenancy.ratelimit.lettuce;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenancy.TenantId;
import dev.tenancy.ratelimit.BucketKey;
import dev.tenancy.ratelimit.RateLimits;
import dev.tenancy.ratelimit.internal.Rate;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** What the server said goes on being true, less the time that has passed. */
class KnownTest {
    private static final long A_SECOND = Duration.ofSeconds(1).toNanos();
    private static final Spec SPEC = new Spec.Cache().of(RateLimits.parse("10/10s, 600/60m burst 100"));
    private static final Target ACME = target("acme");

    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - A_SECOND / 2);
    private final Known.Cache cache = new Known.Cache(now::get);

    @Test
    void nothingIsKnownOfANewcomer() {
        assertThat(cache.of(ACME).waitFor(1, now.get())).isZero();
        assertThat(cache.of(ACME).debtsAt(now.get(), SPEC)).containsExactly(0, 0);
    }

    @Test
    void whoHasTooLittleWaitsForTheLongestOfAll() {
        cache.learn(ACME, taken(1_000_000, 10, 98));
        assertThat(waitFor(1)).isEqualTo(A_SECOND);
        assertThat(waitFor(2)).isEqualTo(2 * A_SECOND);
        assertThat(waitFor(3)).isEqualTo(6 * A_SECOND);
        now.addAndGet(A_SECOND - 1);
        assertThat(waitFor(1)).isEqualTo(1);
        now.addAndGet(1);
        assertThat(waitFor(1)).isZero();
        assertThat(cache.of(target("globex")).waitFor(1, now.get())).isZero();
    }

    @Test
    void whatIsTakenComesBackWithTime() {
        cache.learn(ACME, taken(1_000_000, 3, 98));
        assertThat(permitsTaken()).containsExactly(3, 98);
        now.addAndGet(2 * A_SECOND);
        assertThat(permitsTaken()).containsExactly(1, 98 - 2.0 / 6);
        now.addAndGet(A_SECOND);
        assertThat(permitsTaken()).containsExactly(0, 97.5);
        now.addAndGet(Duration.ofDays(1).toNanos());
        assertThat(permitsTaken()).containsExactly(0, 0);
    }

    @Test
    void aClockThatGoesBackGivesNothingBack() {
        cache.learn(ACME, taken(1_000_000, 3, 98));
        now.addAndGet(-A_SECOND);
        assertThat(permitsTaken()).containsExactly(3, 98);
    }

    @Test
    void anOlderAnswerThatComesLaterTellsNothingNew() {
        cache.learn(ACME, taken(2_000_000, 10, 10));
        now.addAndGet(A_SECOND - 1);
        cache.learn(ACME, taken(1_999_999, 1, 1));
        assertThat(waitFor(1)).isEqualTo(1);
        cache.learn(ACME, taken(2_000_000, 9, 9));
        assertThat(waitFor(1)).isZero();
    }

    @Test
    void aServerWhoseClockWasSetBackIsBelievedAfterASecond() {
        cache.learn(ACME, taken(2_000_000, 10, 10));
        now.addAndGet(A_SECOND);
        cache.learn(ACME, taken(1_000_000, 10, 10));
        assertThat(waitFor(1)).isEqualTo(A_SECOND);
    }

    @Test
    void whatIsForgottenIsNotKnown() {
        cache.learn(ACME, taken(1_000_000, 10, 98));
        cache.forget(ACME);
        assertThat(waitFor(1)).isZero();
    }

    @Test
    void whatOneSubjectGaveBackIsForgottenOfAllWhoShareIt() {
        Spec both = new Spec.Cache().of(RateLimits.parse("10/10s, 600/60m burst 100 per subject"));
        BucketKey key = BucketKey.of(TenantId.of("acme"));
        Target u1 = Target.of(key.withSubject("u1"), both);
        Target u2 = Target.of(key.withSubject("u2"), both);
        cache.learn(u2, taken(1_000_000, 10, 1));
        assertThat(cache.of(u2).waitFor(1, now.get())).isPositive();

        cache.forget(u1);
        assertThat(cache.of(u2).waitFor(1, now.get())).isZero();
        cache.learn(u2, taken(999_999, 10, 1));
        assertThat(cache.of(u2).waitFor(1, now.get()))
                .as("an older answer is better than none")
                .isPositive();
    }

    @Test
    void someAreForgottenWhenThereAreTooMany() {
        for (int i = 0; i < 100_000; i++) {
            cache.learn(target("t" + i), taken(1_000_000, 10, 98));
        }
        assertThat(known()).isEqualTo(100_000);
        cache.learn(ACME, taken(1_000_000, 10, 98));
        assertThat(known()).isEqualTo(99_000);
        assertThat(waitFor(1)).isEqualTo(A_SECOND);
    }

    private int known() {
        int known = 0;
        for (int i = 0; i < 100_000; i++) {
            known += cache.of(target("t" + i)).waitFor(1, now.get()) > 0 ? 1 : 0;
        }
        return known;
    }

    private long waitFor(long permits) {
        return cache.of(ACME).waitFor(permits, now.get());
    }

    private double[] permitsTaken() {
        long[] debts = cache.of(ACME).debtsAt(now.get(), SPEC);
        double[] permits = new double[debts.length];
        for (int i = 0; i < debts.length; i++) {
            Rate rate = SPEC.rate(i);
            permits[i] = (double) debts[i] / rate.interval();
        }
        return permits;
    }

    private static Answer taken(long micros, long ofFirst, long ofSecond) {
        long[] debts = {
            ofFirst * SPEC.rate(0).interval(), ofSecond * SPEC.rate(1).interval()
        };
        return new Answer(1, 0, -1, micros, debts, new long[2]);
    }

    private static Target target(String tenant) {
        return new Target(BucketKey.of(TenantId.of(tenant)), SPEC);
    }
}
