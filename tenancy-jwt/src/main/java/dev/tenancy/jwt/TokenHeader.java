package dev.tenancy.jwt;

import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The header of a token (RFC 7515 section 4.1), as far as it may say anything.
 *
 * @param algorithm one of those that are allowed
 * @param keyId which key, if it says so
 */
record TokenHeader(SignatureAlgorithm algorithm, @Nullable String keyId) {

    /** Parameters that bring a key along, change what the others mean, or belong to an encrypted token. */
    private static final Set<String> REFUSED =
            Set.of("jwk", "jku", "x5u", "x5c", "crit", "b64", "zip", "enc", "epk", "apu", "apv");

    private static final String ACCESS_TOKEN = "at+jwt";
    private static final Set<String> TYPES = Set.of("jwt", ACCESS_TOKEN);
    private static final String MEDIA_TYPE = "application/";

    /**
     * Reads a header.
     *
     * @param allowed what tokens may be signed with
     * @param accessTokensOnly whether {@code typ} must be {@code at+jwt} (RFC 9068 section 2.1)
     */
    static TokenHeader of(
            Map<String, @Nullable Object> header, Set<SignatureAlgorithm> allowed, boolean accessTokensOnly)
            throws RefusedException {
        if (!Collections.disjoint(header.keySet(), REFUSED)) {
            throw new RefusedException("the token's header brings a key along, has an extension, or is of an encrypted"
                    + " token: one of " + REFUSED);
        }
        SignatureAlgorithm algorithm = algorithm(header.get("alg"), allowed);
        checkType(header, accessTokensOnly);
        return new TokenHeader(algorithm, keyId(header));
    }

    private static SignatureAlgorithm algorithm(@Nullable Object named, Set<SignatureAlgorithm> allowed)
            throws RefusedException {
        for (SignatureAlgorithm one : allowed) {
            if (one.name().equals(named)) {
                return one;
            }
        }
        throw new RefusedException("the token's algorithm is not allowed; allowed: " + allowed);
    }

    private static void checkType(Map<String, @Nullable Object> header, boolean accessTokensOnly)
            throws RefusedException {
        String type = mediaType(header, "typ");
        if (accessTokensOnly && !type.equals(ACCESS_TOKEN)) {
            throw new RefusedException("the token's typ is not " + ACCESS_TOKEN);
        }
        if (header.containsKey("typ") && !TYPES.contains(type)) {
            throw new RefusedException("the token's typ is not one of " + TYPES);
        }
        if (header.containsKey("cty")) {
            throw new RefusedException("the token has another token inside, or some other content type");
        }
    }

    private static String mediaType(Map<String, @Nullable Object> header, String parameter) {
        String type = header.get(parameter) instanceof String text ? text.toLowerCase(Locale.ROOT) : "";
        return type.startsWith(MEDIA_TYPE) ? type.substring(MEDIA_TYPE.length()) : type;
    }

    private static @Nullable String keyId(Map<String, @Nullable Object> header) throws RefusedException {
        Object keyId = header.get("kid");
        if (keyId == null && !header.containsKey("kid")) {
            return null;
        }
        if (keyId instanceof String text) {
            return text;
        }
        throw new RefusedException("the token's kid is not a string");
    }
}
