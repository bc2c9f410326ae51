package dev.tenancy.event;

import dev.tenancy.TenantId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The subscriptions of one tenant, and which of them have something to be done.
 *
 * <p>Those stand in a queue, from which a limited number of workers takes them; so a tenant with many subscribers has
 * no more of the executor than one with few. Thread-safe; its lock is held for nothing but what stands here, and never
 * while somebody's code runs.
 *
 * @param <T> the events
 */
final class Lane<T> {
    final TenantId tenantId;
    private final Limits limits;

    /** All that have not been told of their end. */
    private final Set<Mailbox<T>> members = new LinkedHashSet<>();

    private final Queue<Mailbox<T>> queue = new ArrayDeque<>();

    /** Those that run or were handed to the executor; not fewer than the queue needs, unless that is too many. */
    private int workers;

    Lane(TenantId tenantId, Limits limits) {
        this.tenantId = tenantId;
        this.limits = limits;
    }

    /** Takes in a subscription; false if there are too many. */
    synchronized boolean join(Mailbox<T> mailbox) {
        return members.size() < limits.subscribers() && members.add(mailbox);
    }

    /** Gives an event to all whose subscription has not ended, and ends those that have no room for it. */
    synchronized Outcome publish(T event) {
        int reached = 0;
        int dropped = 0;
        int newWorkers = 0;
        for (Mailbox<T> mailbox : members) {
            if (mailbox.end != null) {
                continue;
            }
            if (mailbox.events.size() < limits.bufferSize()) {
                mailbox.events.add(event);
                newWorkers += enqueue(mailbox);
                reached++;
            } else {
                setEnd(mailbox, SubscriptionEnd.TOO_SLOW);
                dropped++;
            }
        }
        return new Outcome(reached, dropped, newWorkers);
    }

    /** Ends all whose subscription has not ended, or not as soon as this end would. */
    synchronized Outcome endAll(SubscriptionEnd end) {
        int ended = 0;
        int newWorkers = 0;
        for (Mailbox<T> mailbox : members) {
            if (setEnd(mailbox, end)) {
                newWorkers += enqueue(mailbox);
                ended++;
            }
        }
        return new Outcome(0, ended, newWorkers);
    }

    /** Ends the subscription that a worker serves, and which that worker tells. */
    synchronized void failed(Mailbox<T> served) {
        setEnd(served, SubscriptionEnd.FAILED);
    }

    /** Ends a subscription at the wish of its subscriber; true if the caller has to tell it. */
    synchronized boolean unsubscribe(Mailbox<T> mailbox) {
        if (mailbox.state == Mailbox.State.GONE) {
            return false;
        }
        setEnd(mailbox, SubscriptionEnd.UNSUBSCRIBED);
        if (mailbox.state == Mailbox.State.SERVED) {
            return false;
        }
        queue.remove(mailbox);
        leave(mailbox);
        return true;
    }

    synchronized boolean isEnded(Mailbox<T> mailbox) {
        return mailbox.end != null;
    }

    /** {@return the next subscription for a worker, which is done if there is none} */
    synchronized @Nullable Mailbox<T> take() {
        Mailbox<T> next = queue.poll();
        if (next == null) {
            workers--;
        } else {
            next.state = Mailbox.State.SERVED;
        }
        return next;
    }

    /** {@return the next event for the subscription that a worker serves, or null} */
    synchronized @Nullable T next(Mailbox<T> served) {
        return served.events.poll();
    }

    /** {@return whether the subscription that a worker serves is over, so that the worker has to tell it} */
    synchronized boolean leaveIfOver(Mailbox<T> served) {
        if (served.end == null || !served.events.isEmpty()) {
            return false;
        }
        leave(served);
        return true;
    }

    /** Takes back the subscription that a worker served; true if the worker has another turn, else it is done. */
    synchronized boolean giveBack(Mailbox<T> served) {
        if (served.state != Mailbox.State.GONE) {
            served.state = Mailbox.State.IDLE;
            if (served.end != null || !served.events.isEmpty()) {
                served.state = Mailbox.State.QUEUED;
                queue.add(served);
            }
        }
        if (queue.isEmpty()) {
            workers--;
            return false;
        }
        return true;
    }

    /** Counts off a worker that the executor did not take; gives those that nobody is left to serve, all ended. */
    synchronized List<Mailbox<T>> workerRefused() {
        workers--;
        if (workers > 0) {
            return List.of();
        }
        List<Mailbox<T>> stranded = new ArrayList<>(queue);
        queue.clear();
        for (Mailbox<T> mailbox : stranded) {
            setEnd(mailbox, SubscriptionEnd.REFUSED);
            leave(mailbox);
        }
        return stranded;
    }

    synchronized boolean isAbandoned() {
        return members.isEmpty() && workers == 0;
    }

    synchronized int size() {
        return members.size();
    }

    /**
     * Ends a subscription; one that is over already only if that drops what the former end would still have handled;
     * true if it did.
     */
    private boolean setEnd(Mailbox<T> mailbox, SubscriptionEnd end) {
        if (mailbox.end != null && (!mailbox.end.isAfterWhatWaits() || end.isAfterWhatWaits())) {
            return false;
        }
        mailbox.end = end;
        if (!end.isAfterWhatWaits()) {
            mailbox.events.clear();
        }
        return true;
    }

    /** {@return how many workers more this needs} */
    private int enqueue(Mailbox<T> mailbox) {
        if (mailbox.state != Mailbox.State.IDLE) {
            return 0;
        }
        mailbox.state = Mailbox.State.QUEUED;
        queue.add(mailbox);
        if (workers == limits.handlers()) {
            return 0;
        }
        workers++;
        return 1;
    }

    private void leave(Mailbox<T> mailbox) {
        mailbox.state = Mailbox.State.GONE;
        members.remove(mailbox);
    }

    /**
     * What each tenant may have.
     *
     * @param bufferSize events that wait for one subscriber
     * @param subscribers subscriptions
     * @param handlers workers
     */
    record Limits(int bufferSize, int subscribers, int handlers) {}

    /**
     * What became of an event or an end.
     *
     * @param reached how many subscribers have the event
     * @param ended how many subscriptions ended by it
     * @param newWorkers how many workers to hand to the executor
     */
    record Outcome(int reached, int ended, int newWorkers) {}
}
