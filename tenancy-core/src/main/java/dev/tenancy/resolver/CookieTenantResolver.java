package dev.tenancy.resolver;

import dev.tenancy.CredentialSource;
import dev.tenancy.Resolution;
import dev.tenancy.TenancyConfigException;
import dev.tenancy.TenantRequest;
import dev.tenancy.TenantResolver;
import java.util.Set;

/**
 * Takes the tenant from a cookie, and believes it.
 *
 * <p>It names a tenant and proves nothing, since a client writes its cookies as it likes, and a sibling domain may
 * write them too: only behind a gateway that sets the cookie itself, or to choose the tenant of a page that everybody
 * may see. A blank cookie counts as absent; several different ones of the name are refused.
 * {@link CredentialSource#cookie} says what else is. Immutable and thread-safe.
 *
 * @since 0.1
 */
public final class CookieTenantResolver implements TenantResolver {

    /** The name of this resolver in {@code tenancy.resolvers}, and unless another is set. */
    public static final String NAME = "cookie";

    private final String name;
    private final CredentialSource source;

    private CookieTenantResolver(Builder builder) {
        this.name = ResolverName.checked(builder.name);
        this.source = builder.source;
    }

    /**
     * {@return a resolver that reads this cookie}
     *
     * @param cookie the cookie's name, case-sensitive; one that starts with {@code __Host-} cannot be set by a sibling
     *     domain (RFC 6265bis section 4.1.3)
     * @throws TenancyConfigException if no cookie can have this name
     */
    public static CookieTenantResolver of(String cookie) {
        return builder(cookie).build();
    }

    /**
     * {@return a builder of a resolver that reads this cookie}
     *
     * @param cookie the cookie's name, case-sensitive; one that starts with {@code __Host-} cannot be set by a sibling
     *     domain (RFC 6265bis section 4.1.3)
     * @throws TenancyConfigException if no cookie can have this name
     */
    public static Builder builder(String cookie) {
        return new Builder(CredentialSource.cookie(cookie));
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
        return source.resolve(request, value -> NamedTenant.in(value, "the cookie", name));
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
        public CookieTenantResolver build() {
            return new CookieTenantResolver(this);
        }
    }
}
