package dev.tenancy.jwt;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.DefaultJOSEObjectTypeVerifier;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jose.util.JSONObjectUtils;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import dev.tenancy.Resolution;
import dev.tenancy.UnavailableException;
import java.text.ParseException;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Verifies tokens of one issuer; its reasons repeat nothing of a token. */
final class TokenVerifier {
    private static final Set<JWSAlgorithm> APPROVED = Set.of(JWSAlgorithm.RS256, JWSAlgorithm.ES256);

    /** Header parameters that bring a key along or change what the others mean (RFC 7515 section 4.1). */
    private static final Set<String> REFUSED_PARAMETERS = Set.of("jwk", "jku", "x5u", "x5c", "crit", "b64", "zip");

    private static final List<String> TIMES = List.of("exp", "nbf", "iat");

    /** 9999-12-31T23:59:59Z. */
    private static final double LAST_SECOND = 253_402_300_799d;

    /** More than any HTTP server takes in one header field by default. */
    private static final int MAX_TOKEN_LENGTH = 16 * 1024;

    private static final Pattern THREE_PARTS = Pattern.compile("([A-Za-z0-9_-]+)\\.[A-Za-z0-9_-]*\\.[A-Za-z0-9_-]*");

    private final DefaultJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();

    TokenVerifier(IssuerKeys keys, ClaimsCheck claims) {
        processor.setJWSTypeVerifier(
                new DefaultJOSEObjectTypeVerifier<>(JOSEObjectType.JWT, new JOSEObjectType("at+jwt"), null));
        processor.setJWSKeySelector(new JWSVerificationKeySelector<>(APPROVED, keys));
        processor.setJWTClaimsSetVerifier(claims);
    }

    /** What {@code token} is, and if it is good, what {@code identity} makes of its claims. */
    Resolution verify(String token, Function<JWTClaimsSet, Resolution> identity) {
        if (token.length() > MAX_TOKEN_LENGTH) {
            return Resolution.rejected("the token has more than " + MAX_TOKEN_LENGTH + " characters");
        }
        Optional<Map<String, Object>> header = headerOf(token);
        if (header.isEmpty()) {
            return Resolution.unrecognized();
        }
        if (!Collections.disjoint(header.get().keySet(), REFUSED_PARAMETERS)) {
            return Resolution.rejected("the token's header has one of " + REFUSED_PARAMETERS);
        }
        return parsed(token)
                .filter(TokenVerifier::hasPlausibleTimes)
                .map(jwt -> verify(jwt, identity))
                .orElseGet(TokenVerifier::malformed);
    }

    private Resolution verify(SignedJWT jwt, Function<JWTClaimsSet, Resolution> identity) {
        try {
            return identity.apply(processor.process(jwt, null));
        } catch (ClaimsCheck.BadClaimException bad) {
            return Resolution.rejected("the token is refused: " + bad.reason());
        } catch (KeySourceException unreachable) {
            // The cause is left out: its message has the URL of the key set, which may have a secret.
            return Resolution.unavailable(new UnavailableException(
                    "the issuer's keys cannot be read: "
                            + unreachable.getClass().getSimpleName(),
                    null));
        } catch (BadJOSEException refused) {
            return Resolution.rejected("the token's algorithm, type, key or signature is refused");
        } catch (JOSEException failure) {
            return Resolution.unavailable(failure);
        }
    }

    /** The header, if the token looks like a JWS in compact form (RFC 7515 section 7.1). */
    @SuppressWarnings("NullAway") // the parser is not annotated: it gives null for the JSON text null
    private static Optional<Map<String, Object>> headerOf(String token) {
        Matcher parts = THREE_PARTS.matcher(token);
        if (!parts.matches()) {
            return Optional.empty();
        }
        try {
            return Optional.ofNullable(JSONObjectUtils.parse(new Base64URL(parts.group(1)).decodeToString()));
        } catch (ParseException notJson) {
            return Optional.empty();
        }
    }

    /** Nobody has vouched for the text yet: whatever the parser makes of it, it is no outage. */
    private static Optional<SignedJWT> parsed(String token) {
        try {
            return Optional.of(SignedJWT.parse(token));
        } catch (ParseException | RuntimeException malformed) {
            return Optional.empty();
        }
    }

    /** The parser multiplies seconds by 1000, which overflows for large ones: the end of time would have passed. */
    private static boolean hasPlausibleTimes(SignedJWT jwt) {
        Map<String, Object> claims = jwt.getPayload().toJSONObject();
        return claims != null
                && TIMES.stream()
                        .map(claims::get)
                        .allMatch(time -> time == null
                                || (time instanceof Number seconds
                                        && seconds.doubleValue() >= 0
                                        && seconds.doubleValue() <= LAST_SECOND));
    }

    private static Resolution malformed() {
        return Resolution.rejected("the token is not a signed JSON Web Token with plausible times");
    }
}
