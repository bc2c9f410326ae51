package dev.tenancy.ratelimit;

import dev.tenancy.ratelimit.internal.Rate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What is done with all cells of one key: those of the limits in force, and behind them the former ones. */
final class Cells {
    /** More limits than these are not remembered. */
    private static final int MOST_FORMER = 8;

    private Cells() {}

    /** Cells of which nothing is taken. */
    static Cell fresh(Object key, List<RateLimit> limits, long nanos) {
        Cell next = null;
        for (int i = limits.size() - 1; i >= 0; i--) {
            next = fresh(key, limits.get(i), nanos, 0, next);
        }
        return present(next);
    }

    /** Its count of what was given back begins anywhere, so that it is not mistaken for that of another cell. */
    private static Cell fresh(Object key, RateLimit limit, long nanos, long debt, @Nullable Cell next) {
        return new Cell(
                key,
                limit,
                nanos * limit.rate().scale(),
                debt,
                ThreadLocalRandom.current().nextInt(),
                next);
    }

    /** Whether they are those of {@code limits} in this order, and those behind them are still needed. */
    static boolean fit(Cell first, List<RateLimit> limits, LongSupplier nanoTime) {
        Cell cell = first;
        for (int i = 0; i < limits.size(); i++) {
            if (cell == null || cell.isFormer() || !cell.limit.countsLike(limits.get(i))) {
                return false;
            }
            cell = cell.next;
        }
        while (cell != null) {
            if (!cell.isFormer() || cell.isOver(nanoTime.getAsLong()) || cell.debt(nanoTime) == 0) {
                return false;
            }
            cell = cell.next;
        }
        return true;
    }

    /**
     * Does something to cells that nobody else sees meanwhile, and retires them if it says so. Nothing happens if they
     * are retired already.
     */
    static boolean withAllClaimed(Cell first, Predicate<long[]> retired) {
        List<Cell> all = all(first);
        long[] claimed = new long[all.size()];
        int had = 0;
        boolean retire = false;
        try {
            while (had < claimed.length) {
                claimed[had] = all.get(had).claim();
                if (Cell.isRetired(claimed[had])) {
                    return false;
                }
                had++;
            }
            retire = retired.test(claimed);
            return retire;
        } finally {
            for (int i = 0; i < had; i++) {
                if (retire) {
                    all.get(i).retire();
                } else {
                    all.get(i).free(claimed[i]);
                }
            }
        }
    }

    /** How long until nothing is taken of any; 0 if nothing is, or they are retired. */
    static long nanosToFull(Cell first, LongSupplier nanoTime) {
        long longest = 0;
        for (Cell cell = first; cell != null; cell = cell.next) {
            long debt = cell.debt(nanoTime);
            longest =
                    Math.max(longest, debt == Cell.GONE ? 0 : cell.limit.rate().ticks(debt));
        }
        return longest;
    }

    /** Whether nothing is taken of any of these, which are claimed. */
    static boolean areFull(Cell first, long[] claimed, LongSupplier nanoTime) {
        int i = 0;
        for (Cell cell = first; cell != null; cell = cell.next) {
            if (cell.debt(claimed[i++], nanoTime.getAsLong() * cell.limit.rate().scale()) != 0) {
                return false;
            }
        }
        return true;
    }

    /**
     * Cells for other limits, of which as much is taken; of limits that are not in force any more they go on counting
     * for as long as what was taken of them has not come back, or else a limit that is changed and changed back would
     * be whole again.
     */
    static Cell changed(Cell first, long[] claimed, List<RateLimit> limits, long nanos) {
        List<Cell> all = all(first);
        Cell next = null;
        List<Integer> former = formerNewestFirst(all, claimed, limits, nanos);
        for (int place = former.size() - 1; place >= 0; place--) {
            int i = former.get(place);
            Cell cell = all.get(i);
            Rate rate = cell.limit.rate();
            long until = cell instanceof Cell.Former already ? already.until : nanos + rate.ticks(rate.capacity());
            next = new Cell.Former(
                    cell.key,
                    cell.limit,
                    claimed[i],
                    0,
                    ThreadLocalRandom.current().nextInt(),
                    until,
                    next);
        }
        for (int i = limits.size() - 1; i >= 0; i--) {
            next = changed(all, claimed, limits.get(i), nanos, next);
        }
        return present(next);
    }

