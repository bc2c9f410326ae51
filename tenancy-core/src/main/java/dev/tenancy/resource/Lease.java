package dev.tenancy.resource;

import dev.tenancy.TenantContext;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A borrowed resource, to be closed when it is used no more, for example by try-with-resources.
 *
 * <p>Thread-safe; may be used and closed on another thread than the one that borrowed it. A lease that is never closed
 * keeps its resource from ever being closed.
 *
 * @param <T> the resource
 * @since 0.1
 */
public final class Lease<T> implements AutoCloseable {
    private final TenantResources<T> owner;
    private final Slot<T> slot;
    private final T resource;
    private final AtomicBoolean closed = new AtomicBoolean();

    Lease(TenantResources<T> owner, Slot<T> slot, T resource) {
        this.owner = owner;
        this.slot = slot;
        this.resource = resource;
    }

    /**
     * {@return the resource, to be used until this lease is closed}
     *
     * @throws IllegalStateException if this lease is closed, or if this thread works for somebody who does not share
     *     the resource
     */
    public T get() {
        if (closed.get()) {
            throw new IllegalStateException(
                    "the lease of the resource of tenant " + slot.access.tenantId() + " is closed");
        }
        TenantContext.current().ifPresent(current -> {
            if (!owner.accessOf(current).equals(slot.access)) {
                throw new IllegalStateException("a resource of tenant " + slot.access.tenantId()
                        + " is used while the thread works for somebody of tenant " + current.tenantId()
                        + " who does not share it");
            }
        });
        return resource;
    }

    /** Gives the resource back. Closing again does nothing. */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            owner.giveBack(slot);
        }
    }

    @Override
    public String toString() {
        return "Lease[" + slot.access.tenantId() + "]";
    }
}
