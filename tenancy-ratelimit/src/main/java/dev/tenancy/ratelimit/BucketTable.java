package dev.tenancy.ratelimit;

import dev.tenancy.TenantId;
import dev.tenancy.UnavailableException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The cells of each key, up to a maximum of keys. When that is reached, keys make room of which nothing is taken, and
 * no others: a new one is refused rather than a debtor forgotten.
 *
 * @param <K> the type of the keys
 */
final class BucketTable<K> {
    /** Room for some more newcomers, once there is some. */
    private static final int EVICTED_AT_ONCE = 16;

    private static final long LOOK_AGAIN_NANOS = 1_000_000_000;

    private final CellTable cells = new CellTable();
    private final Function<K, TenantId> ownerOf;
    private final int most;
    private final int mostOfOne;
    private final LongSupplier nanoTime;

    /** Holds who comes and goes, which is seldom; whoever only takes permits never needs it. */
    private final Lock counting = new ReentrantLock();

    private final Map<TenantId, Holding> held = new HashMap<>();
    private final Holding all = new Holding();

    /**
     * Makes an empty table.
     *
     * @param most keys in all
     * @param mostOfOne keys of one tenant; if it is no less than {@code most}, nobody counts them
     */
    BucketTable(Function<K, TenantId> ownerOf, int most, int mostOfOne, LongSupplier nanoTime) {
        this.ownerOf = ownerOf;
        this.most = most;
        this.mostOfOne = mostOfOne;
        this.nanoTime = nanoTime;
    }

    /** The cells of a key, if there are any. */
    @Nullable
    Cell get(K key) {
        return cells.get(key);
    }

    /**
     * The cells of a key, made for {@code limits} if need be: one for each of them in this order, and behind these
     * former ones.
     *
     * @throws UnavailableException if there is no room for a new key
     */
    Cell open(K key, List<RateLimit> limits) {
        while (true) {
            Cell found = cells.get(key);
            if (found == null) {
                admit(key, limits);
            } else if (Cells.fit(found, limits, nanoTime)) {
                return found;
            } else {
                change(found, limits);
            }
        }
    }

    int size() {
        counting.lock();
        try {
            return cells.size();
        } finally {
            counting.unlock();
        }
    }

    /** Keys, and until when none of them can be evicted. */
    private static final class Holding {
        private int number;
        private boolean isInUse;
        private long inUseUntil;
    }

    private void change(Cell found, List<RateLimit> limits) {
        counting.lock();
        try {
            Cells.withAllClaimed(found, claimed -> {
                cells.put(Cells.changed(found, claimed, limits, nanoTime.getAsLong()));
                return true;
            });
        } finally {
            counting.unlock();
        }
    }

    private void admit(K key, List<RateLimit> limits) {
        counting.lock();
        try {
            if (cells.get(key) == null) {
                makeRoomFor(key);
                cells.put(Cells.fresh(key, limits, nanoTime.getAsLong()));
                if (mostOfOne < most) {
                    held.computeIfAbsent(ownerOf.apply(key), id -> new Holding()).number++;
                }
            }
        } finally {
            counting.unlock();
        }
    }

    private void makeRoomFor(K key) {
        TenantId owner = ownerOf.apply(key);
        Holding holding = held.get(owner);
        boolean room = holding == null || holding.number < mostOfOne || makeRoom(holding, owner);
        if (!room || (cells.size() >= most && !makeRoom(all, null))) {
            throw new UnavailableException(
                    "no room to count for " + key + ": all keys are in use; allowed: " + most + " in all, and "
                            + mostOfOne + " of one tenant",
                    null);
        }
    }

    /**
     * Whether there was a key to evict, of {@code owner} if that is not null. Goes on where the last newcomer stopped.
     * Where there was none, nobody looks again before the first of them has its burst, or a second has passed.
     */
    private boolean makeRoom(Holding holding, @Nullable TenantId owner) {
        long now = nanoTime.getAsLong();
        if (holding.isInUse && holding.inUseUntil - now > 0) {
            return false;
        }
        Search search = new Search();
        cells.goOn(cell -> {
            if (owner == null || owner.equals(owner(cell))) {
                long wait = Cells.nanosToFull(cell, nanoTime);
                search.soonest = Math.min(search.soonest, wait);
                search.evicted += wait == 0 && evict(cell) ? 1 : 0;
            }
            return search.evicted == EVICTED_AT_ONCE;
        });
        holding.isInUse = search.evicted == 0 && search.soonest > 0 && search.soonest < Long.MAX_VALUE;
        // Not for long: what is given back has its burst before.
        holding.inUseUntil = now + Math.min(search.soonest, LOOK_AGAIN_NANOS);
        return search.evicted > 0;
    }

    private static final class Search {
        private int evicted;
        private long soonest = Long.MAX_VALUE;
    }

    private boolean evict(Cell found) {
        boolean evicted = Cells.withAllClaimed(found, claimed -> {
            // Looked at again, for now nobody takes anything of them any more.
            boolean full = Cells.areFull(found, claimed, nanoTime);
            if (full) {
                cells.remove(found.key);
            }
            return full;
        });
        if (evicted) {
            held.computeIfPresent(owner(found), (owner, holding) -> --holding.number == 0 ? null : holding);
        }
        return evicted;
    }

    @SuppressWarnings("unchecked") // only keys of this type are put in
    private TenantId owner(Cell cell) {
        return ownerOf.apply((K) cell.key);
    }
}
