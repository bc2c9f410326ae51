package dev.tenancy.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Several cells at once: a look says what taking would, and taking takes of all of them or of none. */
class TakingTest {
    private static final RateLimits LIMITS = RateLimits.parse("10/1h, 7/1d, 3/1m per subject, 20/1d per subject");
    private static final long MINUTE = Duration.ofMinutes(1).toNanos();
    private static final long DAY = Duration.ofDays(1).toNanos();

    private final AtomicLong now = new AtomicLong();
    private final Cell shared = Cells.fresh("acme", LIMITS.ofTenant(), 0);
    private final Cell own = Cells.fresh("u1", LIMITS.ofSubject(), 0);

    @Test
    void theLongestWaitOfAllIsToldAndNothingIsTaken() {
        assertThat(taken(3)).isZero();
        assertWait(MINUTE / 3, 1);
        assertThat(remaining()).containsExactly(7L, 4L, 0L, 17L);

        now.addAndGet(MINUTE);
        assertThat(taken(3)).isZero();
        now.addAndGet(MINUTE);
        assertThat(remaining()).containsExactly(4L, 1L, 3L, 14L);
        assertWait(DAY / 7 - 2 * MINUTE, 2);
        assertWait(0, 1);
        assertThat(remaining()).containsExactly(3L, 0L, 2L, 13L);
    }

    @Test
    void whereThereIsNothingToCountNothingIsWaitedFor() {
        assertThat(Taking.look(null, null, 1, now::get, null)).isZero();
        assertThat(Taking.take(null, null, 1, now::get, null)).isZero();
        assertThat(Taking.take(null, own, 3, now::get, null)).isZero();
        assertThat(Taking.take(null, own, 1, now::get, null)).isEqualTo(MINUTE / 3);
        assertThat(Taking.take(shared, null, 7, now::get, null)).isZero();
        assertThat(Taking.look(shared, null, 1, now::get, null)).isEqualTo((DAY + 6) / 7);
    }

    @Test
    void whatIsRetiredIsGoneAndNothingIsTakenOfTheOthers() {
        retire(own);
        assertGone();
        assertThat(Taking.look(shared, null, 7, now::get, null)).isZero();
    }

    @Test
    void soItIsOfTheOthers() {
        retire(shared);
        assertGone();
        assertThat(Taking.look(null, own, 3, now::get, null)).isZero();
    }

    @Test
    void aReceiptTellsWhatIsLeftBeforeAndAfter() {
        Receipt receipt = new Receipt(0);
        assertThat(Taking.look(shared, own, 2, now::get, receipt)).isZero();
        assertThat(remaining(receipt)).containsExactly(10L, 7L, 3L, 20L);
        assertThat(Taking.take(shared, own, 2, now::get, receipt)).isZero();
        assertThat(remaining(receipt)).containsExactly(8L, 5L, 1L, 18L);
        assertThat(Taking.take(shared, own, 2, now::get, receipt)).isPositive();
        assertThat(remaining(receipt)).containsExactly(8L, 5L, 1L, 18L);
        assertThat(Taking.look(shared, own, 2, now::get, receipt)).isPositive();
        assertThat(remaining(receipt)).containsExactly(8L, 5L, 1L, 18L);
    }

    @Test
    void nothingIsGivenBackToWhatIsRetired() {
        Receipt receipt = new Receipt(0);
        Taking.take(shared, own, 2, now::get, receipt);
        assertThat(receipt.giveBack(shared, 2, now::get)).isTrue();
        assertThat(remaining()).containsExactly(10L, 7L, 1L, 18L);
        retire(own);

        assertThat(receipt.giveBack(own, 2, now::get)).isFalse();
    }

    @Test
    void nothingIsGivenBackIfTheLastOfThemIsRetired() {
        Receipt receipt = new Receipt(0);
        Taking.take(shared, null, 2, now::get, receipt);
        Cell last = Cells.all(shared).get(1);
        last.claim();
        last.retire();

        assertThat(receipt.giveBack(shared, 2, now::get)).isFalse();
        assertThat(shared.debt(now::get)).isEqualTo(2 * shared.limit.rate().interval());
    }

    private void assertWait(long nanos, long permits) {
        assertThat(Taking.look(shared, own, permits, now::get, null)).isBetween(nanos, nanos + 1);
        assertThat(taken(permits)).isBetween(nanos, nanos + 1);
    }

    private void assertGone() {
        assertThat(Taking.look(shared, own, 1, now::get, null)).isEqualTo(Cell.GONE);
        assertThat(taken(1)).isEqualTo(Cell.GONE);
    }

    private long taken(long permits) {
        return Taking.take(shared, own, permits, now::get, null);
    }

    private List<Long> remaining() {
        List<Long> remaining = new ArrayList<>();
        for (Cell first : List.of(shared, own)) {
            for (Cell cell : Cells.all(first)) {
                remaining.add(Receipt.standing(cell.limit, cell.debt(now::get)).remaining());
            }
        }
        return remaining;
    }

    private static List<Long> remaining(Receipt receipt) {
        return receipt.standings(LIMITS).stream().map(Standing::remaining).toList();
    }

    private static void retire(Cell first) {
        Cells.withAllClaimed(first, claimed -> true);
    }
}
