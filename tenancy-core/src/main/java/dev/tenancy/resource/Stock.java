package dev.tenancy.resource;

import dev.tenancy.TenantId;
import dev.tenancy.TenantIdentity;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Who uses which slot, and when one is closed: once, when it was taken away and nobody uses it. Thread-safe.
 *
 * @param <T> the resource
 */
final class Stock<T> {
    private final Shelf<T> shelf;
    private final long idleNanos;
    private final LongSupplier nanoTime;
    private final Disposal<T> disposal;

    /** Guards the shelf, the state of its slots, and {@link #closed}. Nothing foreign runs under it but the clock. */
    private final ReentrantLock lock = new ReentrantLock();

    private boolean closed;

    Stock(Shelf<T> shelf, long idleNanos, LongSupplier nanoTime, Disposal<T> disposal) {
        this.shelf = shelf;
        this.idleNanos = idleNanos;
        this.nanoTime = nanoTime;
        this.disposal = disposal;
    }

    /** {@return the slot of an identity, put up if there is none, with one user more} */
    Slot<T> claim(Access access, TenantIdentity current) {
        List<Slot<T>> unused = new ArrayList<>();
        lock.lock();
        try {
            if (closed) {
                throw closedAlready();
            }
            unused.addAll(retireExpired());
            Slot<T> slot = shelf.find(access);
            if (slot == null) {
                shelf.inTheWayOf(access.tenantId()).ifPresent(other -> unused.addAll(retire(List.of(other))));
                slot = new Slot<>(access, access.identity(current.resolver()));
                shelf.add(slot);
            }
            shelf.used(slot);
            slot.users++;
            return slot;
        } finally {
            lock.unlock();
            unused.forEach(disposal::close);
        }
    }

    /** Takes back what was claimed. */
    void giveBack(Slot<T> slot) {
        change(() -> {
            slot.users--;
            if (slot.users > 0) {
                return List.of();
            }
            if (slot.retired) {
                return List.of(slot);
            }
            slot.idleSince = nanoTime.getAsLong();
            shelf.unused(slot);
            return List.of();
        });
    }

    /** Takes away a slot whose users will not give it back, and closes what it has. */
    void giveUp(Slot<T> slot) {
        change(() -> retire(List.of(slot)));
        disposal.close(slot);
    }

    void evict(TenantId tenantId) {
        change(() -> retire(shelf.allOf(tenantId)));
    }

    void cleanUp() {
        change(this::retireExpired);
    }

    void close() {
        change(() -> {
            closed = true;
            return retire(shelf.all());
        });
    }

    int size() {
        lock.lock();
        try {
            return shelf.size();
        } finally {
            lock.unlock();
        }
    }

    boolean isClosed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }

    /** Does something that leaves slots to be closed, then closes those. */
    private void change(Supplier<List<Slot<T>>> bookkeeping) {
        List<Slot<T>> unused;
        lock.lock();
        try {
            unused = bookkeeping.get();
        } finally {
            lock.unlock();
        }
        unused.forEach(disposal::close);
    }

    static IllegalStateException closedAlready() {
        return new IllegalStateException("the resources are closed");
    }

    /** Takes away what has been unused for too long, and says what is to be closed. */
    private List<Slot<T>> retireExpired() {
        return retire(shelf.idleFor(idleNanos, nanoTime.getAsLong()));
    }

    /** Takes slots away, and says which of them nobody uses, to be closed. */
    private List<Slot<T>> retire(List<Slot<T>> slots) {
        List<Slot<T>> unused = new ArrayList<>();
        for (Slot<T> slot : slots) {
            if (!slot.retired) {
                slot.retired = true;
                shelf.remove(slot);
                if (slot.users == 0) {
                    unused.add(slot);
                }
            }
        }
        return unused;
    }
}
