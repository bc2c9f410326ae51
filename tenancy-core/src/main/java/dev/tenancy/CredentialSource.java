package dev.tenancy;

import java.util.function.Function;

/**
 * A place in a request where a credential may stand; one notion for all resolvers, so that they agree on what is
 * presented.
 *
 * <p>Immutable and thread-safe. Two sources are equal if they read the same place in the same form.
 *
 * @since 0.1
 */
public sealed interface CredentialSource permits BearerSource, HeaderSource {

    /** {@return whether anything stands at this place, in whatever form} */
    boolean presentIn(TenantRequest request);

    /**
     * Reads the credential and lets {@code verifier} judge it.
     *
     * @param verifier called with the credential, if there is one in the form of this source
     * @return what the verifier says; else absent if nothing is there, unrecognized if it is in another form, rejected
     *     if it is malformed or there are several
     */
    Resolution resolve(TenantRequest request, Function<String, Resolution> verifier);

    /**
     * {@return the token of {@code Authorization: Bearer} (RFC 6750 section 2.1)}
     *
     * <p>The scheme may be in any case. The token stands behind exactly one space, is taken as it is, and must be
     * visible ASCII.
     */
    static CredentialSource bearer() {
        return BearerSource.INSTANCE;
    }

    /**
     * {@return the whole value of a header field, trimmed; a blank one counts as absent}
     *
     * @param name the field's name, in any case
     */
    static CredentialSource header(String name) {
        return new HeaderSource(name);
    }
}
