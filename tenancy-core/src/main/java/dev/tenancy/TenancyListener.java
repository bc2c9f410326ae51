package dev.tenancy;

/**
 * Is told what a {@link Tenancy} does, for metrics, alerts and audit records. Called by many threads at once, while the
 * request waits; what it throws is logged and changes nothing.
 *
 * @since 0.1
 */
public interface TenancyListener {

    /** A request whose tenant was proven is refused: the tenant is suspended, or a guard denied. */
    default void refused(TenantIdentity identity, Problem problem) {}
}
