package dev.tenancy.jwt;

import static dev.tenancy.jwt.HandMade.CLAIMS;
import static dev.tenancy.jwt.HandMade.NOW;
import static dev.tenancy.jwt.HandMade.jwk;
import static dev.tenancy.jwt.SignatureAlgorithm.ES256;
import static dev.tenancy.jwt.SignatureAlgorithm.RS256;
import static dev.tenancy.jwt.TestKeys.OTHER_RSA;
import static dev.tenancy.jwt.TestKeys.P256;
import static dev.tenancy.jwt.TestKeys.RSA;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.jwk.JWKSet;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is believed of a token: first its signature, then its claims. */
class TrustedIssuerTest {
    private static final String ISSUER = "https://issuer.test";
    private static final String HEADER = "{\"alg\":\"RS256\",\"kid\":\"k\"}";
    private static final Set<SignatureAlgorithm> DEFAULT = Set.of(RS256, ES256);
    private static final KeySet KEYS = TestKeys.keySet(DEFAULT, jwk("k", RSA, ""), jwk("o", OTHER_RSA, ""));
    private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);

    static JwtIssuer.Builder issuer() {
        return JwtIssuer.builder(ISSUER).audience("api").keySet(new JWKSet());
    }

    private static TrustedIssuer trusted(JwtIssuer.Builder issuer, IssuerKeys keys) {
        return new TrustedIssuer(issuer.build().rules(), keys, "jwt", Duration.ofSeconds(30), CLOCK);
    }

    static TrustedIssuer.Verified verify(JwtIssuer.Builder issuer, String claims)
            throws RefusedException, KeysUnavailableException, GeneralSecurityException {
        return verify(trusted(issuer, IssuerKeys.fixed(KEYS)), HEADER, claims, RSA);
    }

    private static TrustedIssuer.Verified verify(TrustedIssuer trusted, String header, String claims, KeyPair signer)
            throws RefusedException, KeysUnavailableException, GeneralSecurityException {
        return trusted.verify(CompactJws.parse(HandMade.rs256(header, claims, signer.getPrivate())));
    }

    static void assertRefused(JwtIssuer.Builder issuer, String claims, String why) {
        assertThatThrownBy(() -> verify(issuer, claims))
                .as(claims)
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining(why);
    }

    static String with(String member) {
        return CLAIMS.replace("}", "," + member + "}");
    }

    @Test
    void aGoodTokenIsKnownByWhatItSays() throws Exception {
        long now = NOW.getEpochSecond();
        TrustedIssuer.Verified verified = verify(issuer(), with("\"iat\":" + now));
        VerifiedToken token = verified.token();

        assertThat(token.issuer()).contains(ISSUER);
        assertThat(token.id()).contains("j1");
        assertThat(token.issuedAt()).contains(NOW);
        assertThat(token.expiresAt()).isEqualTo(NOW.plusSeconds(300));
        assertThat(token.identity().tenantId().value()).isEqualTo("acme");
        assertThat(token.identity().subject()).contains("u1");
        assertThat(token.identity().resolver()).isEqualTo("jwt");
        assertThat(token.identity().readableTenants()).isEmpty();
        assertThat(verified.with()).isSameAs(KEYS);
        assertThat(verified.times()).isEqualTo(new TokenTimes((now + 300) * 1000, now * 1000, now * 1000));
    }

    @Test
    void whatATokenLeavesOutIsNotThere() throws Exception {
        String claims = CLAIMS.replace(",\"sub\":\"u1\",\"jti\":\"j1\"", ",\"jti\":7");
        VerifiedToken token = verify(issuer(), claims).token();

        assertThat(token.id()).isEmpty();
        assertThat(token.issuedAt()).isEmpty();
        assertThat(token.identity().subject()).isEmpty();
    }

    @Test
    void whoeverHasTheKeysMayBeTrustedUnderAnyName() throws Exception {
        JwtIssuer.Builder any = JwtIssuer.builderOfAnyIssuer().audience("api").keySet(new JWKSet());

        assertThat(verify(any, CLAIMS).token().issuer()).contains(ISSUER);
        assertThat(verify(any, CLAIMS.replace("\"iss\":\"" + ISSUER + "\",", ""))
                        .token()
                        .issuer())
                .isEmpty();
        assertThat(verify(any, CLAIMS.replace("\"" + ISSUER + "\"", "7"))
                        .token()
                        .issuer())
                .isEmpty();
    }

    @Test
    void theIssuerIsTheOneThatIsExpected() {
        String why = "another issuer, or of none";
        assertRefused(issuer(), CLAIMS.replace("issuer.test", "other.test"), why);
        assertRefused(issuer(), CLAIMS.replace("\"iss\":\"" + ISSUER + "\",", ""), why);
        assertRefused(issuer(), CLAIMS.replace("\"" + ISSUER + "\"", "[\"" + ISSUER + "\"]"), why);
    }

    @Test
    void oneOfTheAudiencesIsExpected() throws Exception {
        JwtIssuer.Builder two = issuer().audience("second");
        for (String good : List.of("\"api\"", "\"second\"", "[\"api\"]", "[\"x\",\"second\"]", "[\"second\",\"x\"]")) {
            assertThat(verify(two, CLAIMS.replace("\"api\"", good))).isNotNull();
        }
        for (String bad : List.of(
                "\"third\"",
                "\"\"",
                "[]",
                "[\"third\"]",
                "[\"api\",1]",
                "[null,\"api\"]",
                "[[\"api\"]]",
                "null",
                "7",
                "{}")) {
            assertRefused(two, CLAIMS.replace("\"api\"", bad), "another audience, or for none");
        }
    }

    @Test
    void anyAudienceMayBeGoodEnough() throws Exception {
        JwtIssuer.Builder any = JwtIssuer.builder(ISSUER).anyAudience().keySet(new JWKSet());

        assertThat(verify(any, CLAIMS)).isNotNull();
        assertThat(verify(any, CLAIMS.replace("\"aud\":\"api\",", ""))).isNotNull();
        assertThat(verify(any, CLAIMS.replace("\"api\"", "7"))).isNotNull();
    }

    @Test
    void aTokenIsGoodInItsTimeOnly() {
        long now = NOW.getEpochSecond();

        assertRefused(issuer(), CLAIMS.replace("" + (now + 300), "" + (now - 30)), "expired");
        assertRefused(issuer(), with("\"nbf\":" + (now + 31)), "not valid yet");
    }

    @Test
    void claimsThatAreRequiredAreWhatTheyMustBe() throws Exception {
        JwtIssuer.Builder issuer =
                issuer().requiredClaim(ClaimPath.of("client.id"), "web").requiredClaim(ClaimPath.of("env"), "prod");
        String good = with("\"env\":\"prod\",\"client\":{\"id\":[\"web\"]}");

        assertThat(verify(issuer, good)).isNotNull();
        assertRefused(issuer, good.replace("web", "batch"), "claim client.id is not what it must be");
        assertRefused(issuer, good.replace("prod", "PROD"), "claim env is not what it must be");
        assertRefused(issuer, good.replace("\"prod\"", "[\"prod\",\"test\"]"), "claim env");
        assertRefused(issuer, CLAIMS, "is not what it must be");
    }

    @ParameterizedTest
    @ValueSource(strings = {" acme", "acme ", "acme\\n", "\\u2003acme", "\\u001facme", "\\u3000acme\\u2028"})
    void aTenantIsNamedExactly(String named) {
        assertRefused(issuer(), CLAIMS.replace("\"acme\"", "\"" + named + "\""), "claim org_id has white space around");
        assertRefused(
                issuer().readableTenantsClaim(ClaimPath.of("r")),
                with("\"r\":[\"globex\",\"" + named + "\"]"),
                "claim r has white space around");
        assertRefused(
                issuer().tenants(IssuerTenants.inNamespace("a:")),
                CLAIMS.replace("\"acme\"", "\"" + named + "\""),
                "claim org_id has white space around");
    }

    @Test
    void aKeyThatTheIssuerHasNotIsNoKey() {
        TrustedIssuer trusted = trusted(issuer(), IssuerKeys.fixed(KEYS));
        String why = "no such key for its algorithm";

        assertThatThrownBy(() -> verify(trusted, HEADER.replace("\"k\"", "\"x\""), CLAIMS, RSA))
                .hasMessageContaining(why);
        assertThatThrownBy(() -> trusted.verify(
                        CompactJws.parse(HandMade.es256(HEADER.replace("RS", "ES"), CLAIMS, P256.getPrivate()))))
                .hasMessageContaining(why);
    }

    @Test
    void theSignatureIsOfTheKeyThatIsNamed() {
        TrustedIssuer trusted = trusted(issuer(), IssuerKeys.fixed(KEYS));

        assertThatThrownBy(() -> verify(trusted, HEADER, CLAIMS, OTHER_RSA)).hasMessage("its signature is wrong");
        assertThatThrownBy(() -> verify(trusted, HEADER, "{}", OTHER_RSA))
                .as("before any claim is looked at")
                .hasMessage("its signature is wrong");
    }

    @Test
    void aTokenThatNamesNoKeyIsSignedByAnyOfThem() throws Exception {
        TrustedIssuer trusted = trusted(issuer(), IssuerKeys.fixed(KEYS));
        String header = "{\"alg\":\"RS256\"}";

        assertThat(verify(trusted, header, CLAIMS, RSA)).isNotNull();
        assertThat(verify(trusted, header, CLAIMS, OTHER_RSA)).isNotNull();
        assertThatThrownBy(() -> verify(trusted, header, CLAIMS, HandMade.rsa(2048)))
                .hasMessage("its signature is wrong");
    }

    @Test
    void theHeaderIsJudgedByTheRulesOfTheIssuer() throws Exception {
        String typed = "{\"alg\":\"RS256\",\"kid\":\"k\",\"typ\":\"at+jwt\"}";
        TrustedIssuer strict = trusted(issuer().accessTokensOnly(), IssuerKeys.fixed(KEYS));
        TrustedIssuer other = trusted(issuer().algorithms(Set.of(ES256)), IssuerKeys.fixed(KEYS));

        assertThat(verify(strict, typed, CLAIMS, RSA)).isNotNull();
        assertThatThrownBy(() -> verify(strict, HEADER, CLAIMS, RSA)).hasMessageContaining("typ");
        assertThatThrownBy(() -> verify(other, HEADER, CLAIMS, RSA)).hasMessageContaining("algorithm");
    }

    @Test
    void aKeyThatIsNewIsTheOneThatATokenWasVerifiedWith() throws Exception {
        SettableDocument document = new SettableDocument(HandMade.jwks(jwk("old", OTHER_RSA, "")));
        RefreshedKeys keys = new RefreshedKeys(ISSUER, document, new Jca(null), DEFAULT, KeyTimes.DEFAULT, CLOCK);
        TrustedIssuer trusted = trusted(issuer(), keys);
        KeySet old = keys.current();
        document.set(HandMade.jwks(jwk("k", RSA, "")));

        KeySet with = verify(trusted, HEADER, CLAIMS, RSA).with();

        assertThat(with).isNotSameAs(old).isSameAs(keys.current());
    }

    @Test
    void aProviderThatBreaksDownIsAnOutageAndSaysNothingOfItself() {
        Jca broken = new Jca(new FailingSignatures(false));
        VerificationKey key = new VerificationKey(broken, "k", RSA.getPublic(), DEFAULT, signature -> signature);
        VerificationKey without = new VerificationKey(
                new Jca(new NoCryptography()), "k", RSA.getPublic(), DEFAULT, signature -> signature);
        for (VerificationKey failing : List.of(key, without)) {
            TrustedIssuer trusted = trusted(issuer(), IssuerKeys.fixed(new KeySet(List.of(failing), List.of())));
            assertThatThrownBy(() -> verify(trusted, HEADER, CLAIMS, RSA))
                    .isInstanceOf(KeysUnavailableException.class)
                    .hasMessageContaining("cryptographic provider fails")
                    .hasMessageNotContaining("slot 7");
        }
    }
}
