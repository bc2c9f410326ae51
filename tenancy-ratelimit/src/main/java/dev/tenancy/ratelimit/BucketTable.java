package dev.tenancy.ratelimit;

import dev.tenancy.TenantId;
import dev.tenancy.UnavailableException;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
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
    /** How far one newcomer looks for room: long enough to find it, short enough to be no burden to the next. */
    private static final int LOOKED_AT = 1024;
    /** Room for some more newcomers, once there is some. */
    private static final int EVICTED_AT_ONCE = 16;

    private final ConcurrentHashMap<K, Cell> cells = new ConcurrentHashMap<>();
    private final ConcurrentMap<TenantId, Integer> held = new ConcurrentHashMap<>();
    private final AtomicInteger size = new AtomicInteger();
    private final Function<K, TenantId> ownerOf;
    private final int most;
    private final int mostOfOne;
    private final LongSupplier nanoTime;
    private final Lock looking = new ReentrantLock();
    private Iterator<Map.Entry<K, Cell>> place = cells.entrySet().iterator();

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
                Cell made = Cells.fresh(limits, nanoTime.getAsLong());
                reserve(key);
                if (cells.putIfAbsent(key, made) == null) {
                    return made;
                }
                release(key);
            } else if (Cells.fit(found, limits, nanoTime)) {
                return found;
            } else {
                change(key, found, limits);
            }
        }
    }

    int size() {
        return size.get();
    }

    private void change(K key, Cell found, List<RateLimit> limits) {
        Cells.withAllClaimed(found, claimed -> {
            cells.replace(key, found, Cells.changed(found, claimed, limits, nanoTime.getAsLong()));
            return true;
        });
    }

    private void reserve(K key) {
        while (!reserved(key)) {
            if (!makeRoom()) {
                throw new UnavailableException(
                        "no room to count for " + key + ": " + size + " keys are counted, of which none of "
                                + LOOKED_AT + " is idle; allowed: " + most + " in all, and " + mostOfOne
                                + " of one tenant",
                        null);
            }
        }
    }

    private boolean reserved(K key) {
        if (!increased()) {
            return false;
        }
        if (mostOfOne >= most || isHeld(ownerOf.apply(key))) {
            return true;
        }
        size.decrementAndGet();
        return false;
    }

    private boolean increased() {
        int before = size.get();
        while (before < most) {
            if (size.compareAndSet(before, before + 1)) {
                return true;
            }
            before = size.get();
        }
        return false;
    }

    /** Whether the tenant may hold one more key, which it then does. */
    private boolean isHeld(TenantId owner) {
        boolean[] more = new boolean[1];
        held.compute(owner, (id, before) -> {
            int number = before == null ? 0 : before;
            more[0] = number < mostOfOne;
            return more[0] ? Integer.valueOf(number + 1) : before;
        });
        return more[0];
    }

    private void release(K key) {
        size.decrementAndGet();
        if (mostOfOne < most) {
            held.computeIfPresent(ownerOf.apply(key), (id, number) -> number == 1 ? null : number - 1);
        }
    }

    /** Whether there was a key to evict. Goes on where the last newcomer stopped, so that every key gets its turn. */
    private boolean makeRoom() {
        looking.lock();
        try {
            int evicted = 0;
            boolean again = true;
            for (int looked = 0; looked < LOOKED_AT && evicted < EVICTED_AT_ONCE; looked++) {
                if (!place.hasNext()) {
                    if (!again) {
                        break;
                    }
                    again = false;
                    place = cells.entrySet().iterator();
                }
                if (place.hasNext() && evict(place.next())) {
                    evicted++;
                }
            }
            return evicted > 0;
        } finally {
            looking.unlock();
        }
    }

    private boolean evict(Map.Entry<K, Cell> entry) {
        Cell found = entry.getValue();
        if (!Cells.areFull(found, nanoTime)) {
            return false;
        }
        boolean evicted = Cells.withAllClaimed(found, claimed -> {
            // Looked at again, for now nobody takes anything of them any more.
            boolean full = Cells.areFull(found, claimed, nanoTime);
            return full && cells.remove(entry.getKey(), found);
        });
        if (evicted) {
            release(entry.getKey());
        }
        return evicted;
    }
}
