package dev.tenancy.jwt;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.text.ParseException;
import java.util.Set;

/** Keys that tests share, since making them takes longer than the tests. */
final class TestKeys {
    static final KeyPair RSA;
    static final KeyPair OTHER_RSA;
    static final KeyPair P256;
    static final KeyPair P384;
    static final KeyPair P521;

    static {
        try {
            RSA = HandMade.rsa(2048);
            OTHER_RSA = HandMade.rsa(2048);
            P256 = HandMade.ec("secp256r1");
            P384 = HandMade.ec("secp384r1");
            P521 = HandMade.ec("secp521r1");
        } catch (GeneralSecurityException failure) {
            throw new IllegalStateException("no keys can be made", failure);
        }
    }

    private TestKeys() {}

    /** The pair whose keys {@code algorithm} uses. */
    static KeyPair of(SignatureAlgorithm algorithm) {
        return switch (algorithm) {
            case ES256 -> P256;
            case ES384 -> P384;
            case ES512 -> P521;
            default -> RSA;
        };
    }

    /** A key to verify with, as it stands in a key set that has nothing else. */
    static VerificationKey verificationKey(String kid, KeyPair pair, SignatureAlgorithm... algorithms) {
        return keySet(Set.of(algorithms), HandMade.jwk(kid, pair, "")).keys().get(0);
    }

    /** What is selected from a document with these keys. */
    static KeySet keySet(Set<SignatureAlgorithm> allowed, String... jwks) {
        try {
            return KeySelection.published(
                    StrictJson.object(HandMade.jwks(jwks).getBytes(StandardCharsets.UTF_8)), new Jca(null), allowed);
        } catch (ParseException bad) {
            throw new IllegalArgumentException(bad);
        }
    }
}