    /** Where those are that go on counting; if they are too many, the oldest do not. */
    private static List<Integer> formerNewestFirst(List<Cell> all, long[] claimed, List<RateLimit> limits, long nanos) {
        List<Integer> former = new ArrayList<>();
        for (int i = 0; i < claimed.length && former.size() < MOST_FORMER; i++) {
            Cell cell = all.get(i);
            long debt = cell.debt(claimed[i], nanos * cell.limit.rate().scale());
            if (debt > 0 && !cell.isOver(nanos) && limits.stream().noneMatch(cell.limit::countsLike)) {
                former.add(i);
            }
        }
        return former;
    }

    private static Cell changed(List<Cell> all, long[] claimed, RateLimit limit, long nanos, @Nullable Cell next) {
        for (int i = 0; i < claimed.length; i++) {
            Cell cell = all.get(i);
            if (cell.limit.countsLike(limit)) {
                if (cell.knowsAll(nanos)) {
                    return new Cell(
                            cell.key,
                            limit,
                            claimed[i],
                            0,
                            ThreadLocalRandom.current().nextInt(),
                            next);
                }
                long since = cell instanceof Cell.Full full ? full.since : nanos;
                return new Cell.Full(
                        cell.key,
                        limit,
                        claimed[i],
                        0,
                        ThreadLocalRandom.current().nextInt(),
                        since,
                        next);
            }
        }
        long[] debts = new long[claimed.length];
        for (int i = 0; i < debts.length; i++) {
            debts[i] =
                    all.get(i).debt(claimed[i], nanos * all.get(i).limit.rate().scale());
        }
        long debt = debtUnder(all, debts, limit, nanos);
        if (debt < limit.rate().capacity()) {
            return fresh(all.get(0).key, limit, nanos, debt, next);
        }
        long now = nanos * limit.rate().scale();
        return new Cell.Full(
                all.get(0).key, limit, now, debt, ThreadLocalRandom.current().nextInt(), nanos, next);
    }

    /** What is taken of a limit, whether it has a cell or not; or {@link Cell#GONE}. */
    static long debtUnder(Cell first, RateLimit limit, LongSupplier nanoTime) {
        List<Cell> all = all(first);
        long[] debts = new long[all.size()];
        for (int i = 0; i < debts.length; i++) {
            debts[i] = all.get(i).debt(nanoTime);
            if (debts[i] == Cell.GONE) {
                return Cell.GONE;
            }
            if (all.get(i).limit.countsLike(limit)) {
                return debts[i];
            }
        }
        return debtUnder(all, debts, limit, nanoTime.getAsLong());
    }

    /**
     * What is taken of a limit that has no cell, in its units. What was taken within the same or a shorter period was
     * taken within this one too; what was taken within a longer one may be long ago, and counts only where no limit in
     * force knows better.
     */
    private static long debtUnder(List<Cell> all, long[] debts, RateLimit limit, long nanos) {
        long recent = 0;
        long most = 0;
        boolean known = false;
        for (int i = 0; i < debts.length; i++) {
            Cell cell = all.get(i);
            long debt = cell.limit.rate().convert(debts[i], limit.rate());
            most = Math.max(most, debt);
            if (cell.limit.period().compareTo(limit.period()) <= 0) {
                recent = Math.max(recent, debt);
                known |= cell.knowsAll(nanos);
            }
        }
        return known ? recent : most;
    }

    static List<Cell> all(Cell first) {
        List<Cell> all = new ArrayList<>();
        for (Cell cell = first; cell != null; cell = cell.next) {
            all.add(cell);
        }
        return all;
    }

    private static Cell present(@Nullable Cell cell) {
        if (cell == null) {
            throw new IllegalArgumentException("no limit");
        }
        return cell;
    }
}
