package dev.tenancy.ratelimit.lettuce;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Permits that this process has taken on the server and not yet granted. What is not granted in time is given back.
 * Thread-safe.
 */
final class Leases {
    private static final int MOST = 100_000;

    private final ConcurrentMap<Target, Lease> leases = new ConcurrentHashMap<>();
    private final long permits;
    private final long nanos;
    private final LongSupplier nanoTime;
    private final Consumer<Taken> giveBack;

    /**
     * Makes the leases of a process.
     *
     * @param permits how many at a time; 0 for none
     * @param time after which what is left is given back
     */
    Leases(long permits, Duration time, LongSupplier nanoTime, Consumer<Taken> giveBack) {
        this.permits = permits;
        this.nanos = time.toNanos();
        this.nanoTime = nanoTime;
        this.giveBack = giveBack;
    }

    private static final class Lease {
        private long left;
        private long until;
        private @Nullable Taken taken;

        /** What is left, which then is not any more. */
        private Optional<Taken> end() {
            Taken all = taken;
            long rest = left;
            left = 0;
            taken = null;
            return all == null || rest == 0
                    ? Optional.empty()
                    : Optional.of(
                            new Taken(all.target(), rest, all.micros(), all.nanos(), all.debts(), all.givenBack()));
        }
    }

    /** How many permits to take besides; none where each subject would take some of what it shares with all others. */
    long besides(Target target) {
        return leases.size() < MOST && !target.isPartlyShared() ? permits : 0;
    }

    /** Whether so many are there, which then are granted. */
    boolean grant(Target target, long wanted) {
        Lease lease = permits == 0 ? null : leases.get(target);
        if (lease == null) {
            return false;
        }
        Optional<Taken> rest = Optional.empty();
        boolean granted = false;
        synchronized (lease) {
            if (isOver(lease)) {
                rest = lease.end();
                leases.remove(target, lease);
            } else if (lease.left >= wanted) {
                lease.left -= wanted;
                granted = true;
            }
        }
        rest.ifPresent(giveBack);
        return granted;
    }

    /** Keeps permits that were taken. */
    void keep(Taken more) {
        boolean kept = false;
        while (!kept) {
            Lease lease = leases.computeIfAbsent(more.target(), target -> new Lease());
            synchronized (lease) {
                kept = leases.get(more.target()) == lease;
                if (kept) {
                    lease.left += more.permits();
                    lease.until = nanoTime.getAsLong() + nanos;
                    lease.taken = more;
                }
            }
        }
    }

    /** Takes back permits that were granted from here, if the lease is not over: then they come back by themselves. */
    void restore(Target target, long unused) {
        Lease lease = leases.get(target);
        if (lease != null) {
            synchronized (lease) {
                if (lease.taken != null && !isOver(lease)) {
                    lease.left += unused;
                }
            }
        }
    }

    /** Gives back what is left of those that are over, which nobody may ever ask for again. */
    void endThoseThatAreOver() {
        leases.forEach((target, lease) -> end(target, lease, false));
    }

    /** Gives everything back. */
    void endAll() {
        leases.forEach((target, lease) -> end(target, lease, true));
    }

    private boolean isOver(Lease lease) {
        return nanoTime.getAsLong() - lease.until >= 0;
    }

    private void end(Target target, Lease lease, boolean inAnyCase) {
        Optional<Taken> rest = Optional.empty();
        synchronized (lease) {
            if (inAnyCase || isOver(lease)) {
                rest = lease.end();
                leases.remove(target, lease);
            }
        }
        rest.ifPresent(giveBack);
    }
}
