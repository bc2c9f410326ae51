package dev.tenancy.ratelimit;

import dev.tenancy.ratelimit.internal.Rate;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What was taken of one limit, as the one time at which the whole burst is there again (the theoretical arrival time of
 * the generic cell rate algorithm), in units of {@link Rate}.
 *
 * <p>Times wrap around and are compared by their difference only. A time that is further ahead than the burst takes to
 * come back cannot be: it is one that has passed so long ago that it looks like the future.
 *
 * <p>One thread may claim a cell: then nobody else sees what is in it until it is given free. A cell that was taken out
 * of its table is retired, for good, and whoever still holds it looks up the new one.
 */
class Cell {
    /** What {@link #take} answers if the cell is not in its table any more; no time to wait is negative. */
    static final long GONE = -1;

    private static final long RETIRED = Long.MIN_VALUE;
    private static final long CLAIMED = Long.MIN_VALUE + 1;
    private static final int SPINS = 64;
    private static final long PARK_NANOS = 1_000;

    /** Races that are lost at shorter intervals are lost all the time. */
    private static final long OFTEN_NANOS = 200_000;

    /** In which others take some dozens of times. */
    private static final long OTHERS_NANOS = 8_000;

    private static final VarHandle FULL_AT;

    static {
        try {
            FULL_AT = MethodHandles.lookup().findVarHandle(Cell.class, "fullAt", long.class);
        } catch (ReflectiveOperationException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
    }

    /** When a race for any cell was lost last. */
    private static volatile long raceLostAt = System.nanoTime();

    final Object key;
    final int hash;
    final RateLimit limit;
    final @Nullable Cell next;
    /** Permits that were given back, counted from a random beginning; wraps around. Of whoever has claimed the cell. */
    int givenBack;

    private volatile long fullAt;

    /**
     * Makes a cell.
     *
     * @param key whose it is
     * @param debt of which {@code now} is the time, both in units of the limit
     * @param next the cell of another limit of the same key
     */
    Cell(Object key, RateLimit limit, long now, long debt, int givenBack, @Nullable Cell next) {
        this.key = key;
        this.hash = hash(key);
        this.limit = limit;
        this.next = next;
        this.givenBack = givenBack;
        this.fullAt = time(now + debt);
    }

    /**
     * Multiplied, since the hash codes of texts that are alike are close together, and would be in each other's way.
     */
    static int hash(Object key) {
        int hash = key.hashCode() * 0x9E3779B9;
        return hash ^ (hash >>> 16);
    }

    /** Takes so many permits: 0, or the nanoseconds after which there are enough, or {@link #GONE}. */
    final long take(long permits, LongSupplier nanoTime) {
        RateLimit counted = limit;
        long cost = permits * counted.interval();
        // Asked before the cell is read, which then is written at once: few are in each other's way.
        long now = nanoTime.getAsLong() * counted.scale();
        while (true) {
            long before = awaitFree();
            if (before == RETIRED) {
                return GONE;
            }
            long debt = Math.max(before - now, 0);
            if (debt > counted.capacity() - cost) {
                // Too much, or so it looks at a time that may be older than what is in the cell.
                now = nanoTime.getAsLong() * counted.scale();
                debt = debt(before, now);
                long lacking = debt + cost - counted.capacity();
                if (lacking > 0) {
                    return counted.rate().ticks(lacking);
                }
            }
            if (FULL_AT.compareAndSet(this, before, time(now + debt + cost))) {
                return 0;
            }
            letOthersTake();
        }
    }

    /**
     * Where threads are in each other's way all the time, who has the cell in its core's cache takes many times while
     * others wait: so that all of them are faster. Who loses a race once in a while tries again at once.
     */
    private static void letOthersTake() {
        long before = raceLostAt;
        long now = System.nanoTime();
        raceLostAt = now;
        if (now - before < OFTEN_NANOS) {
            while (System.nanoTime() - now < OTHERS_NANOS) {
                Thread.onSpinWait();
            }
        }
    }

    /** Units until the whole burst is there again, or {@link #GONE}. */
    final long debt(LongSupplier nanoTime) {
        long seen = awaitFree();
        return seen == RETIRED ? GONE : debt(seen, nanoTime.getAsLong() * limit.scale());
    }

    /** What is left at {@code now} of a debt that is repaid at {@code repaid}. */
    final long debt(long repaid, long now) {
        long left = repaid - now;
        return left <= 0 || left > limit.mostDebt() ? 0 : left;
    }

    /**
     * Keeps everybody else from this cell until {@link #free} or {@link #retire}.
     *
     * @return what was in it, for {@link #debt(long, long)}; {@link #isRetired} tells whether it was not to be had
     */
    final long claim() {
        while (true) {
            long before = awaitFree();
            if (before == RETIRED || FULL_AT.compareAndSet(this, before, CLAIMED)) {
                return before;
            }
        }
    }

    static boolean isRetired(long claimed) {
        return claimed == RETIRED;
    }

    /** Ends a claim. */
    final void free(long repaid) {
        fullAt = time(repaid);
    }

    /** Ends a claim for good. */
    final void retire() {
        fullAt = RETIRED;
    }

    /** Nobody who has taken something of it can give that back any more. By whoever has claimed it. */
    final void forgetReceipts() {
        givenBack = ThreadLocalRandom.current().nextInt();
    }

    /** Whether the limit is in force, or still counted because it was until lately. */
    boolean isFormer() {
        return false;
    }

    /** Whether all that was taken within its period is counted in it. */
    boolean knowsAll(long nanos) {
        return true;
    }

    /** Whether nobody needs it any more. */
    boolean isOver(long nanos) {
        return false;
    }

    @SuppressWarnings("ThreadPriorityCheck") // who is interrupted cannot park
    private long awaitFree() {
        long seen = fullAt;
        for (int spins = 0; seen == CLAIMED; spins++) {
            if (spins < SPINS) {
                Thread.onSpinWait();
            } else if (Thread.currentThread().isInterrupted()) {
                Thread.yield(); // to park would be to return at once, and to keep a virtual thread's carrier
            } else {
                LockSupport.parkNanos(PARK_NANOS);
            }
            seen = fullAt;
        }
        return seen;
    }

    /** Two times stand for something else; a moment later is no more than is granted. */
    private static long time(long time) {
        return time <= CLAIMED ? CLAIMED + 1 : time;
    }

    /** Of a limit that came into force, or did so again, when more may have been taken than it can count. */
    static final class Full extends Cell {
        final long since;

        /** Is in force since the clock in nanoseconds said {@code since}. */
        Full(Object key, RateLimit limit, long now, long debt, int givenBack, long since, @Nullable Cell next) {
            super(key, limit, now, debt, givenBack, next);
            this.since = since;
        }

        @Override
        boolean knowsAll(long nanos) {
            return nanos - since >= limit.period().toNanos();
        }
    }

    /** Of a limit that is not in force any more, and counted on so that it is not forgotten when it comes back. */
    static final class Former extends Cell {
        final long until;

        /** Counts until the clock in nanoseconds says {@code until}. */
        Former(Object key, RateLimit limit, long now, long debt, int givenBack, long until, @Nullable Cell next) {
            super(key, limit, now, debt, givenBack, next);
            this.until = until;
        }

        @Override
        boolean isFormer() {
            return true;
        }

        @Override
        boolean knowsAll(long nanos) {
            return false;
        }

        @Override
        boolean isOver(long nanos) {
            return until - nanos <= 0;
        }
    }
}
