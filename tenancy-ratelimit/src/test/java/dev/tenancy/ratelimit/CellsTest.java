package dev.tenancy.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** The cells of one key: what others may see of them in the middle of a change or an eviction. */
class CellsTest {
    private static final List<RateLimit> LIMITS = List.of(RateLimit.parse("10/1h"), RateLimit.parse("7/1d"));
    private static final long HOUR = Duration.ofHours(1).toNanos();
    private static final long DAY = Duration.ofDays(1).toNanos();

    private final AtomicLong now = new AtomicLong(5 * DAY);
    private final Cell first = Cells.fresh("acme", LIMITS, now.get());

    @Test
    void thereIsNoCellWithoutALimit() {
        assertThatThrownBy(() -> Cells.fresh("acme", List.of(), 0)).hasMessage("no limit");
    }

    @Test
    void theyAreFullWhenTheLastOfThemIs() {
        assertThat(Cells.nanosToFull(first, now::get)).isZero();
        assertThat(areFull()).isTrue();

        first.take(1, now::get);
        assertThat(Cells.nanosToFull(first, now::get)).isEqualTo(HOUR / 10);
        assertThat(areFull()).isFalse();

        Cell second = Cells.all(first).get(1);
        second.take(7, now::get);
        assertThat(Cells.nanosToFull(first, now::get)).isEqualTo(DAY);
        now.addAndGet(HOUR);
        assertThat(Cells.nanosToFull(first, now::get)).isEqualTo(DAY - HOUR);
        assertThat(areFull()).isFalse();
        now.addAndGet(DAY - HOUR - 1);
        assertThat(areFull()).isFalse();
        now.addAndGet(1);
        assertThat(areFull()).isTrue();
        assertThat(Cells.nanosToFull(first, now::get)).isZero();
    }

    @Test
    void theyAreAsTheyWereUnlessTheyAreRetired() {
        first.take(3, now::get);

        assertThat(claim(claimed -> false)).isFalse();
        assertThat(Cells.nanosToFull(first, now::get)).isEqualTo(3 * HOUR / 10);

        assertThatThrownBy(() -> claim(claimed -> {
                    throw new IllegalStateException("in the middle");
                }))
                .hasMessage("in the middle");
        assertThat(Cells.nanosToFull(first, now::get)).isEqualTo(3 * HOUR / 10);
    }

    @Test
    void nobodyTakesOrLooksAtWhatIsRetiredNorRetiresItAgain() {
        first.take(3, now::get);
        assertThat(claim(claimed -> true)).isTrue();

        for (Cell cell : Cells.all(first)) {
            assertThat(cell.take(1, now::get)).isEqualTo(Cell.GONE);
        }
        assertThat(Cells.debtUnder(first, LIMITS.get(0), now::get)).isEqualTo(Cell.GONE);
        assertThat(Cells.debtUnder(first, LIMITS.get(1), now::get)).isEqualTo(Cell.GONE);
        assertThat(Cells.nanosToFull(first, now::get)).isZero();
        assertThat(claim(claimed -> {
                    throw new AssertionError("retired twice");
                }))
                .isFalse();
    }

    @Test
    void theyFitTheirLimitsInTheirOrderAndNoOthers() {
        assertThat(Cells.fit(first, LIMITS, now::get)).isTrue();
        assertThat(Cells.fit(first, List.of(LIMITS.get(0)), now::get)).isFalse();
        assertThat(Cells.fit(first, List.of(LIMITS.get(1), LIMITS.get(0)), now::get))
                .isFalse();
        assertThat(Cells.fit(first, List.of(LIMITS.get(0), LIMITS.get(1), LIMITS.get(0)), now::get))
                .isFalse();
    }

    /** The limit of a day is not in force any more, and counted on for as long as it matters. */
    @Test
    void formerOnesStayUntilTheirPermitsHaveComeBack() {
        Cells.all(first).get(1).take(7, now::get);
        List<RateLimit> hourOnly = List.of(LIMITS.get(0));
        Cell changed = changed(first, hourOnly);

        assertThat(Cells.all(changed)).hasSize(2);
        assertThat(Cells.fit(changed, hourOnly, now::get)).isTrue();
        assertThat(Cells.fit(changed, LIMITS, now::get))
                .as("a former one does not stand for one in force")
                .isFalse();

        now.addAndGet(HOUR);
        Cell again = changed(changed, List.of(RateLimit.parse("9/1h")));
        now.addAndGet(DAY - HOUR - 1);
        assertThat(Cells.fit(again, List.of(RateLimit.parse("9/1h")), now::get)).isTrue();
        now.addAndGet(1);
        assertThat(Cells.fit(again, List.of(RateLimit.parse("9/1h")), now::get))
                .as("it ends when it would have without the second change")
                .isFalse();
        assertThat(Cells.all(changed(again, List.of(RateLimit.parse("9/1h"))))).hasSize(1);
    }

    @Test
    void formerOnesOfWhichNothingIsTakenAreNotKept() {
        first.take(1, now::get);
        Cell changed = changed(first, List.of(RateLimit.parse("9/1h")));
        assertThat(Cells.all(changed)).hasSize(2);

        now.addAndGet(HOUR / 10);
        assertThat(Cells.fit(changed, List.of(RateLimit.parse("9/1h")), now::get))
                .isFalse();
    }

    @Test
    void noMoreThanEightFormerOnesAreKept() {
        Cell cell = first;
        for (int permits = 1; permits <= 20; permits++) {
            cell.take(1, now::get);
            cell = changed(cell, List.of(RateLimit.parse(permits + "/2h")));
            assertThat(Cells.all(cell)).hasSize(1 + Math.min(permits, 8));
        }
    }

    private boolean areFull() {
        boolean[] full = new boolean[1];
        claim(claimed -> {
            full[0] = Cells.areFull(first, claimed, now::get);
            return false;
        });
        return full[0];
    }

    private boolean claim(Predicate<long[]> retired) {
        return Cells.withAllClaimed(first, retired);
    }

    private Cell changed(Cell cells, List<RateLimit> limits) {
        Cell[] changed = new Cell[1];
        Cells.withAllClaimed(cells, claimed -> {
            changed[0] = Cells.changed(cells, claimed, limits, now.get());
            return true;
        });
        return changed[0];
    }
}
