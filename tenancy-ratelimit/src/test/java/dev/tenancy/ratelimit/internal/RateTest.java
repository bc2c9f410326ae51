package dev.tenancy.ratelimit.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenancy.ratelimit.internal.Rate.Room;
import org.junit.jupiter.api.Test;

/** In numbers that are small enough to see the room end. */
class RateTest {
    @Test
    void timeIsDividedExactlyWhereThereIsRoom() {
        assertThat(Rate.of(10, 3, 10, new Room(3, 100, 100))).isEqualTo(new Rate(3, 10, 100));
        assertThat(Rate.of(14, 6, 2, new Room(3, 14, 14))).isEqualTo(new Rate(3, 7, 14));
    }

    @Test
    void elseIntoTheFinestPowerOfTwoAndRoundedUp() {
        assertThat(Rate.of(10, 3, 10, new Room(2, 100, 100))).as("scale").isEqualTo(new Rate(2, 7, 70));
        assertThat(Rate.of(10, 3, 10, new Room(3, 99, 99))).as("capacity").isEqualTo(new Rate(2, 7, 70));
        assertThat(Rate.of(1_000, 999, 1, new Room(998, 1_000_000, 1_000_000))).isEqualTo(new Rate(512, 513, 513));
    }

    @Test
    void elseIntoWholeTicksForALongerTime() {
        assertThat(Rate.of(10, 3, 10, new Room(3, 39, 40))).isEqualTo(new Rate(1, 4, 40));
        assertThat(Rate.of(1L << 61, 1, 1, new Room(1L << 40, 100, Long.MAX_VALUE)))
                .isEqualTo(new Rate(1, 1L << 61, 1L << 61));
    }

    @Test
    void whatTakesTooLongIsRefused() {
        assertThatThrownBy(() -> Rate.of(10, 3, 10, new Room(3, 39, 39)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the burst takes too long to come back");
    }

    @Test
    void nothingEverComesBackOfNoPermits() {
        Rate none = Rate.of(10, 0, 0, new Room(3, 100, 100));
        assertThat(none).isEqualTo(new Rate(1, 0, 0));
        assertThat(none.convert(5, new Rate(1, 10, 100))).isZero();
    }

    @Test
    void oneMoreIsThereWhenItsIntervalHasPassed() {
        Rate rate = new Rate(3, 10, 100);
        assertThat(rate.left(0)).isEqualTo(10);
        assertThat(rate.ticksToMore(0)).as("there is never more").isZero();
        assertThat(rate.left(1)).isEqualTo(9);
        assertThat(rate.ticksToMore(1)).isEqualTo(1);
        assertThat(rate.left(10)).isEqualTo(9);
        assertThat(rate.ticksToMore(10)).isEqualTo(4);
        assertThat(rate.left(100)).isZero();
        assertThat(rate.ticksToMore(100)).isEqualTo(4);
        assertThat(rate.left(130)).as("of a limit that was lowered").isZero();
        assertThat(rate.ticksToMore(130)).isEqualTo(14);
        Rate none = new Rate(1, 0, 0);
        assertThat(none.left(0)).isZero();
        assertThat(none.ticksToMore(0)).isZero();
    }

    @Test
    void partsOfTicksAreRoundedUp() {
        Rate rate = new Rate(3, 10, 100);
        assertThat(rate.ticks(0)).isZero();
        assertThat(rate.ticks(1)).isEqualTo(1);
        assertThat(rate.ticks(3)).isEqualTo(1);
        assertThat(rate.ticks(4)).isEqualTo(2);
    }

    @Test
    void aDebtIsTheSamePermitsUnderAnotherRateRoundedUpAndAtMostAll() {
        Rate rate = new Rate(3, 10, 100);
        Rate other = new Rate(1, 7, 21);
        assertThat(rate.convert(0, other)).isZero();
        assertThat(rate.convert(10, other)).isEqualTo(7);
        assertThat(rate.convert(11, other)).isEqualTo(8);
        assertThat(rate.convert(29, other)).isEqualTo(21);
        assertThat(rate.convert(31, other)).isEqualTo(21);
        assertThat(new Rate(1, Long.MAX_VALUE / 2, Long.MAX_VALUE - 1).convert(Long.MAX_VALUE - 1, other))
                .isEqualTo(14);
    }
}
