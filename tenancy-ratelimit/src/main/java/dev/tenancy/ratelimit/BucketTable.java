package dev.tenancy.ratelimit;

import dev.tenancy.TenantId;
import dev.tenancy.UnavailableException;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
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

    private final ConcurrentHashMap<K, Cell> cells = new ConcurrentHashMap<>();
    private final Function<K, TenantId> ownerOf;
    private final int most;
    private final int mostOfOne;
    private final LongSupplier nanoTime;

    /** Holds who comes and goes, which is seldom; whoever only takes permits never needs it. */
    private final Lock counting = new ReentrantLock();

    private final Map<TenantId, Holding> held = new HashMap<>();
    private final Holding all = new Holding();
    private Iterator<Map.Entry<K, Cell>> place = cells.entrySet().iterator();
    private int size;

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
                change(key, found, limits);
            }
        }
    }

    int size() {
        counting.lock();
        try {
            return size;
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

    private void change(K key, Cell found, List<RateLimit> limits) {
        Cells.withAllClaimed(found, claimed -> {
            cells.replace(key, found, Cells.changed(found, claimed, limits, nanoTime.getAsLong()));
            return true;
        });
    }

    private void admit(K key, List<RateLimit> limits) {
        counting.lock();
        try {
            if (!cells.containsKey(key)) {
                makeRoomFor(key);
                cells.put(key, Cells.fresh(limits, nanoTime.getAsLong()));
                size++;
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
        if (!room || (size >= most && !makeRoom(all, null))) {
            throw new UnavailableException(
                    "no room to count for " + key + ": all keys are in use; allowed: " + most + " in all, and "
                            + mostOfOne + " of one tenant",
                    null);
        }
    }

    private void release(K key) {
        counting.lock();
        try {
            size--;
            held.computeIfPresent(ownerOf.apply(key), (owner, holding) -> --holding.number == 0 ? null : holding);
        } finally {
            counting.unlock();
        }
    }

    /**
     * Whether there was a key to evict, of {@code owner} if that is not null. Goes on where the last newcomer stopped.
     * Where there was none, nobody looks again before the first of them has its burst.
     */
    private boolean makeRoom(Holding holding, @Nullable TenantId owner) {
        long now = nanoTime.getAsLong();
        if (holding.isInUse && holding.inUseUntil - now > 0) {
            return false;
        }
        int evicted = 0;
        long soonest = Long.MAX_VALUE;
        for (int left = 2 * cells.size() + 1; left > 0 && evicted < EVICTED_AT_ONCE; left--) {
            if (!place.hasNext()) {
                place = cells.entrySet().iterator();
            }
            Map.Entry<K, Cell> entry = place.hasNext() ? place.next() : null;
            if (entry != null && (owner == null || owner.equals(ownerOf.apply(entry.getKey())))) {
                long wait = Cells.nanosToFull(entry.getValue(), nanoTime);
                soonest = Math.min(soonest, wait);
                evicted += wait == 0 && evict(entry) ? 1 : 0;
            }
        }
        holding.isInUse = evicted == 0 && soonest > 0 && soonest < Long.MAX_VALUE;
        holding.inUseUntil = now + soonest;
        return evicted > 0;
    }

    private boolean evict(Map.Entry<K, Cell> entry) {
        Cell found = entry.getValue();
        boolean evicted = Cells.withAllClaimed(found, claimed -> {
            // Looked at again, for now nobody takes anything of them any more.
            return Cells.areFull(found, claimed, nanoTime) && cells.remove(entry.getKey(), found);
        });
        if (evicted) {
            release(entry.getKey());
        }
        return evicted;
    }
}
