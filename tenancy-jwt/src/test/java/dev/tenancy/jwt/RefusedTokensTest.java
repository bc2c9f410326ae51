package dev.tenancy.jwt;

import static dev.tenancy.testservers.TokenIssuer.AUDIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jose.util.JSONObjectUtils;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import dev.tenancy.Resolution;
import dev.tenancy.TenantRequest;
import dev.tenancy.testservers.TokenIssuer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tokens of a real issuer of which one thing is wrong. */
class RefusedTokensTest {
    private final TokenIssuer issuer = TokenIssuer.start();
    private final JwtTenantResolver resolver = JwtTenantResolver.builder()
            .issuer(issuer.issuer())
            .audience(AUDIENCE)
            .jwksUri(issuer.jwksUri())
            .build();

    @AfterEach
    void stop() {
        issuer.close();
    }

    private Resolution resolve(String token) {
        return resolver.resolve(request(token));
    }

    private void assertRejected(UnaryOperator<JWTClaimsSet.Builder> change) {
        assertRejected(issuer.token("acme", change));
    }

    private void assertRejected(String token) {
        assertThat(resolve(token)).isInstanceOf(Resolution.Rejected.class);
    }

    private static TenantRequest request(String token) {
        return TenantRequest.builder()
                .header("Authorization", "Bearer " + token)
                .build();
    }

    @Test
    void anUnsignedTokenIsRejected() {
        assertRejected(new PlainJWT(issuer.goodClaims("acme").build()).serialize());
    }

    @Test
    void aTokenSignedWithAnHmacIsRejectedEvenIfTheSecretIsThePublicKey() throws Exception {
        byte[] publicKey = issuer.rsa().toRSAPublicKey().getEncoded();
        JWSHeader header =
                new JWSHeader.Builder(JWSAlgorithm.HS256).keyID("rsa-1").build();

        assertRejected(TokenIssuer.sign(header, issuer.goodClaims("acme").build(), new MACSigner(publicKey)));
    }

    @Test
    void anHmacIsRejectedEvenIfItsKeyIsInTheKeySet() throws Exception {
        OctetSequenceKey secret =
                new OctetSequenceKey.Builder(new byte[32]).keyID("hmac").build();
        JwtTenantResolver careless = JwtTenantResolver.builder()
                .issuer(issuer.issuer())
                .audience(AUDIENCE)
                .keySet(new JWKSet(List.of(secret, issuer.rsa())))
                .build();
        JWSHeader header =
                new JWSHeader.Builder(JWSAlgorithm.HS256).keyID("hmac").build();
        String token = TokenIssuer.sign(header, issuer.goodClaims("acme").build(), new MACSigner(new byte[32]));

        assertThat(careless.resolve(request(token))).isInstanceOf(Resolution.Rejected.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"RS384", "RS512", "PS256"})
    void otherAlgorithmsAreRejected(String algorithm) {
        JWSHeader header = new JWSHeader.Builder(JWSAlgorithm.parse(algorithm))
                .keyID("rsa-1")
                .build();

        assertRejected(TokenIssuer.sign(header, issuer.goodClaims("acme").build(), issuer.rsaSigner()));
    }

    @Test
    void aTokenThatBringsItsOwnKeyIsRejected() throws Exception {
        RSAKey own = new RSAKeyGenerator(2048).keyID("rsa-1").generate();
        JWTClaimsSet claims = issuer.goodClaims("acme").build();
        JWSHeader.Builder header = new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("rsa-1");

        assertRejected(TokenIssuer.sign(header.jwk(own.toPublicJWK()).build(), claims, new RSASSASigner(own)));
        assertRejected(TokenIssuer.sign(header.jwk(null).build(), claims, new RSASSASigner(own)));
    }

