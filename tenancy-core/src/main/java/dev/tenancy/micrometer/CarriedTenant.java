package dev.tenancy.micrometer;

import dev.tenancy.TenantIdentity;
import dev.tenancy.TenantSnapshot;
import org.jspecify.annotations.Nullable;

/**
 * Whom a context works for; the value of {@link TenantContextAccessor#KEY}. Thread-safe.
 *
 * @since 0.1
 */
public final class CarriedTenant {
    private final TenantSnapshot snapshot;
    private final @Nullable Position position;

    CarriedTenant(TenantSnapshot snapshot, @Nullable Position position) {
        this.snapshot = snapshot;
        this.position = position;
    }

    /**
     * {@return {@code identity}, to be put into a context by hand:
     * {@code mono.contextWrite(Context.of(TenantContextAccessor.KEY, CarriedTenant.of(identity)))}}
     */
    public static CarriedTenant of(TenantIdentity identity) {
        return new CarriedTenant(TenantSnapshot.of(identity), null);
    }

    /** {@return whom} */
    public TenantSnapshot snapshot() {
        return snapshot;
    }

    /** {@return where it was read, if it was read from a thread} */
    @Nullable
    Position position() {
        return position;
    }

    @Override
    public String toString() {
        return "CarriedTenant[" + snapshot + "]";
    }
}
