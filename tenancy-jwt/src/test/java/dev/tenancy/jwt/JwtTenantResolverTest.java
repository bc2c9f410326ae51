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
import dev.tenancy.CredentialSource;
import dev.tenancy.Resolution;
import dev.tenancy.Tenancy;
import dev.tenancy.TenancyConfig;
import dev.tenancy.TenancyConfigException;
import dev.tenancy.TenantCatalog;
import dev.tenancy.TenantId;
import dev.tenancy.TenantRequest;
import dev.tenancy.testservers.TokenIssuer;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JwtTenantResolverTest {
    private final TokenIssuer issuer = TokenIssuer.start();
    private final JwtTenantResolver resolver = builder().build();

    @AfterEach
    void stop() {
        issuer.close();
    }

    @Test
    void aTokenSignedWithRs256ProvesItsTenantAndSubject() {
        Resolution resolution = resolve(issuer.token("acme"));

        assertThat(resolution).isInstanceOfSatisfying(Resolution.Resolved.class, resolved -> {
            assertThat(resolved.identity().tenantId()).isEqualTo(TenantId.of("acme"));
            assertThat(resolved.identity().subject()).contains("u1");
            assertThat(resolved.identity().resolver()).isEqualTo("jwt");
            assertThat(resolved.identity().attributes()).containsEntry("org_id", "acme");
        });
    }

    @Test
    void aTokenSignedWithEs256ProvesItsTenant() {
        assertThat(resolve(issuer.ecToken("acme"))).isInstanceOf(Resolution.Resolved.class);
    }

    @Test
    void aTokenMayStandAtOneOfSeveralPlaces() {
        JwtTenantResolver streaming = builder()
                .source(CredentialSource.bearer())
                .source(CredentialSource.queryParameter("token", List.of("/events")))
                .build();
        String token = issuer.token("acme");
        TenantRequest.Builder inQuery = TenantRequest.builder().target("/events?token=" + token);

        assertThat(streaming.sources()).hasSize(2);
        assertThat(streaming.resolve(request(token))).isInstanceOf(Resolution.Resolved.class);
        assertThat(streaming.resolve(inQuery.build())).isInstanceOf(Resolution.Resolved.class);
        assertThat(streaming.resolve(
                        TenantRequest.builder().target("/agents?token=" + token).build()))
                .isEqualTo(Resolution.absent());
        assertThat(streaming.resolve(
                        inQuery.header("Authorization", "Bearer " + token).build()))
                .isInstanceOf(Resolution.Rejected.class);
        assertThat(resolver.resolve(
                        TenantRequest.builder().target("/events?token=" + token).build()))
                .as("the query is not looked at unless that is said")
                .isEqualTo(Resolution.absent());
    }

    @Test
    void keysMayBeInHand() {
        JwtTenantResolver inHand = JwtTenantResolver.builder()
                .issuer(issuer.issuer())
                .audience(AUDIENCE)
                .keySet(issuer.keySet())
                .build();

        assertThat(inHand.resolve(request(issuer.token("acme")))).isInstanceOf(Resolution.Resolved.class);
        assertThat(issuer.keySetRequests()).isZero();
    }

    @Test
    void theKeySetIsReadOnce() {
        for (int i = 0; i < 20; i++) {
            assertThat(resolve(issuer.token("acme"))).isInstanceOf(Resolution.Resolved.class);
        }

        assertThat(issuer.keySetRequests()).isEqualTo(1);
    }

    @Test
    void nothingPresentedIsAbsent() {
        assertThat(resolver.resolve(TenantRequest.builder().build())).isEqualTo(Resolution.absent());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "garbage",
                "a.b",
                "a.b.c",
                "a.b.c.d.e",
                "sk_live_1234567890",
                "...",
                "!.!.!",
                "bnVsbA.a.b",
            })
    void whatIsNoCompactJwsIsUnrecognized(String credential) {
        assertThat(resolve(credential)).isEqualTo(Resolution.unrecognized());
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
    void anAccessTokenTypeAndFurtherAudiencesAreAccepted() {
        JWSHeader header = new JWSHeader.Builder(JWSAlgorithm.RS256)
                .keyID("rsa-1")
                .type(new JOSEObjectType("at+jwt"))
                .build();
        JWTClaimsSet claims = issuer.goodClaims("acme")
                .audience(List.of("other-api", AUDIENCE))
                .build();

        assertThat(resolve(TokenIssuer.sign(header, claims, issuer.rsaSigner())))
                .isInstanceOf(Resolution.Resolved.class);
    }

    @Test
    void aNewKeyIsFoundAndAnOutageAfterTheFirstReadIsNoRefusal() throws Exception {
        assertThat(resolve(issuer.token("acme"))).isInstanceOf(Resolution.Resolved.class);
        RSAKey next = new RSAKeyGenerator(2048).keyID("rsa-2").generate();
        JWSHeader header =
                new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("rsa-2").build();
        String token = TokenIssuer.sign(header, issuer.goodClaims("acme").build(), new RSASSASigner(next));

        issuer.failKeySet(true);
        for (int i = 0; i < 5; i++) {
            assertThat(resolve(token)).as("while the key server fails").isInstanceOf(Resolution.Unavailable.class);
            assertThat(resolve(issuer.token("acme"))).isInstanceOf(Resolution.Resolved.class);
        }

        issuer.failKeySet(false);
        issuer.serveToo(next);
        assertThat(builder().build().resolve(request(token))).isInstanceOf(Resolution.Resolved.class);
    }

    @Test
    void aRotatedKeyIsFound() throws Exception {
        assertThat(resolve(issuer.token("acme"))).isInstanceOf(Resolution.Resolved.class);
        RSAKey next = new RSAKeyGenerator(2048).keyID("rsa-2").generate();
        issuer.serveToo(next);
        JWSHeader header =
                new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("rsa-2").build();

        assertThat(resolve(TokenIssuer.sign(header, issuer.goodClaims("acme").build(), new RSASSASigner(next))))
                .isInstanceOf(Resolution.Resolved.class);
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

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://key_server.internal/jwks.json",
                "http://a_b/",
                "http:///x",
                "http:foo",
                "https:foo",
                "http://keys.example/jwks.json",
                "http://127.0.0.1.example/jwks.json",
                "https://user:secret@keys.example/jwks.json",
                "file:///etc/keys",
                "jwks.json"
            })
    void aKeySetThatAnybodyCouldServeIsAFault(String uri) {
        assertThatThrownBy(() -> builder().jwksUri(URI.create(uri)).build())
                .isInstanceOf(TenancyConfigException.class)
                .hasMessageContaining("jwksUri")
                .hasMessageNotContaining("secret");
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
    void clocksMayBeApartByTheSkewAndNoFurther() {
        Instant issued = Instant.parse("2026-01-01T00:00:00Z");
        String token = issuer.token(
                "acme",
                claims -> claims.issueTime(Date.from(issued)).expirationTime(Date.from(issued.plusSeconds(60))));

        assertThat(at(issued.minusSeconds(31)).resolve(request(token))).isInstanceOf(Resolution.Rejected.class);
        assertThat(at(issued.minusSeconds(30)).resolve(request(token))).isInstanceOf(Resolution.Resolved.class);
        assertThat(at(issued.plusSeconds(89)).resolve(request(token))).isInstanceOf(Resolution.Resolved.class);
        assertThat(at(issued.plusSeconds(90)).resolve(request(token))).isInstanceOf(Resolution.Rejected.class);
    }

    @Test
    void anOverlongTokenIsRejected() {
        assertRejected(claims -> claims.claim("padding", "x".repeat(20_000)));
    }

    @Test
    void unknownKeyIdsAreRejectedAndDoNotFloodTheIssuer() throws Exception {
        RSAKey own = new RSAKeyGenerator(2048).generate();
        assertThat(resolve(issuer.token("acme"))).isInstanceOf(Resolution.Resolved.class);

        for (int i = 0; i < 20; i++) {
            JWSHeader header = new JWSHeader.Builder(JWSAlgorithm.RS256)
                    .keyID(UUID.randomUUID().toString())
                    .build();
            assertRejected(TokenIssuer.sign(header, issuer.goodClaims("acme").build(), new RSASSASigner(own)));
        }

        assertThat(issuer.keySetRequests()).isLessThanOrEqualTo(3);
        assertThat(resolve(issuer.token("acme"))).isInstanceOf(Resolution.Resolved.class);
    }

    @Test
    void aKeyServerThatIsDownIsAnOutageHoweverOftenItIsAsked() {
        String token = issuer.token("acme");
        issuer.close();

        for (int i = 0; i < 5; i++) {
            assertThat(resolve(token)).isInstanceOf(Resolution.Unavailable.class);
        }
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
    void missingAndBadSettingsAreNamedAllAtOnce() {
        assertThatThrownBy(() -> JwtTenantResolver.builder()
                        .jwksUri(URI.create("http://keys.example/jwks.json"))
                        .clockSkew(Duration.ofHours(1))
                        .build())
                .isInstanceOf(TenancyConfigException.class)
                .hasMessageContainingAll("jwksUri", "clockSkew", "issuer", "audience");
    }

    @Test
    void itIsFoundByItsNameAndConfigured() {
        Tenancy tenancy = Tenancy.load(TenancyConfig.of(Map.of(
                        "tenancy.resolvers",
                        "jwt",
                        "tenancy.jwt.issuer",
                        issuer.issuer(),
                        "tenancy.jwt.audience",
                        AUDIENCE,
                        "tenancy.jwt.jwks-uri",
                        issuer.jwksUri().toString(),
                        "tenancy.jwt.tenant-claim",
                        "org.id",
                        "tenancy.jwt.clock-skew",
                        "PT10S")))
                .catalog(TenantCatalog.acceptingAny())
                .build();
        String token = issuer.token("ignored", claims -> claims.claim("org", Map.of("id", "acme")));

        String tenant = tenancy.handle(
                request(token), admitted -> admitted.identity().tenantId().value(), problem -> problem.title());

        assertThat(tenant).isEqualTo("acme");
    }

    private JwtTenantResolver.Builder builder() {
        return JwtTenantResolver.builder()
                .issuer(issuer.issuer())
                .audience(AUDIENCE)
                .jwksUri(issuer.jwksUri());
    }

    private JwtTenantResolver at(Instant now) {
        return builder().clock(Clock.fixed(now, ZoneOffset.UTC)).build();
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
}
