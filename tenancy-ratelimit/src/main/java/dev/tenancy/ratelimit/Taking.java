package dev.tenancy.ratelimit;

import dev.tenancy.ratelimit.internal.Rate;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Takes permits from several cells, all or none: from those of a tenant first, then from those of its subject, always
 * in this order, so that no two wait for each other. Allocates nothing, unless a receipt is wanted.
 */
final class Taking {
    private Taking() {}

    /** How long there is to wait, as far as one can see without keeping anybody else out; or {@link Cell#GONE}. */
    static long look(
            @Nullable Cell shared, @Nullable Cell own, long permits, LongSupplier nanoTime, @Nullable Receipt receipt) {
        if (receipt != null) {
            receipt.clear();
        }
        long first = look(shared, permits, nanoTime, receipt);
        long second = look(own, permits, nanoTime, receipt);
        return first == Cell.GONE || second == Cell.GONE ? Cell.GONE : Math.max(first, second);
    }

    private static long look(@Nullable Cell first, long permits, LongSupplier nanoTime, @Nullable Receipt receipt) {
        long longest = 0;
        for (Cell cell = first; cell != null && !cell.isFormer(); cell = cell.next) {
            Rate rate = cell.limit.rate();
            long debt = cell.debt(nanoTime);
            if (debt == Cell.GONE) {
                return Cell.GONE;
            }
            long lacking = debt + permits * rate.interval() - rate.capacity();
            if (lacking > 0) {
                longest = Math.max(longest, rate.ticks(lacking));
            }
            if (receipt != null) {
                receipt.add(cell.limit, debt);
            }
        }
        return longest;
    }

    /** Takes them: 0, or how long to wait, or {@link Cell#GONE}. */
    static long take(
            @Nullable Cell shared, @Nullable Cell own, long permits, LongSupplier nanoTime, @Nullable Receipt receipt) {
        if (receipt != null) {
            receipt.clear();
        }
        Cell first = shared == null ? own : shared;
        return first == null ? 0 : takeFrom(first, shared == null ? null : own, permits, 0, nanoTime, receipt);
    }

    /** What is in a cell is kept on the stack while the following ones are asked; none is free before all are. */
    private static long takeFrom(
            Cell cell,
            @Nullable Cell then,
            long permits,
            long longestBefore,
            LongSupplier nanoTime,
            @Nullable Receipt receipt) {
        long before = cell.claim();
        if (Cell.isRetired(before)) {
            return Cell.GONE;
        }
        long after = before;
        try {
            Rate rate = cell.limit.rate();
            long now = nanoTime.getAsLong() * rate.scale();
            long debt = cell.debt(before, now);
            // Of a limit that is not in force any more, permits may be taken that it does not have.
            long lacking =
                    permits > cell.limit.burst() ? rate.capacity() : debt + permits * rate.interval() - rate.capacity();
            long wanted = lacking > 0 ? rate.capacity() : lacking + rate.capacity();
            long longest =
                    lacking > 0 && !cell.isFormer() ? Math.max(longestBefore, rate.ticks(lacking)) : longestBefore;
            int place = receipt == null ? 0 : receipt.place();
            Cell next = cell.next == null ? then : cell.next;
            long wait = next == null
                    ? longest
                    : takeFrom(next, cell.next == null ? null : then, permits, longest, nanoTime, receipt);
            boolean granted = wait == 0;
            if (granted) {
                after = now + wanted;
                if (lacking > 0) {
                    cell.forgetReceipts();
                }
            }
            if (receipt != null && wait != Cell.GONE) {
                receipt.set(place, cell, granted ? wanted : debt, granted ? wanted - debt : 0, after);
            }
            return wait;
        } finally {
            cell.free(after);
        }
    }
}
