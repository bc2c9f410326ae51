package dev.tenancy.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenancy.TenantId;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** What is known of a tenant's past when its limits change, to the permit. */
class ChangedLimitsTest {
    private static final TenantId ACME = TenantId.of("acme");
    private static final Duration HALF_AN_HOUR = Duration.ofMinutes(30);
    private static final Duration AN_HOUR = Duration.ofHours(1);

    private final AtomicLong now =
            new AtomicLong(Long.MAX_VALUE - Duration.ofMinutes(2).toNanos());
    /** What somebody else does, once, when the clock is asked next. */
    private final Deque<Runnable> meanwhile = new ArrayDeque<>();

    private final InMemoryBucketStore store = InMemoryBucketStore.builder()
            .nanoTime(() -> {
                Optional.ofNullable(meanwhile.poll()).ifPresent(Runnable::run);
                return now.get();
            })
            .build();

    @Test
    void aLimitOfTheSamePeriodKnowsThatNothingWasTakenLately() {
        take("100/1d, 10/1h", 10);
        pass(AN_HOUR);

        assertThat(left("100/1d, 5/1h")).isEqualTo(5);
    }

    @Test
    void aLimitOfALongerPeriodDoesNotKnowWhenItWasTaken() {
        take("100/1d", 50);
        pass(AN_HOUR);

        assertThat(left("100/1d, 5/1h")).isZero();
    }

    @Test
    void aLimitIsNotAskedAboutTimesBeforeItCameIntoForce() {
        take("100/1d", 50);
        assertThat(left("100/1d, 5/1h")).isZero();
        pass(HALF_AN_HOUR);

        assertThat(left("100/1d, 4/1h"))
                .as("fifty were taken half an hour ago, which 5/1h cannot count")
                .isZero();
    }

    @Test
    void whatIsKnownOfALimitIsNotForgottenWhenAnotherOneComes() {
        take("100/1d, 5/1h", 5);
        pass(AN_HOUR);
        take("100/1d, 5/1h, 1000/1m", 1);
        pass(Duration.ofSeconds(1));

        assertThat(left("100/1d, 4/1h")).isEqualTo(3);
    }

    @Test
    void theHourOfALimitThatCameIntoForceGoesOnWhenAnotherOneComes() {
        take("100/1d", 50);
        assertThat(left("100/1d, 5/1h")).isZero();
        pass(HALF_AN_HOUR);
        assertThat(left("100/1d, 5/1h, 1000/1m")).isEqualTo(2);
        pass(HALF_AN_HOUR);

        assertThat(left("100/1d, 4/1h")).as("within the hour two were taken").isEqualTo(2);
    }

    @Test
    void whatALimitHasCountedIsNotMixedWithWhatAnotherHas() {
        String both = "1/1h burst 100, 100/1d";
        take(both, 50);
        pass(AN_HOUR.multipliedBy(10));
        RateLimits day = RateLimits.parse("100/1d");

        assertThat(store.standing(BucketKey.of(ACME), day).get(0).remaining())
                .as("asked before the change")
                .isEqualTo(91);
        assertThat(left("100/1d")).isEqualTo(91);
    }

    @Test
    void aLimitThatIsChangedAndChangedBackIsWhatItWasUntilItWouldBeWhole() {
        take("100/1d", 60);
        take("1000/1m", 1);
        pass(AN_HOUR.multipliedBy(6));
        assertThat(left("100/1d")).as("25 of 61 have come back").isEqualTo(64);

        take("1000/1m", 1);
        pass(Duration.ofDays(1));
        assertThat(left("100/1d")).isEqualTo(100);
    }

    @Test
    void ofManyFormerLimitsTheLatestAreRemembered() {
        for (int change = 5; change <= 8; change++) {
            take(change + "/1h, " + change + "/1d, " + change + "/30d", 1);
        }
        take("1000/30d", 996);
        assertThat(left("9/30d")).isZero();

        assertThat(left("1000/30d")).isZero();
    }

    @Test
    void whoeverIsHeldUpWhileTheLimitChangesDoesNotTakeOfTheFormerOne() {
        RateLimits ten = RateLimits.parse("10/1d");
        assertThat(store.tryAcquire(ACME, ten, 1)).isZero();
        meanwhile.add(() -> take("20/1d", 9));

        assertThat(store.tryAcquire(ACME, ten, 9)).isPositive();
    }

    @Test
    void moreThanAFormerLimitHasIsAllOfIt() {
        take("1/366d burst 2", 1);
        take("1000/1d", 300);

        assertThat(left("1/366d burst 2")).isZero();
    }

    @Test
    void whatAFormerLimitCouldNotCountIsNotGivenBackToIt() {
        BucketKey acme = BucketKey.of(ACME);
        RateLimits hundred = RateLimits.parse("100/1d");
        take("10/1d", 1);
        Acquisition five = store.acquire(acme, hundred, 5);
        take("100/1d", 20);
        store.giveBack(five);

        assertThat(store.standing(acme, hundred).get(0).remaining()).isEqualTo(79);
        assertThat(left("10/1d")).as("of 21 that were taken").isZero();
    }

    @Test
    void whatIsLeftIsToldOfTheLimitsInForceAlsoInTheMiddleOfAChange() {
        RateLimits both = RateLimits.parse("10/1d, 5/1h");
        assertThat(store.tryAcquire(ACME, both, 2)).isZero();
        meanwhile.add(() -> take("5/1h", 1));

        assertThat(store.standing(BucketKey.of(ACME), RateLimits.parse("5/1h"))
                        .get(0)
                        .remaining())
                .isEqualTo(2);
    }

    private void take(String limits, long permits) {
        assertThat(store.tryAcquire(ACME, RateLimits.parse(limits), permits)).isZero();
    }

    /** Takes all there is. */
    private int left(String limits) {
        RateLimits parsed = RateLimits.parse(limits);
        int taken = 0;
        while (store.tryAcquire(ACME, parsed, 1) == 0) {
            taken++;
        }
        return taken;
    }

    private void pass(Duration time) {
        now.addAndGet(time.toNanos());
    }
}
