package dev.tenancy.example.gateway;

import dev.tenancy.Guard;
import dev.tenancy.GuardedRequest;
import dev.tenancy.Problem;
import dev.tenancy.TenantId;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What is under way for each tenant in this process, so that a tenant that is erased writes nothing any more: its
 * requests, streams and jobs, and what is recorded of it. A guard, and the first one, since others write too.
 */
final class Work implements Guard {
    private final Lock lock = new ReentrantLock();
    private final Condition fewer = lock.newCondition();
    private final Map<TenantId, Integer> underWay = new HashMap<>();
    private final Set<TenantId> stopped = new HashSet<>();

    @Override
    public String name() {
        return "work";
    }

    @Override
    public Decision check(GuardedRequest request) {
        TenantId tenant = request.identity().tenantId();
        return begin(tenant) ? new Begun(tenant) : new Denied(Problem.suspended());
    }

    private final class Begun implements Passed {
        private final TenantId tenant;

        Begun(TenantId tenant) {
            this.tenant = tenant;
        }

        @Override
        public void undo() {
            end(tenant);
        }

        @Override
        public void finished(boolean succeeded) {
            end(tenant);
        }
    }

    /** Whether work of the tenant may begin; it is to be ended then. */
    boolean begin(TenantId tenant) {
        lock.lock();
        try {
            if (stopped.contains(tenant)) {
                return false;
            }
            underWay.merge(tenant, 1, Integer::sum);
            return true;
        } finally {
            lock.unlock();
        }
    }

    void end(TenantId tenant) {
        lock.lock();
        try {
            underWay.computeIfPresent(tenant, (id, before) -> before == 1 ? null : before - 1);
            fewer.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Whether nobody had stopped the tenant before; none of its work begins any more, until {@link #allow}. */
    boolean stop(TenantId tenant) {
        lock.lock();
        try {
            return stopped.add(tenant);
        } finally {
            lock.unlock();
        }
    }

    void allow(TenantId tenant) {
        lock.lock();
        try {
            stopped.remove(tenant);
        } finally {
            lock.unlock();
        }
    }

    /** Whether all that is under way for the tenant ends in time. */
    boolean awaitEnd(TenantId tenant, Duration longest) throws InterruptedException {
        long left = longest.toNanos();
        lock.lock();
        try {
            while (underWay.containsKey(tenant)) {
                if (left <= 0) {
                    return false;
                }
                left = fewer.awaitNanos(left);
            }
            return true;
        } finally {
            lock.unlock();
        }
    }
}
