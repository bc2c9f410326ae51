package dev.tenancy;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Which tenants there are. Asked for every request, by many threads at once.
 *
 * <p>A tenant that it does not know is refused like an invalid credential. If it throws, the request is answered with
 * 503.
 *
 * @since 0.1
 */
@FunctionalInterface
public interface TenantCatalog {

    /** {@return the tenant, or empty if there is none of that id} */
    Optional<Tenant> find(TenantId id);

    /**
     * {@return a catalog of exactly these tenants}
     *
     * @throws IllegalArgumentException if two have the same id
     */
    static TenantCatalog of(Tenant... tenants) {
        Map<TenantId, Tenant> byId = Arrays.stream(tenants)
                .collect(Collectors.toUnmodifiableMap(Tenant::id, Function.identity(), (first, second) -> {
                    throw new IllegalArgumentException("two tenants have the id " + first.id());
                }));
        return id -> Optional.ofNullable(byId.get(id));
    }

    /** {@return a catalog in which every tenant that a resolver proves is active, without settings} */
    static TenantCatalog acceptingAny() {
        return id -> Optional.of(Tenant.of(id));
    }
}
