package dev.tenancy;

import java.util.Set;

/**
 * Proves the tenant of a request from one kind of evidence: <b>the</b> extension point of this library.
 *
 * <p>A resolver without settings is this one class, named in {@code META-INF/services/dev.tenancy.TenantResolver} (and
 * in {@code provides} of a module), and made active by {@code tenancy.resolvers}; one with settings has a
 * {@link TenantResolverFactory}. A resolver is used by many threads at once. One that throws an
 * {@link InvalidTenantIdException} has rejected the request; one that throws anything else, or returns null, counts as
 * {@link Resolution.Unavailable}. The next resolver is then not asked.
 *
 * @since 0.1
 */
public interface TenantResolver {

    /** {@return the name by which {@code tenancy.resolvers} and the log speak of it; lower case, with hyphens} */
    String name();

    /** {@return what this resolver makes of {@code request}} */
    Resolution resolve(TenantRequest request);

    /**
     * {@return where this resolver looks for a credential, always the same; empty if it looks at something else}
     *
     * <p>What stands at such a place and is not recognised there can only be recognised by a later resolver that looks
     * at the same place: a stray token is not skipped in favour of a weaker resolver.
     */
    Set<CredentialSource> sources();

    /**
     * {@return whether this resolver answers for requests that present nothing, as a default tenant does}
     *
     * <p>Such a resolver is asked only if there is nothing at any active resolver's places, nor in
     * {@code Authorization}.
     */
    default boolean isDefault() {
        return false;
    }
}
