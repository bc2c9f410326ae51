package dev.tenancy.event;

import dev.tenancy.TenantContext;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings events and ends to subscribers. Thread-safe; nothing that a subscriber, the listener or the executor throws
 * comes out of it.
 *
 * @param <T> the events
 */
final class Courier<T> {
    /** How many events a worker brings before it goes to the end of the executor's queue. */
    static final int EVENTS_PER_TURN = 16;

    private static final Logger LOG = LoggerFactory.getLogger(TenantChannel.class);

    private final String channel;
    private final Executor executor;
    private final TenantChannelListener listener;
    private final Lanes<T> lanes;

    Courier(String channel, Executor executor, TenantChannelListener listener, Lanes<T> lanes) {
        this.channel = channel;
        this.executor = executor;
        this.listener = listener;
        this.lanes = lanes;
    }

    /** Hands workers of a lane to the executor. */
    void start(Lane<T> lane, int workers) {
        for (int i = 0; i < workers; i++) {
            handOver(new Worker(lane, null));
        }
    }

    void unsubscribe(Lane<T> lane, Mailbox<T> mailbox) {
        if (lane.unsubscribe(mailbox)) {
            tell(mailbox);
            lanes.sweep(lane);
        }
    }

    private void handOver(Worker worker) {
        try {
            executor.execute(worker);
        } catch (Throwable refusal) { // also an Error: a thread that cannot be started is one
            LOG.error(
                    "channel '{}': the executor failed to take work for tenant {}",
                    channel,
                    worker.lane.tenantId,
                    refusal);
            worker.refused();
        }
    }

    private void serve(Lane<T> lane, Mailbox<T> mailbox) {
        boolean interrupted = false;
        for (int i = 0; i < EVENTS_PER_TURN; i++) {
            T event = lane.next(mailbox);
            if (event == null) {
                break;
            }
            try {
                TenantContext.<Exception>run(mailbox.identity, () -> mailbox.subscriber.onEvent(event));
            } catch (Throwable failure) { // an Error of one subscriber must not end the worker of others
                LOG.warn("channel '{}': a subscriber of tenant {} failed", channel, lane.tenantId, failure);
                lane.failed(mailbox);
                interrupted = failure instanceof InterruptedException;
            }
        }
        if (lane.leaveIfOver(mailbox)) {
            tell(mailbox);
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Tells a subscriber that it is over, which its mailbox has left its lane for. */
    private void tell(Mailbox<T> mailbox) {
        SubscriptionEnd end = Objects.requireNonNull(mailbox.end);
        try {
            TenantContext.run(mailbox.identity, () -> mailbox.subscriber.onEnd(end));
        } catch (Throwable failure) {
            LOG.warn(
                    "channel '{}': a subscriber of tenant {} failed when told that its subscription is over",
                    channel,
                    mailbox.identity.tenantId(),
                    failure);
        }
        try {
            listener.ended(channel, mailbox.identity, end);
        } catch (Throwable failure) {
            LOG.error("listener {} failed", listener.getClass().getName(), failure);
        }
    }

    /** One turn of a worker. An executor may take it and throw all the same, or run it twice; it counts once. */
    private final class Worker implements Runnable {
        private final Lane<T> lane;
        private final AtomicBoolean counted = new AtomicBoolean();

        /** The thread that is handing this over at the end of another turn. */
        private volatile @Nullable Thread formerTurn;

        private boolean runByFormerTurn;

        private Worker(Lane<T> lane, @Nullable Thread formerTurn) {
            this.lane = lane;
            this.formerTurn = formerTurn;
        }

        @Override
        public void run() {
            if (!counted.compareAndSet(false, true)) {
                return;
            }
            if (formerTurn == Thread.currentThread()) {
                runByFormerTurn = true; // by an executor without threads: turn after turn, not turn within turn
            } else {
                work();
            }
        }

        private void work() {
            Worker next;
            do {
                Mailbox<T> mailbox = lane.take();
                if (mailbox != null) {
                    serve(lane, mailbox);
                }
                if (mailbox == null || !lane.giveBack(mailbox)) {
                    lanes.sweep(lane);
                    return;
                }
                next = new Worker(lane, Thread.currentThread());
                handOver(next);
                next.formerTurn = null;
            } while (next.runByFormerTurn);
        }

        private void refused() {
            if (counted.compareAndSet(false, true)) {
                lane.workerRefused().forEach(Courier.this::tell);
                lanes.sweep(lane);
            }
        }
    }
}
