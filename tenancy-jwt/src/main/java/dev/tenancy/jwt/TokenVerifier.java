package dev.tenancy.jwt;

import dev.tenancy.Resolution;
import dev.tenancy.UnavailableException;
import java.security.GeneralSecurityException;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Judges a credential; its reasons repeat nothing of it. */
final class TokenVerifier {

    /** More than any HTTP server takes in one header field by default. */
    private static final int MAX_TOKEN_LENGTH = 16 * 1024;

    private final Map<String, TrustedIssuer> issuers;
    private final @Nullable TrustedIssuer anyIssuer;
    private final @Nullable TokenCache cache;
    private final RevocationCheck revocation;

    /**
     * Makes one.
     *
     * @param issuers by what {@code iss} must be
     * @param anyIssuer the only one, whatever {@code iss} is, or null
     */
    TokenVerifier(
            Map<String, TrustedIssuer> issuers,
            @Nullable TrustedIssuer anyIssuer,
            @Nullable TokenCache cache,
            RevocationCheck revocation) {
        this.issuers = Map.copyOf(issuers);
        this.anyIssuer = anyIssuer;
        this.cache = cache;
        this.revocation = revocation;
    }

    Resolution resolve(String credential) {
        if (credential.length() > MAX_TOKEN_LENGTH) {
            return Resolution.rejected("the token has more than " + MAX_TOKEN_LENGTH + " characters");
        }
        if (!CompactJws.isMeant(credential)) {
            return Resolution.unrecognized();
        }
        try {
            VerifiedToken token = cache == null ? verify(credential).token() : remembered(credential, cache);
            return revocation.isRevoked(token)
                    ? Resolution.rejected("the token is refused: it is revoked")
                    : Resolution.resolved(token.identity());
        } catch (RefusedException refused) {
            return Resolution.rejected("the token is refused: " + refused.reason());
        } catch (KeysUnavailableException | GeneralSecurityException down) {
            return Resolution.unavailable(new UnavailableException(String.valueOf(down.getMessage()), null));
        } catch (RuntimeException failure) {
            return Resolution.unavailable(failure);
        }
    }

    private VerifiedToken remembered(String credential, TokenCache tokens)
            throws RefusedException, KeysUnavailableException, GeneralSecurityException {
        TokenCache.Digest digest = tokens.digestOf(credential);
        Optional<VerifiedToken> known = tokens.find(digest);
        if (known.isPresent()) {
            return known.get();
        }
        CompactJws jws = CompactJws.parse(credential);
        TrustedIssuer issuer = issuerOf(jws);
        TrustedIssuer.Verified verified = issuer.verify(jws);
        tokens.put(digest, issuer, verified);
        return verified.token();
    }

    private TrustedIssuer.Verified verify(String credential) throws RefusedException, KeysUnavailableException {
        CompactJws jws = CompactJws.parse(credential);
        return issuerOf(jws).verify(jws);
    }

    /** Whose keys decide. What {@code iss} says is not believed before they have. */
    private TrustedIssuer issuerOf(CompactJws jws) throws RefusedException {
        if (anyIssuer != null) {
            return anyIssuer;
        }
        Object named = jws.claims().get("iss");
        TrustedIssuer issuer = named instanceof String text ? issuers.get(text) : null;
        if (issuer == null) {
            throw new RefusedException("it is of another issuer, or of none");
        }
        return issuer;
    }
}
