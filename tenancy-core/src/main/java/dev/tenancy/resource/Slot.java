package dev.tenancy.resource;

import dev.tenancy.TenantIdentity;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The place of one resource, from before it is made until it is closed.
 *
 * @param <T> the resource
 */
final class Slot<T> {

    /** What each thread that waits in any {@link #await()} waits for. */
    private static final ConcurrentMap<Thread, Slot<?>> WAITING = new ConcurrentHashMap<>();

    final Access access;

    /** Whom the resource is made for. */
    final TenantIdentity identity;

    /** How many borrowed it, make it, or wait for it. Guarded by the lock of {@link TenantResources}. */
    int users;

    /** Whether it is handed out no more. Guarded likewise. */
    boolean retired;

    /** When its last user gave it back. Guarded likewise. */
    long idleSince;

    /** What was made. Written by the maker, before anybody else may look at it. */
    @Nullable
    T resource;

    private final AtomicReference<@Nullable Thread> maker = new AtomicReference<>();
    private final CountDownLatch done = new CountDownLatch(1);
    private final AtomicBoolean closing = new AtomicBoolean();
    private @Nullable Throwable failure;

    Slot(Access access, TenantIdentity identity) {
        this.access = access;
        this.identity = identity;
    }

    /** {@return true to the one thread that is to make the resource, and false to the others} */
    boolean isMineToMake() {
        return maker.get() == null && maker.compareAndSet(null, Thread.currentThread());
    }

    /** {@return true to the one thread that is to close the resource, and false to the others} */
    boolean isMineToClose() {
        return closing.compareAndSet(false, true);
    }

    /** Tells all who wait that the resource is there. */
    void made() {
        done.countDown();
    }

    /** Tells all who wait that there will be no resource, and why; null if they may try themselves. */
    void notMade(@Nullable Throwable why) {
        failure = why;
        resource = null;
        done.countDown();
    }

    /**
     * {@return the resource, when another thread has made it; null if that thread gave up for reasons of its own}
     *
     * @throws ExecutionException if making it failed
     * @throws InterruptedException if this thread is interrupted
     * @throws IllegalStateException if making it waits, directly or through others, for this thread
     */
    @Nullable
    T await() throws ExecutionException, InterruptedException {
        if (done.getCount() > 0) {
            waitForMaker(Thread.currentThread());
        }
        if (failure != null) {
            throw new ExecutionException(failure);
        }
        return resource;
    }

    private void waitForMaker(Thread waiter) throws InterruptedException {
        WAITING.put(waiter, this); // first, so that of two threads that close a circle at once, one sees it
        try {
            refuseCircle(waiter);
            done.await();
        } finally {
            WAITING.remove(waiter);
        }
    }

    private void refuseCircle(Thread waiter) {
        Slot<?> awaited = this;
        while (awaited != null && awaited.done.getCount() > 0) {
            Thread by = awaited.maker.get();
            if (by == waiter) {
                throw new IllegalStateException("the factory of the resource of tenant " + awaited.access.tenantId()
                        + " borrows, itself or through others, the resource that it makes");
            }
            awaited = by == null ? null : WAITING.get(by);
        }
    }
}
