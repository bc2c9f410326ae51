package dev.tenancy.resolver;

import dev.tenancy.CredentialSource;
import dev.tenancy.Resolution;
import dev.tenancy.TenancyConfigException;
import dev.tenancy.TenantRequest;
import dev.tenancy.TenantResolver;
import java.util.Set;

/**
 * Takes the tenant from the path, the segment behind a prefix, and believes it: {@code /t/acme/invoices}.
 *
 * <p>It names a tenant and proves nothing, since a client asks for the paths it likes: only if something in front lets
 * each client reach the paths of its tenant alone, or to choose the tenant of pages that everybody may see. A path
 * outside the prefix is absent; one that some router could read otherwise is refused.
 * {@link CredentialSource#pathSegment} says which. Immutable and thread-safe.
 *
 * @since 0.1
 */
public final class PathTenantResolver implements TenantResolver {

    /** The name of this resolver in {@code tenancy.resolvers}, and unless another is set. */
    public static final String NAME = "path";

    private final String name;
    private final CredentialSource source;

    private PathTenantResolver(Builder builder) {
        this.name = ResolverName.checked(builder.name);
        this.source = builder.source;
    }

    /**
     * {@return a resolver that reads the segment behind this prefix}
     *
     * @param prefix such as {@code /t}, or {@code /} for the first segment; compared case-sensitively
     * @throws TenancyConfigException if it is no such prefix
     */
    public static PathTenantResolver of(String prefix) {
        return builder(prefix).build();
    }

    /**
     * {@return a builder of a resolver that reads the segment behind this prefix}
     *
     * @param prefix such as {@code /t}, or {@code /} for the first segment; compared case-sensitively
     * @throws TenancyConfigException if it is no such prefix
     */
    public static Builder builder(String prefix) {
        return new Builder(CredentialSource.pathSegment(prefix));
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
        return source.resolve(request, value -> NamedTenant.in(value, "the path", name));
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
        public PathTenantResolver build() {
            return new PathTenantResolver(this);
        }
    }
}
