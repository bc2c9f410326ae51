package dev.tenancy.micrometer;

import dev.tenancy.TenantContext;
import dev.tenancy.TenantSnapshot;
import io.micrometer.context.ThreadLocalAccessor;

/**
 * Carries {@link TenantContext} wherever Micrometer's context-propagation carries contexts: snapshots, wrapped
 * executors, Reactor.
 *
 * <p>On the class path context-propagation finds it by itself. On the module path it is registered once at start:
 * {@code ContextRegistry.getInstance().registerThreadLocalAccessor(new TenantContextAccessor())}.
 *
 * <p>As with {@link TenantContext#wrap(Runnable)}, the system and nobody are carried like a tenant: what was captured
 * where no tenant was current runs for nobody, even on a thread that works for a tenant. The end of a context scope
 * ends every tenant scope that was opened on that thread within it; one that was left open is logged as an error. Ended
 * twice, or on another thread than it was begun on, a context scope changes nothing there. Thread-safe.
 *
 * @see <a href="https://docs.micrometer.io/context-propagation/reference/">Micrometer context-propagation</a>
 * @since 0.1
 */
public final class TenantContextAccessor implements ThreadLocalAccessor<CarriedTenant> {

    /** The key under which snapshots and contexts hold a {@link CarriedTenant}. */
    public static final String KEY = "dev.tenancy";

    /** Makes the accessor; all are alike. */
    public TenantContextAccessor() {}

    @Override
    public Object key() {
        return KEY;
    }

    /** {@return whom this thread works for; never null, so that nobody is carried as well} */
    @Override
    public CarriedTenant getValue() {
        return new CarriedTenant(TenantSnapshot.capture(), Position.here());
    }

    @Override
    public void setValue(CarriedTenant value) {
        Position.open(value.snapshot());
    }

    @Override
    public void setValue() {
        Position.open(TenantSnapshot.nobody());
    }

    @Override
    public void restore(CarriedTenant previousValue) {
        Position position = previousValue.position();
        if (position != null) {
            position.restore();
        }
    }

    @Override
    public void restore() {
        Position.closeAll();
    }
}
