package dev.tenancy.jwt;

import dev.tenancy.InvalidTenantIdException;
import dev.tenancy.TenantId;
import java.util.Collection;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The tenants that an issuer may speak for. Where there are several issuers, no tenant may be of two.
 *
 * <p>Immutable and thread-safe.
 *
 * @since 0.1
 */
public final class IssuerTenants {
    private static final IssuerTenants ANY = new IssuerTenants(null, "", false);

    private final @Nullable Set<TenantId> only;
    private final String prefix;
    private final boolean isAdded;

    private IssuerTenants(@Nullable Set<TenantId> only, String prefix, boolean isAdded) {
        this.only = only;
        this.prefix = prefix;
        this.isAdded = isAdded;
    }

    /** {@return any tenant: for a server with one issuer} */
    public static IssuerTenants any() {
        return ANY;
    }

    /**
     * {@return these tenants and no others}
     *
     * @throws IllegalArgumentException if there are none
     */
    public static IssuerTenants only(Collection<TenantId> tenants) {
        if (tenants.isEmpty()) {
            throw new IllegalArgumentException("an issuer speaks for no tenant; allowed: at least one");
        }
        return new IssuerTenants(Set.copyOf(tenants), "", false);
    }

    /**
     * {@return the tenants whose ids start with {@code prefix}, and are longer}
     *
     * @param prefix in the form of a tenant id, best with a separator at its end: {@code acme-} is no prefix of
     *     {@code acmes}
     * @throws InvalidTenantIdException if no tenant id can start with it
     */
    public static IssuerTenants withPrefix(String prefix) {
        return new IssuerTenants(null, checked(prefix), false);
    }

    /**
     * {@return the tenants of a namespace of the issuer's own: what a token says is put behind {@code prefix}, so that
     * {@code acme} of one issuer is not {@code acme} of another}
     *
     * @param prefix in the form of a tenant id, best with a separator at its end: {@code partner:}
     * @throws InvalidTenantIdException if no tenant id can start with it
     */
    public static IssuerTenants inNamespace(String prefix) {
        return new IssuerTenants(null, checked(prefix), true);
    }

    private static String checked(String prefix) {
        return TenantId.of(prefix).value();
    }

    /**
     * The tenant that a token of the issuer names with {@code text}.
     *
     * @throws InvalidTenantIdException if that is no tenant id
     * @throws RefusedException if the issuer may not speak for it
     */
    TenantId tenant(String text) throws RefusedException {
        TenantId tenant = TenantId.of(isAdded ? prefix + text : text);
        boolean isIts = only == null
                ? tenant.value().startsWith(prefix) && tenant.value().length() > prefix.length()
                : only.contains(tenant);
        if (!isIts) {
            throw new RefusedException("its issuer may not speak for the tenant that it names");
        }
        return tenant;
    }

    /** Whether some tenant could be of both. */
    boolean overlaps(IssuerTenants other) {
        if (only != null) {
            return only.stream().anyMatch(other::mayHave);
        }
        return other.only != null
                ? other.overlaps(this)
                : prefix.startsWith(other.prefix) || other.prefix.startsWith(prefix);
    }

    private boolean mayHave(TenantId tenant) {
        return only == null ? tenant.value().startsWith(prefix) : only.contains(tenant);
    }

    @Override
    public String toString() {
        if (only != null) {
            return "IssuerTenants" + only;
        }
        return "IssuerTenants[" + prefix + "*" + (isAdded ? ", prefix added" : "") + "]";
    }
}
