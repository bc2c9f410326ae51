package dev.tenancy;

/**
 * Something needed the current tenant and there was none: nothing is done for nobody. A fault of the host's code, since
 * a request without a proven tenant never reaches it.
 *
 * @see TenantContext#require()
 * @since 0.1
 */
public final class NoTenantException extends TenancyException {
    private static final long serialVersionUID = 1L;

    NoTenantException() {
        super(
                "no tenant is current on thread " + Thread.currentThread().getName() + ", which works for "
                        + OpenScopes.actor()
                        + "; open one with TenantContext.open(identity), or carry it over with TenantContext.wrap(task)",
                Problem.internal(),
                null);
    }
}
