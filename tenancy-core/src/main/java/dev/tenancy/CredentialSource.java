package dev.tenancy;

import java.util.Collection;
import java.util.List;
import java.util.function.Function;

/**
 * A place in a request where a credential, or the name of a tenant, may stand; one notion for all resolvers, so that
 * they agree on what is presented.
 *
 * <p>Immutable and thread-safe. Two sources are equal if they read the same place in the same form.
 *
 * @since 0.1
 */
public sealed interface CredentialSource
        permits BearerSource,
                CertificateSource,
                CookieSource,
                HeaderSource,
                HostSource,
                PathSource,
                PrincipalSource,
                QuerySource {

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
     * Reads the credential from the one of several places where it stands, and lets {@code verifier} judge it.
     *
     * @param sources the places
     * @param verifier called with the credential, if there is one in the form of its place
     * @return what {@link #resolve} of that place says; absent if nothing stands at any, rejected if something stands
     *     at several, since a client uses one of them (RFC 6750 section 2)
     */
    static Resolution resolveOneOf(
            Collection<CredentialSource> sources, TenantRequest request, Function<String, Resolution> verifier) {
        List<CredentialSource> present =
                sources.stream().filter(source -> source.presentIn(request)).toList();
        return switch (present.size()) {
            case 0 -> Resolution.absent();
            case 1 -> present.get(0).resolve(request, verifier);
            default -> Resolution.rejected("something stands at more than one place of this credential");
        };
    }

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
     * @throws TenancyConfigException if no field can have this name
     */
    static CredentialSource header(String name) {
        return new HeaderSource(name);
    }

    /**
     * {@return the value of a cookie (RFC 6265 section 4.2.1); a blank one counts as absent}
     *
     * <p>Cookies are split at semicolons, quoted or not, and one pair of quotes around the value is taken off; nothing
     * is decoded. Rejected are different values, characters that no cookie may have, and a cookie that stands beside a
     * quote that is not closed, since older servers read it as part of the quoted value.
     *
     * @param name the cookie's name, case-sensitive
     * @throws TenancyConfigException if no cookie can have this name
     */
    static CredentialSource cookie(String name) {
        return new CookieSource(name);
    }

    /**
     * {@return the value of a query parameter on the paths that opt in; elsewhere it is not looked at, so absent}
     *
     * <p>Name and value are percent-decoded once, {@code +} is a space, and parameters are split at {@code &} only. A
     * blank value counts as absent; different values, and one that is not percent-encoded UTF-8, are rejected.
     *
     * <p>A query is written to logs, histories and {@code Referer} fields. Use it where a client can send nothing else,
     * for credentials of short life.
     *
     * @param name the parameter's name, case-sensitive; letters, digits and {@code . _ ~ -}
     * @param paths an exact path, such as {@code /events}, is compared with the raw path, character by character. One
     *     that ends with {@code /*} takes all paths beneath, but for those with dot segments, empty segments,
     *     parameters ({@code ;}), backslashes or encoded slashes, which some router could lead elsewhere
     * @throws TenancyConfigException if the name or a path is bad, or there is no path; names all faults
     */
    static CredentialSource queryParameter(String name, Collection<String> paths) {
        return QuerySource.on(paths, name);
    }

    /**
     * {@return the host name that the request is sent to, in lower case, without port and without a final dot}
     *
     * <p>It is the request's {@link TenantRequest#authority()}, or if there is none the {@code Host} field. Every HTTP
     * request has one, so some hosts must be known to name nobody: those, and no host at all, are absent. Rejected are
     * different {@code Host} fields, user information, and what is no domain name of letters, digits and hyphens in
     * labels of 63 characters, nor an IP address. A name in other scripts must be in its ASCII form ({@code xn--…}), as
     * HTTP demands.
     *
     * @param neutral hosts that name nobody, in any case; domain names or IP addresses, IPv6 in square brackets
     * @throws TenancyConfigException if one of them is no host name
     */
    static CredentialSource host(Collection<String> neutral) {
        return HostSource.except(neutral);
    }

    /**
     * {@return the segment of the path behind a prefix, percent-decoded once; absent elsewhere, and where nothing
     * stands behind the prefix}
     *
     * <p>The prefix is compared with the raw path, on whole segments. Servers and routers differ in what they make of a
     * path, so one that any of them could read otherwise is rejected, wherever it points: with a dot segment (raw,
     * encoded or encoded twice), a prefix that is encoded, in another case, or behind empty segments, or a segment with
     * an encoded slash, a backslash, a parameter ({@code ;}), a per cent sign or white space. So are broken escapes,
     * bytes that are not UTF-8, and control characters, wherever they stand. Behind the segment a path is free, but for
     * dot segments.
     *
     * @param prefix such as {@code /t} for {@code /t/acme/…}, or {@code /} for the first segment
     * @throws TenancyConfigException if it is no such prefix
     */
    static CredentialSource pathSegment(String prefix) {
        return PathSource.behind(prefix);
    }

    /**
     * {@return the subject of the client certificate, in the form of RFC 2253 that {@code X500Principal} gives it}
     *
     * <p>The certificate is the request's attribute {@link java.security.cert.X509Certificate}. Rejected is a subject
     * that is empty, longer than 1,024 characters, or has a control character.
     */
    static CredentialSource clientCertificate() {
        return CertificateSource.INSTANCE;
    }

    /**
     * {@return the name of the principal whom the host has authenticated}
     *
     * <p>The principal is the request's attribute {@link java.security.Principal}; a host that lets anonymous callers
     * in leaves it out for them. Rejected is a name that is blank, longer than 255 characters, or has a control
     * character.
     */
    static CredentialSource principal() {
        return PrincipalSource.INSTANCE;
    }
}