    @Test
    void aTokenThatPointsToAKeyIsRejectedEvenIfItsSignatureIsGood() {
        JWTClaimsSet claims = issuer.goodClaims("acme").build();
        JWSHeader.Builder header = new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("rsa-1");

        assertRejected(TokenIssuer.sign(header.jwkURL(issuer.jwksUri()).build(), claims, issuer.rsaSigner()));
        assertRejected(TokenIssuer.sign(
                header.jwkURL(null).x509CertURL(issuer.jwksUri()).build(), claims, issuer.rsaSigner()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"jwk", "jku", "x5u", "x5c", "crit", "b64"})
    void aHeaderThatBringsAKeyOrAnExtensionIsRejectedEvenIfItsSignatureIsGood(String parameter) throws Exception {
        Map<String, Object> header = new HashMap<>(Map.of("alg", "RS256", "kid", "rsa-1"));
        header.put(parameter, issuer.rsa().toPublicJWK().toJSONObject());
        Base64URL first = Base64URL.encode(JSONObjectUtils.toJSONString(header));
        Base64URL second = Base64URL.encode(issuer.goodClaims("acme").build().toString());
        byte[] signed = (first + "." + second).getBytes(StandardCharsets.US_ASCII);
        Base64URL signature = issuer.rsaSigner().sign(new JWSHeader.Builder(JWSAlgorithm.RS256).build(), signed);

        assertThat(resolve(first + "." + second + "." + signature))
                .isInstanceOfSatisfying(
                        Resolution.Rejected.class,
                        rejected -> assertThat(rejected.reason()).contains("header"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"alg\":\"RS256\",\"jwk\":{\"kty\":\"RSA\",\"n\":\"AQAB\",\"e\":\"AQAB\",\"oth\":[{}]}}",
                "{\"alg\":\"RS256\",\"typ\":\"x\\nforged line\"}",
                "{\"alg\":7}",
                "{\"alg\":\"RS256\",\"alg\":\"none\"}",
                "{}"
            })
    void aStrangeHeaderIsRejectedAndNotRepeated(String header) {
        assertThat(resolve(Base64URL.encode(header) + ".e30.AAAA"))
                .isNotInstanceOf(Resolution.Unavailable.class)
                .isNotInstanceOf(Resolution.Resolved.class)
                .satisfies(resolution -> assertThat(resolution.toString()).doesNotContain("forged"));
    }

    @Test
    void anUnexpectedTypeIsRejected() {
        JWSHeader header = new JWSHeader.Builder(JWSAlgorithm.RS256)
                .keyID("rsa-1")
                .type(new JOSEObjectType("logout+jwt"))
                .build();

        assertRejected(TokenIssuer.sign(header, issuer.goodClaims("acme").build(), issuer.rsaSigner()));
    }

    @Test
    void aChangedPayloadOrSignatureIsRejected() {
        String[] good = issuer.token("acme").split("\\.", -1);
        String[] other = issuer.token("globex").split("\\.", -1);

        assertRejected(good[0] + "." + other[1] + "." + good[2]);
        assertRejected(good[0] + "." + good[1] + "." + other[2]);
        assertRejected(good[0] + "." + good[1] + ".");
    }

    @Test
    void wrongOrMissingClaimsAreRejected() {
        Instant now = Instant.now();
        assertRejected(claims -> claims.issuer("https://other.example"));
        assertRejected(claims -> claims.issuer(null));
        assertRejected(claims -> claims.audience("other-api"));
        assertRejected(claims -> claims.audience((String) null));
        assertRejected(claims -> claims.expirationTime(null));
        assertRejected(claims -> claims.expirationTime(Date.from(now.minusSeconds(60))));
        assertRejected(claims -> claims.notBeforeTime(Date.from(now.plusSeconds(60))));
        assertRejected(claims -> claims.issueTime(Date.from(now.plusSeconds(60))));
        assertRejected(claims -> claims.claim("nbf", Long.MAX_VALUE));
        assertRejected(claims -> claims.claim("iat", Long.MAX_VALUE));
        assertRejected(claims -> claims.claim("exp", Long.MAX_VALUE));
        assertRejected(claims -> claims.claim("exp", "1900000000"));
        assertRejected(claims -> claims.subject("a\u0000b"));
        assertRejected(claims -> claims.subject("s".repeat(256)));
        assertRejected(claims -> claims.claim("org_id", null));
        assertRejected(claims -> claims.claim("org_id", "  "));
        assertRejected(claims -> claims.claim("org_id", 7));
        assertRejected(claims -> claims.claim("org_id", List.of("acme", "globex")));
        assertRejected(claims -> claims.claim("org_id", "not a tenant id"));
    }

    @Test
    void anOverlongTokenIsRejected() {
        assertRejected(claims -> claims.claim("padding", "x".repeat(20_000)));
    }

    @Test
    void noReasonRepeatsTheToken() {
        String token = issuer.token("acme", claims -> claims.audience("evil-audience"));

        assertThat(resolve(token))
                .isInstanceOfSatisfying(
                        Resolution.Rejected.class,
                        rejected -> assertThat(rejected.reason())
                                .contains("audience")
                                .doesNotContain("evil")
                                .doesNotContain(token));
    }

    @Test
    @SuppressWarnings("deprecation") // the signer lets nobody use a weak key without being told to
    void aWeakKeyIsNotUsed() throws Exception {
        RSAKey weak = new RSAKeyGenerator(1024, true).keyID("weak").generate();
        issuer.serveToo(weak);
        JWSHeader header =
                new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("weak").build();

        assertRejected(TokenIssuer.sign(header, issuer.goodClaims("acme").build(), new RSASSASigner(weak, true)));
        assertThatThrownBy(() -> JwtTenantResolver.builder()
                        .issuer(issuer.issuer())
                        .audience(AUDIENCE)
                        .keySet(new JWKSet(weak))
                        .build())
                .hasMessageContaining("2048");
    }
}
