package dev.tenancy.jdbc;

import dev.tenancy.TenantId;
import java.sql.SQLException;
import java.sql.SQLTransientException;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** How many connections of a pool one tenant may hold. Keeps nothing of tenants that hold none and wait for none. */
final class TenantShares {
    private final int most;
    private final Duration wait;
    private final ConcurrentMap<TenantId, Share> shares = new ConcurrentHashMap<>();

    TenantShares(int most, Duration wait) {
        this.most = most;
        this.wait = wait;
    }

    /** What one tenant has left, and how many hold or wait. */
    private record Share(Semaphore left, int users) {
        Share with(int more) {
            return new Share(left, users + more);
        }
    }

    /** Waits for its turn, first come first served within the tenant. */
    void take(TenantId tenant) throws SQLException {
        Share share = shares.compute(
                tenant, (id, known) -> known == null ? new Share(new Semaphore(most, true), 1) : known.with(1));
        boolean taken = false;
        try {
            taken = share.left.tryAcquire(wait.toNanos(), TimeUnit.NANOSECONDS);
            if (!taken) {
                throw new SQLTransientException(
                        "the tenant holds all of the " + most
                                + " connections that one tenant may have at once, and none" + " came back within "
                                + wait.toMillis() + " ms",
                        SqlStates.TOO_MANY_CONNECTIONS);
            }
        } catch (InterruptedException interrupt) {
            Thread.currentThread().interrupt();
            throw new SQLTransientException(
                    "interrupted while waiting for a connection of the tenant's share",
                    SqlStates.TOO_MANY_CONNECTIONS,
                    interrupt);
        } finally {
            if (!taken) {
                leave(tenant);
            }
        }
    }

    void giveBack(TenantId tenant) {
        Share share = shares.get(tenant);
        if (share != null) {
            share.left.release();
            leave(tenant);
        }
    }

    private void leave(TenantId tenant) {
        shares.computeIfPresent(tenant, (id, known) -> known.users == 1 ? null : known.with(-1));
    }

    /** How many tenants hold a connection or wait for one. */
    int tenants() {
        return shares.size();
    }
}
