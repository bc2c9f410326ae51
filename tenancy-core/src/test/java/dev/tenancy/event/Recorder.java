package dev.tenancy.event;

import dev.tenancy.TenantContext;
import dev.tenancy.TenantIdentity;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.MDC;

/**
 * Notes what it is called with, and every breach of what subscribers are promised: a call as somebody else, two at a
 * time, an event after the end, a second end.
 */
class Recorder<T> implements Subscriber<T> {
    /** A failure net: no test waits that long unless it fails. */
    private static final long LONGEST_WAIT_SECONDS = 60;

    private final TenantIdentity identity = TenantContext.require();
    private final AtomicBoolean busy = new AtomicBoolean();
    private final CountDownLatch ended = new CountDownLatch(1);

    private final List<T> events = new ArrayList<>();

    private final List<SubscriptionEnd> ends = new ArrayList<>();
    private final List<String> breaches = Collections.synchronizedList(new ArrayList<>());

    @Override
    public final void onEvent(T event) throws Exception {
        enter("event " + event);
        try {
            events.add(event);
            handle(event);
        } finally {
            leave();
        }
    }

    @Override
    public final void onEnd(SubscriptionEnd end) {
        enter("end " + end);
        ends.add(end);
        handleEnd(end);
        leave();
        ended.countDown();
    }

    void handle(T event) throws Exception {}

    void handleEnd(SubscriptionEnd end) {}

    TenantIdentity identity() {
        return identity;
    }

    /** {@return what was handled; for a test in which nothing goes on any more} */
    List<T> events() {
        return List.copyOf(events);
    }

    /** {@return all ends, of which there is to be one} */
    List<SubscriptionEnd> ends() {
        return List.copyOf(ends);
    }

    List<String> breaches() {
        return List.copyOf(breaches);
    }

    boolean awaitEnd() throws InterruptedException {
        return ended.await(LONGEST_WAIT_SECONDS, TimeUnit.SECONDS);
    }

    private void enter(String call) {
        if (!busy.compareAndSet(false, true)) {
            breaches.add(call + " while another call runs");
        }
        if (!ends.isEmpty()) {
            breaches.add(call + " after the end");
        }
        if (TenantContext.current().orElse(null) != identity) {
            breaches.add(call + " as " + TenantContext.current());
        }
        if (!identity.tenantId().value().equals(MDC.get(TenantContext.MDC_KEY))) {
            breaches.add(call + " with " + MDC.get(TenantContext.MDC_KEY) + " in the log context");
        }
    }

    private void leave() {
        busy.set(false);
    }
}
