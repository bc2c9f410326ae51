package dev.tenancy;

/**
 * Something needed the current tenant and there was none: nothing is done for nobody.
 *
 * @see TenantContext#require()
 * @since 0.1
 */
public final class NoTenantException extends TenancyException {
    private static final long serialVersionUID = 1L;

    NoTenantException() {
        super(
                "no tenant is current on thread " + Thread.currentThread().getName()
                        + "; open one with TenantContext.open(identity), or carry it over with TenantContext.wrap(task)",
                Problem.unauthenticated(),
                null);
    }
}
