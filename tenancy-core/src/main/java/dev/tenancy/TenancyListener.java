package dev.tenancy;

/**
 * Is told what a {@link Tenancy} does, for metrics, alerts and audit records. Called by many threads at once, while the
 * request waits; what it throws is logged and changes nothing.
 *
 * @since 0.1
 */
public interface TenancyListener {

    /** A request is admitted. */
    default void admitted(TenantIdentity identity) {}

    /** An admitted request has been handled, well or not. */
    default void finished(TenantIdentity identity, boolean succeeded) {}

    /** A request whose tenant was proven is refused: the tenant is suspended, or a guard denied or failed. */
    default void refused(TenantIdentity identity, Problem problem) {}

    /**
     * A request that proves no tenant of the catalog is refused: nothing was presented, what was presented is no good,
     * or it cannot be told, because a resolver or the catalog is down.
     */
    default void refused(Problem problem) {}
}
