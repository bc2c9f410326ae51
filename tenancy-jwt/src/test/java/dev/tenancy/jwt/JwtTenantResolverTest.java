package dev.tenancy.jwt;

import static dev.tenancy.testservers.TokenIssuer.AUDIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
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
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.UUID;
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

    private void assertRejected(String token) {
        assertThat(resolve(token)).isInstanceOf(Resolution.Rejected.class);
    }

    private static TenantRequest request(String token) {
        return TenantRequest.builder()
                .header("Authorization", "Bearer " + token)
                .build();
    }
}
