package dev.tenancy;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/**
 * A model of the context of one thread: what must be current on it, and in its log context, after whatever was done.
 */
final class ExpectedContext {
    private static final int REMEMBERED = 8;
    private static final ThreadLocal<ExpectedContext> OF_THIS_THREAD = ThreadLocal.withInitial(ExpectedContext::new);

    /** From the outermost on. Above the floor each has a scope, which is this thread's to close. */
    private final List<Frame> frames = new ArrayList<>();

    private final List<TenantContext.Scope> ended = new ArrayList<>();
    private int floor;
    private boolean closedElsewhere;
    private @Nullable String logContextOfHost;

    private ExpectedContext() {}

    static ExpectedContext ofThisThread() {
        return OF_THIS_THREAD.get();
    }

    Actor current() {
        return frames.isEmpty() ? Actor.NOBODY : frames.get(frames.size() - 1).actor;
    }

    /** Fails unless this thread sees what it must. */
    void verify() {
        if (closedElsewhere) {
            // A thread learns that another one closed its scope when it asks.
            TenantContext.current();
            closedElsewhere = false;
        }
        Actor expected = current();
        String expectedLog = frames.isEmpty() ? logContextOfHost : expected.tenantName();
        String log = MDC.get(TenantContext.MDC_KEY);
        Actor seen = new Actor(TenantContext.current(), TenantContext.systemReason());
        if (!seen.equals(expected) || !Objects.equals(log, expectedLog)) {
            throw new AssertionError("on " + Thread.currentThread() + " " + expected + " must be current, and is "
                    + seen + "; the log context must have " + expectedLog + ", and has " + log);
        }
    }

    /** Whether the log context is the host's alone. */
    boolean isIdle() {
        return frames.isEmpty() && !closedElsewhere;
    }

    void hostLogsAs(@Nullable String value) {
        logContextOfHost = value;
        if (value == null) {
            MDC.remove(TenantContext.MDC_KEY);
        } else {
            MDC.put(TenantContext.MDC_KEY, value);
        }
    }

    void open(TenantIdentity identity) {
        frames.add(new Frame(Actor.tenant(identity), TenantContext.open(identity)));
    }

    void close() {
        if (isOpen()) {
            scope(frames.size() - 1).close();
            drop(frames.size() - 1);
        }
    }

    void closeAll() {
        while (isOpen()) {
            close();
        }
    }

    /** Closes a scope that is closed, by this thread or by another one. */
    void closeAgain(RandomGenerator random) {
        if (!ended.isEmpty()) {
            ended.get(random.nextInt(ended.size())).close();
            closedElsewhere = false;
        }
    }

    void closeOutOfOrder(RandomGenerator random) {
        if (!Interleavings.ORDERLY && frames.size() - floor >= 2) {
            int closed = random.nextInt(floor, frames.size() - 1);
            Ending.LEAVES_A_SCOPE_OPEN.expect(scope(closed)::close);
            drop(closed);
        }
    }

    /** Closes a scope of this thread, which is waiting, on the calling one. */
    void closeFromOutside(RandomGenerator random) {
        if (isOpen()) {
            int closed = random.nextInt(floor, frames.size());
            Ending.LEAVES_A_SCOPE_OPEN.expect(scope(closed)::close);
            drop(closed);
            closedElsewhere = true;
        }
    }

    void leaveOneOpen(RandomGenerator random) {
        if (!isOpen()) {
            open(Tenants.any(random));
        }
    }

    /**
     * Does some work in a scope of {@code actor} that the library opened and will close, and ends it in the given way.
     */
    void inside(Actor actor, Ending ending, RandomGenerator random, Runnable more) {
        int frame = frames.size();
        int floorBefore = floor;
        frames.add(new Frame(actor, null));
        floor = frames.size();
        try {
            verify();
            work(random);
            more.run();
            ending.leave(this, random);
        } finally {
            floor = floorBefore;
            drop(frame);
        }
    }

    private void work(RandomGenerator random) {
        for (int steps = random.nextInt(3); steps > 0; steps--) {
            switch (random.nextInt(4)) {
                case 0, 1 -> open(Tenants.any(random));
                case 2 -> close();
                default -> closeOutOfOrder(random);
            }
            verify();
        }
    }

    private boolean isOpen() {
        return frames.size() > floor;
    }

    private TenantContext.Scope scope(int frame) {
        return Objects.requireNonNull(frames.get(frame).scope, "a scope of the library is not ours to close");
    }

    private void drop(int outermost) {
        List<Frame> dropped = frames.subList(outermost, frames.size());
        dropped.stream().map(Frame::scope).filter(Objects::nonNull).forEach(ended::add);
        dropped.clear();
        ended.subList(0, Math.max(0, ended.size() - REMEMBERED)).clear();
    }

    private record Frame(Actor actor, TenantContext.@Nullable Scope scope) {}
}
