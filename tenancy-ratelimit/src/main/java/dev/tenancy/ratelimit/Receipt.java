package dev.tenancy.ratelimit;

import dev.tenancy.ratelimit.internal.Rate;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What was taken from which cell, and what was left; for giving it back.
 *
 * <p>Permits come back by themselves, and what has come back already is not to be given back once more. How much that
 * is depends on what else was taken and given back since, which nobody keeps. Two amounts are safe, and the larger is
 * given: what was taken less the time that has passed; and what there was to come back, less the same time and what
 * others gave back since.
 */
final class Receipt {
    private final long takenAtNanos;
    private final List<@Nullable Line> lines = new ArrayList<>(4);

    Receipt(long takenAtNanos) {
        this.takenAtNanos = takenAtNanos;
    }

    /**
     * What happened to one cell.
     *
     * @param debt afterwards
     * @param taken units
     * @param fullAt afterwards
     * @param givenBack permits that had been given back before
     */
    private record Line(RateLimit limit, boolean isFormer, long debt, long taken, long fullAt, int givenBack) {}

    void clear() {
        lines.clear();
    }

    /** A cell that was only looked at. */
    void add(RateLimit limit, long debt) {
        lines.add(new Line(limit, false, debt, 0, 0, 0));
    }

    /** Keeps the place of a cell until it is known what happened to it. */
    int place() {
        lines.add(null);
        return lines.size() - 1;
    }

    void set(int place, Cell cell, long debt, long taken, long fullAt) {
        lines.set(place, new Line(cell.limit, cell.isFormer(), debt, taken, fullAt, cell.givenBack));
    }

    /** What is left, said of the limits as they were asked for. */
    List<Standing> standings(RateLimits limits) {
        List<Standing> standings = new ArrayList<>(lines.size());
        int ofTenant = 0;
        int ofSubject = 0;
        for (Line line : lines) {
            if (line != null && !line.isFormer) {
                RateLimit asked = line.limit.isPerSubject()
                        ? limits.ofSubject().get(ofSubject++)
                        : limits.ofTenant().get(ofTenant++);
                standings.add(standing(asked, line.debt));
            }
        }
        return standings;
    }

    static Standing standing(RateLimit limit, long debt) {
        Rate rate = limit.rate();
        return new Standing(limit, rate.left(debt), rate.ticksToMore(debt), rate.ticks(debt));
    }

    /** Gives back to all these cells, or to none if one of them is retired: whether it did. */
    boolean giveBack(Cell cell, long permits, LongSupplier nanoTime) {
        long before = cell.claim();
        if (Cell.isRetired(before)) {
            return false;
        }
        long after = before;
        try {
            if (cell.next != null && !giveBack(cell.next, permits, nanoTime)) {
                return false;
            }
            Line line = lineOf(cell);
            if (line != null) {
                long nanos = nanoTime.getAsLong();
                long now = nanos * cell.limit.rate().scale();
                long debt = cell.debt(before, now);
                after = now + Math.max(debt - dueBack(line, cell, nanos - takenAtNanos, now), 0);
                cell.givenBack += (int) permits;
            }
            return true;
        } finally {
            cell.free(after);
        }
    }

    private static long dueBack(Line line, Cell cell, long passedNanos, long now) {
        long others = Integer.toUnsignedLong(cell.givenBack - line.givenBack);
        if (others > cell.limit.burst()) {
            return 0; // another cell, most likely, or one that has forgotten what was taken
        }
        Rate rate = cell.limit.rate();
        long unlessFull = passedNanos >= rate.ticks(line.taken) ? 0 : line.taken - passedNanos * rate.scale();
        long oldDebt = cell.debt(line.fullAt, now) - others * rate.interval();
        return Math.max(unlessFull, Math.min(oldDebt, line.taken));
    }

    private @Nullable Line lineOf(Cell cell) {
        for (Line line : lines) {
            if (line != null
                    && line.limit.countsLike(cell.limit)
                    && line.limit.isPerSubject() == cell.limit.isPerSubject()) {
                return line;
            }
        }
        return null;
    }
}
