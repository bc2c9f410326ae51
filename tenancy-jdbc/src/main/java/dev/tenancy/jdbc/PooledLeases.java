package dev.tenancy.jdbc;

import dev.tenancy.TenantIdentity;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Physical connections of one pool, bound in one way. */
final class PooledLeases implements LeaseSource {
    private static final Logger LOG = LoggerFactory.getLogger(TenantDataSource.class);

    /** More sessions than a pool has can only be dirty if something makes new ones dirty. */
    private static final int MOST_DIRTY_SESSIONS = 100;

    private final DataSource pool;
    private final TenantBinding binding;
    private final BoundSettings settings;
    private final boolean trusted;
    private final @Nullable TenantShares shares;
    private final @Nullable TenantDataSourceListener listener;

    PooledLeases(
            DataSource pool,
            TenantBinding binding,
            BoundSettings settings,
            boolean trusted,
            @Nullable TenantShares shares,
            @Nullable TenantDataSourceListener listener) {
        this.pool = pool;
        this.binding = binding;
        this.settings = settings;
        this.trusted = trusted;
        this.shares = shares;
        this.listener = listener;
    }

    /** The same for SQL that nobody vetted: no session is passed on. */
    PooledLeases untrusted() {
        return new PooledLeases(pool, binding, settings, false, shares, listener);
    }

    DataSource pool() {
        return pool;
    }

    /** Refuses an identity that no session can be bound to. */
    void requireBindable(Optional<TenantIdentity> identity) throws SQLException {
        settings.require(identity);
    }

    /** Waits until {@code identity} may have one more connection. */
    void waitForShare(Optional<TenantIdentity> identity) throws SQLException {
        if (shares == null || identity.isEmpty()) {
            return;
        }
        try {
            shares.take(identity.get().tenantId());
        } catch (SQLException failure) {
            tell(told -> told.overShare(identity.get()));
            throw failure;
        }
    }

    @Override
    public void ended(Optional<TenantIdentity> identity) {
        giveShareBack(identity);
        tell(told -> told.returned(identity));
    }

    /** Gives back what {@link #waitForShare} took. */
    void giveShareBack(Optional<TenantIdentity> identity) {
        if (shares != null && identity.isPresent()) {
            shares.giveBack(identity.get().tenantId());
        }
    }

    @Override
    public Lease lease(Optional<TenantIdentity> identity) throws SQLException {
        SQLException failure = null;
        for (int i = 0; i < MOST_DIRTY_SESSIONS; i++) {
            Connection connection = pool.getConnection();
            try {
                Lease lease = binding.lease(connection, identity, settings, trusted);
                lease.begin();
                return lease;
            } catch (DirtySessionException dirty) {
                discard(connection, dirty);
                failure = dirty;
            } catch (SQLException | RuntimeException broken) {
                discard(connection, broken);
                throw new SQLException(
                        "the connection cannot be bound to its tenant", SqlStates.CANNOT_BE_BOUND, broken);
            }
        }
        throw new SQLException(
                "none of " + MOST_DIRTY_SESSIONS + " sessions could be cleaned of what former borrowers left in them",
                SqlStates.CANNOT_BE_BOUND,
                failure);
    }

    @Override
    public boolean handsOn() {
        return trusted;
    }

    @Override
    public void giveBack(Connection physical) throws SQLException {
        if (handsOn()) {
            physical.close();
        } else {
            Eviction.discard(physical);
        }
    }

    @Override
    public void discard(Connection physical, Exception reason) {
        Eviction.evict(physical, reason);
        tell(told -> told.discarded(reason));
    }

    void tell(Consumer<TenantDataSourceListener> event) {
        if (listener == null) {
            return;
        }
        try {
            event.accept(listener);
        } catch (Throwable failure) { // an Error of a listener must not cost the borrower its connection
            LOG.error("listener {} failed", listener.getClass().getName(), failure);
        }
    }

    boolean isListenedTo() {
        return listener != null;
    }
}
