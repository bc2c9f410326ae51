package dev.tenancy.jdbc;

import dev.tenancy.TenantIdentity;
import java.time.Duration;
import java.util.Optional;

/**
 * Is told what a {@link TenantDataSource} does, for metrics and alerts. Called by many threads at once, while the
 * borrower waits; what it throws is logged and changes nothing.
 *
 * @since 0.1
 */
public interface TenantDataSourceListener {

    /**
     * A connection is borrowed.
     *
     * @param identity whom it serves; empty for nobody
     * @param waited from the call to the bound connection: the tenant's share, the pool, the binding
     */
    default void borrowed(Optional<TenantIdentity> identity, Duration waited) {}

    /**
     * A connection that was borrowed is with its borrower no more: given back, or thrown away. Told once for each that
     * was {@link #borrowed}, on the thread that closed or aborted it.
     *
     * @param identity whom it served; empty for nobody
     */
    default void returned(Optional<TenantIdentity> identity) {}

    /** A tenant holds as many connections as one may, and none came back in time. */
    default void overShare(TenantIdentity identity) {}

    /**
     * A session is thrown away.
     *
     * @param reason why: it could not be bound or cleaned, or a former borrower left in it what cannot be taken away
     */
    default void discarded(Throwable reason) {}
}
