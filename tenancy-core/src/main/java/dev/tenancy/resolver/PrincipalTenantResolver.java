package dev.tenancy.resolver;

import dev.tenancy.CredentialSource;
import dev.tenancy.Resolution;
import dev.tenancy.TenancyConfigException;
import dev.tenancy.TenantId;
import dev.tenancy.TenantIdentity;
import dev.tenancy.TenantRequest;
import dev.tenancy.TenantResolver;
import java.security.Principal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Takes the tenant of the principal whom the host has authenticated: the request's attribute {@link Principal}.
 *
 * <p>It is proof if, and only if, the host authenticates whoever it puts there. Unless said otherwise the principal's
 * whole name is the tenant; a name that may be chosen freely proves nothing. A principal who is not in the map, or of
 * whom the function knows nothing, is {@link Resolution.Unrecognized}. The subject of the identity is the principal's
 * name. Immutable and thread-safe, as the function must be.
 *
 * @since 0.1
 */
public final class PrincipalTenantResolver implements TenantResolver {

    /** The name of this resolver in {@code tenancy.resolvers}, and unless another is set. */
    public static final String NAME = "principal";

    private final String name;
    private final CredentialSource source = CredentialSource.principal();
    private final Map<String, TenantId> tenants;
    private final @Nullable Function<? super Principal, Optional<TenantId>> function;

    private PrincipalTenantResolver(Builder builder) {
        this.name = builder.name;
        this.tenants = Map.copyOf(builder.tenants);
        this.function = builder.function;
    }

    /** {@return a builder of a resolver to which the name of a principal is the tenant} */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Set<CredentialSource> sources() {
        return Set.of(source);
    }

    @Override
    public Resolution resolve(TenantRequest request) {
        return source.resolve(request, principal -> identityOf(principal, request));
    }

    private Resolution identityOf(String principal, TenantRequest request) {
        if (function == null && tenants.isEmpty()) {
            return NamedTenant.in(principal, "the principal", name, Optional.of(principal));
        }
        Optional<TenantId> tenant = function == null
                ? Optional.ofNullable(tenants.get(principal))
                : request.attribute(Principal.class).flatMap(function);
        return tenant.map(id -> Resolution.resolved(
                        TenantIdentity.builder(id, name).subject(principal).build()))
                .orElseGet(Resolution::unrecognized);
    }

    /**
     * Collects the settings. Not thread-safe.
     *
     * @since 0.1
     */
    public static final class Builder {
        private final Map<String, TenantId> tenants = new HashMap<>();
        private final List<String> faults = new ArrayList<>();
        private @Nullable Function<? super Principal, Optional<TenantId>> function;
        private String name = NAME;

        private Builder() {}

        /**
         * Adds a principal; from the first one on, others are not recognised.
         *
         * @param principal its name, case-sensitive
         */
        public Builder tenant(String principal, TenantId tenant) {
            if (principal.isBlank()) {
                faults.add("the name of a principal is blank");
            } else if (tenants.put(principal, tenant) != null) {
                faults.add("a principal is given twice");
            }
            return this;
        }

        /**
         * Sets what knows the tenant of a principal; empty if it does not know the principal.
         *
         * @param knows reads, for example, the host's own kind of principal; thread-safe
         */
        public Builder tenantOf(Function<? super Principal, Optional<TenantId>> knows) {
            Objects.requireNonNull(knows, "knows");
            this.function = knows;
            return this;
        }

        /** Sets the resolver's name, for chains with two of a kind: lower case, with hyphens. */
        public Builder name(String value) {
            this.name = value;
            return this;
        }

        /**
         * {@return the resolver}
         *
         * @throws TenancyConfigException if there are both principals and a function, a principal is blank or given
         *     twice, or the name is bad; names all faults
         */
        public PrincipalTenantResolver build() {
            List<String> all = new ArrayList<>(faults);
            all.addAll(ResolverName.faultsOf(name));
            if (function != null && !tenants.isEmpty()) {
                all.add("there are both principals and a function that knows their tenants; allowed: one of them");
            }
            if (!all.isEmpty()) {
                throw new TenancyConfigException(all);
            }
            return new PrincipalTenantResolver(this);
        }
    }
}
