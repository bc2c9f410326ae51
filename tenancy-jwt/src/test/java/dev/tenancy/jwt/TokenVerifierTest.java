package dev.tenancy.jwt;

import static dev.tenancy.jwt.HandMade.CLAIMS;
import static dev.tenancy.jwt.HandMade.NOW;
import static dev.tenancy.jwt.HandMade.jwk;
import static dev.tenancy.jwt.SignatureAlgorithm.RS256;
import static dev.tenancy.jwt.TestKeys.RSA;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.jwk.JWKSet;
import dev.tenancy.Resolution;
import dev.tenancy.TenantIdentity;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TokenVerifierTest {
    private static final String ISSUER = "https://issuer.test";
    private static final String HEADER = "{\"alg\":\"RS256\",\"kid\":\"k\"}";
    private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);
    private static final Duration LEEWAY = Duration.ofSeconds(30);
    private static final RevocationCheck NONE = token -> false;

    private String token;
    private TrustedIssuer issuer;

    @BeforeEach
    void trust() throws GeneralSecurityException {
        token = HandMade.rs256(HEADER, CLAIMS, RSA.getPrivate());
        issuer = issuer(IssuerKeys.fixed(TestKeys.keySet(Set.of(RS256), jwk("k", RSA, ""))));
    }

    private static TrustedIssuer issuer(IssuerKeys keys) {
        JwtIssuer described =
                JwtIssuer.builder(ISSUER).audience("api").keySet(new JWKSet()).build();
        return new TrustedIssuer(described.rules(), keys, "jwt", LEEWAY, CLOCK);
    }

    private static TokenCache cache(Jca jca) {
        return new TokenCache(10, Duration.ofMinutes(1), jca, LEEWAY, CLOCK);
    }

    private TokenVerifier verifier(@Nullable TokenCache cache, RevocationCheck revocation) {
        return new TokenVerifier(Map.of(ISSUER, issuer), null, cache, revocation);
    }

    private static TenantIdentity identity(Resolution resolution) {
        return ((Resolution.Resolved) resolution).identity();
    }

    private static void assertRejected(Resolution resolution, String why) {
        assertThat(resolution)
                .isInstanceOfSatisfying(
                        Resolution.Rejected.class,
                        rejected -> assertThat(rejected.reason()).contains(why));
    }

    @Test
    void aGoodTokenProvesItsIdentityWithAndWithoutACache() {
        for (TokenVerifier verifier : List.of(verifier(null, NONE), verifier(cache(new Jca(null)), NONE))) {
            assertThat(identity(verifier.resolve(token)).tenantId().value()).isEqualTo("acme");
            assertThat(identity(verifier.resolve(token)).tenantId().value()).isEqualTo("acme");
        }
    }

    @Test
    void aTokenThatIsRememberedIsNotVerifiedAgain() {
        TokenVerifier remembering = verifier(cache(new Jca(null)), NONE);
        TokenVerifier forgetting = verifier(null, NONE);

        assertThat(identity(remembering.resolve(token))).isSameAs(identity(remembering.resolve(token)));
        assertThat(identity(forgetting.resolve(token))).isNotSameAs(identity(forgetting.resolve(token)));
    }

    @Test
    void aTokenThatIsRefusedIsNotRemembered() {
        TokenVerifier verifier = verifier(cache(new Jca(null)), NONE);
        String forged = token.substring(0, token.length() - 4) + "AAAA";

        assertRejected(verifier.resolve(forged), "signature");
        assertRejected(verifier.resolve(forged), "signature");
        assertThat(verifier.resolve(token)).isInstanceOf(Resolution.Resolved.class);
        assertRejected(verifier.resolve(forged), "signature");
    }

    @Test
    void nothingOverTheMostCharactersIsLookedAt() {
        TokenVerifier verifier = verifier(null, NONE);

        assertThat(verifier.resolve("x".repeat(16_384))).isEqualTo(Resolution.unrecognized());
        assertRejected(verifier.resolve("x".repeat(16_385)), "more than 16384 characters");
        assertRejected(verifier.resolve(token + "A".repeat(16_384)), "more than 16384 characters");
    }

    @Test
    void whatIsNoTokenIsSomebodyElses() {
        assertThat(verifier(null, NONE).resolve("sk_live_1")).isEqualTo(Resolution.unrecognized());
    }

    @Test
    void aTokenThatIsRevokedIsRefusedRememberedOrNot() {
        List<VerifiedToken> asked = new ArrayList<>();
        TokenVerifier verifier = verifier(cache(new Jca(null)), seen -> {
            asked.add(seen);
            return asked.size() > 1;
        });

        assertThat(verifier.resolve(token)).isInstanceOf(Resolution.Resolved.class);
        assertRejected(verifier.resolve(token), "revoked");
        assertThat(asked).hasSize(2).allSatisfy(seen -> assertThat(seen.id()).contains("j1"));
    }

    @Test
    void nobodyIsAskedAboutATokenThatIsNoGood() throws GeneralSecurityException {
        List<VerifiedToken> asked = new ArrayList<>();
        String forged = HandMade.rs256(HEADER, CLAIMS, TestKeys.OTHER_RSA.getPrivate());

        assertRejected(verifier(null, asked::add).resolve(forged), "signature");
        assertThat(asked).isEmpty();
    }

    @Test
    void aCheckThatFailsIsAnOutage() {
        IllegalStateException failure = new IllegalStateException("no answer");
        TokenVerifier verifier = verifier(null, seen -> {
            throw failure;
        });

        assertThat(verifier.resolve(token))
                .isInstanceOfSatisfying(
                        Resolution.Unavailable.class,
                        down -> assertThat(down.cause()).isSameAs(failure));
    }

    @Test
    void keysThatCannotBeHadAreAnOutage() {
        issuer = issuer(new RefreshedKeys(
                ISSUER, new SettableDocument("down"), new Jca(null), Set.of(RS256), KeyTimes.DEFAULT, CLOCK));

        assertThat(verifier(null, NONE).resolve(token))
                .isInstanceOfSatisfying(
                        Resolution.Unavailable.class,
                        down -> assertThat(down.cause()).hasMessageContaining("cannot be read"));
    }

    @Test
    void aProviderWithoutDigestsIsAnOutage() {
        assertThat(verifier(cache(new Jca(new NoCryptography())), NONE).resolve(token))
                .isInstanceOf(Resolution.Unavailable.class);
    }

    @Test
    void aTokenOfNobodyThatIsTrustedIsRefused() throws GeneralSecurityException {
        TokenVerifier verifier = verifier(null, NONE);
        for (String claims : List.of(
                CLAIMS.replace(ISSUER, "https://other.test"),
                CLAIMS.replace("\"iss\":\"" + ISSUER + "\",", ""),
                CLAIMS.replace("\"" + ISSUER + "\"", "null"),
                CLAIMS.replace("\"" + ISSUER + "\"", "[\"" + ISSUER + "\"]"))) {
            assertRejected(
                    verifier.resolve(HandMade.rs256(HEADER, claims, RSA.getPrivate())), "another issuer, or of none");
        }
    }

    @Test
    void theOnlyIssuerMayBeAny() throws GeneralSecurityException {
        JwtIssuer any = JwtIssuer.builderOfAnyIssuer()
                .audience("api")
                .keySet(new JWKSet())
                .build();
        TrustedIssuer trusted = new TrustedIssuer(
                any.rules(), IssuerKeys.fixed(TestKeys.keySet(Set.of(RS256), jwk("k", RSA, ""))), "jwt", LEEWAY, CLOCK);
        TokenVerifier verifier = new TokenVerifier(Map.of(), trusted, null, NONE);
        String nobodys = HandMade.rs256(HEADER, CLAIMS.replace(ISSUER, "https://other.test"), RSA.getPrivate());

        assertThat(verifier.resolve(token)).isInstanceOf(Resolution.Resolved.class);
        assertThat(verifier.resolve(nobodys)).isInstanceOf(Resolution.Resolved.class);
    }
}
