package dev.tenancy.resolver;

import dev.tenancy.CredentialSource;
import dev.tenancy.Resolution;
import dev.tenancy.TenancyConfigException;
import dev.tenancy.TenantRequest;
import dev.tenancy.TenantResolver;
import java.util.Set;

/**
 * Takes the tenant from a header field, and believes it.
 *
 * <p>It names a tenant and proves nothing: only for servers that nobody can reach but a gateway that sets the field
 * itself and drops what the client sent. The value is trimmed; a blank one counts as absent; several different ones are
 * refused. Immutable and thread-safe.
 *
 * @since 0.1
 */
public final class HeaderTenantResolver implements TenantResolver {

    /** The name of this resolver in {@code tenancy.resolvers}, and unless another is set. */
    public static final String NAME = "header";

    private final String name;
    private final CredentialSource source;

    private HeaderTenantResolver(Builder builder) {
        this.name = ResolverName.checked(builder.name);
        this.source = builder.source;
    }

    /**
     * {@return a resolver that reads this header field}
     *
     * @param field the field's name, in any case
     * @throws TenancyConfigException if no field can have this name
     */
    public static HeaderTenantResolver of(String field) {
        return builder(field).build();
    }

    /**
     * {@return a builder of a resolver that reads this header field}
     *
     * @param field the field's name, in any case
     * @throws TenancyConfigException if no field can have this name
     */
    public static Builder builder(String field) {
        return new Builder(CredentialSource.header(field));
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
        return source.resolve(request, value -> NamedTenant.in(value, "the header", name));
    }

    /**
     * Collects the settings. Not thread-safe.
     *
     * @since 0.1
     */
    public static final class Builder {
        private final CredentialSource source;
        private String name = NAME;

        private Builder(CredentialSource source) {
            this.source = source;
        }

        /** Sets the resolver's name, for chains with two of a kind: lower case, with hyphens. */
        public Builder name(String value) {
            this.name = value;
            return this;
        }

        /**
         * {@return the resolver}
         *
         * @throws TenancyConfigException if the name is bad
         */
        public HeaderTenantResolver build() {
            return new HeaderTenantResolver(this);
        }
    }
}
