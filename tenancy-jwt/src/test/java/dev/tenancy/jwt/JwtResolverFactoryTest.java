package dev.tenancy.jwt;

import static dev.tenancy.jwt.HandMade.CLAIMS;
import static dev.tenancy.jwt.HandMade.jwk;
import static dev.tenancy.jwt.TestKeys.RSA;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tenancy.Resolution;
import dev.tenancy.TenancyConfig;
import dev.tenancy.TenantIdentity;
import dev.tenancy.TenantRequest;
import dev.tenancy.TenantResolver;
import dev.tenancy.jwt.internal.JwtResolverFactory;
import dev.tenancy.testservers.TestHttpServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What each setting of {@code docs/configuration.md} does. */
class JwtResolverFactoryTest {
    private static final String ISSUER = "https://issuer.test";
    private static final String HEADER = "{\"alg\":\"RS256\",\"kid\":\"k\"}";
    private static final String KEY_SET = HandMade.jwks(jwk("k", RSA, ""));

    @TempDir
    private Path folder;

    private Path file;

    @BeforeEach
    void writeKeySet() throws IOException {
        file = Files.writeString(folder.resolve("keys.json"), KEY_SET);
    }

    /** One for {@link #ISSUER} and the audience {@code api}, with keys in a file, and these settings. */
    private TenantResolver resolver(String... settings) {
        Map<String, String> all = new HashMap<>(Map.of("issuer", ISSUER, "audience", "api"));
        all.put("jwks-file", file.toString());
        for (int at = 0; at < settings.length; at += 2) {
            all.put(settings[at], settings[at + 1]);
        }
        return configured(all);
    }

    static TenantResolver configured(Map<String, String> settings) {
        Map<String, String> named = new HashMap<>();
        settings.forEach((key, value) -> named.put("tenancy.jwt." + key, value));
        return new JwtResolverFactory().create(TenancyConfig.of(named));
    }

    private static Resolution resolve(TenantResolver resolver, String token) {
        return resolver.resolve(TenantRequest.builder()
                .header("Authorization", "Bearer " + token)
                .build());
    }

    private static String token(String claims) throws GeneralSecurityException {
        return HandMade.rs256(HEADER, claims, RSA.getPrivate());
    }

    private static void assertGood(TenantResolver resolver, String token) {
        assertThat(resolve(resolver, token)).isInstanceOf(Resolution.Resolved.class);
    }

    private static void assertRejected(TenantResolver resolver, String token, String why) {
        assertThat(resolve(resolver, token))
                .isInstanceOfSatisfying(
                        Resolution.Rejected.class,
                        rejected -> assertThat(rejected.reason()).contains(why));
    }

    private static TenantIdentity identity(TenantResolver resolver, String token) {
        return ((Resolution.Resolved) resolve(resolver, token)).identity();
    }

    @Test
    void issuerSaysWhoseTokensAreGood() throws GeneralSecurityException {
        String others = token(CLAIMS.replace(ISSUER, "https://other.test"));

        assertGood(resolver(), token(CLAIMS));
        assertRejected(resolver(), others, "another issuer");
        assertGood(resolver("issuer", "https://other.test"), others);
        assertGood(resolver("issuer", "*"), others);
        assertThat(resolver().name()).isEqualTo("jwt");
    }

    @Test
    void audienceSaysForWhomATokenIs() throws GeneralSecurityException {
        String others = token(CLAIMS.replace("\"api\"", "\"web\""));

        assertRejected(resolver(), others, "audience");
        assertGood(resolver("audience", "api, web"), others);
        assertGood(resolver("audience", "api, web"), token(CLAIMS));
        assertGood(resolver("audience", "*"), others);
        assertGood(resolver("audience", "*"), token(CLAIMS.replace("\"aud\":\"api\",", "")));
    }

    @Test
    void tenantsSaysForWhomTheIssuerMaySpeak() throws GeneralSecurityException {
        String acme = token(CLAIMS);

        assertGood(resolver("tenants", "globex, acme"), acme);
        assertRejected(resolver("tenants", "globex"), acme, "may not speak for");
        assertGood(resolver("tenants", "ac*"), acme);
        assertRejected(resolver("tenants", "acme-*"), acme, "may not speak for");
        assertThat(identity(resolver("tenants", "b-+"), acme).tenantId().value())
                .isEqualTo("b-acme");
    }

    @Test
    void issuersSaysWhichOneSpeaksForWhom() throws GeneralSecurityException {
        try (TestHttpServer one = TestHttpServer.start();
                TestHttpServer other = TestHttpServer.start()) {
            discoverable(one);
            discoverable(other);
            TenantResolver both = configured(
                    Map.of("issuers", one.origin() + "=acme,b; " + other.origin() + " = c-+", "audience", "api"));

            assertThat(identity(both, token(HandMade.claims(one.origin(), "acme")))
                            .tenantId()
                            .value())
                    .isEqualTo("acme");
            assertThat(identity(both, token(HandMade.claims(other.origin(), "acme")))
                            .tenantId()
                            .value())
                    .isEqualTo("c-acme");
            assertRejected(both, token(HandMade.claims(one.origin(), "c-acme")), "may not speak for");
            assertRejected(both, token(CLAIMS), "another issuer");
        }
    }

    private static void discoverable(TestHttpServer server) {
        String metadata = "{\"issuer\":\"" + server.origin() + "\",\"jwks_uri\":\"" + server.uri("/keys") + "\"}";
        server.answerByPath(path -> path.equals("/.well-known/openid-configuration") ? metadata : KEY_SET);
    }

    @Test
    void keysAreThoseOfTheAddressTheFileOrTheDiscovery() throws GeneralSecurityException {
        try (TestHttpServer server = TestHttpServer.start()) {
            server.answerByPath(path -> path.equals("/keys") ? KEY_SET : "");
            String uri = server.uri("/keys").toString();
            assertGood(configured(Map.of("issuer", ISSUER, "audience", "api", "jwks-uri", uri)), token(CLAIMS));
            assertThat(server.requests()).isEqualTo(1);
            assertGood(resolver(), token(CLAIMS));

            discoverable(server);
            assertGood(
                    configured(Map.of("issuer", server.origin(), "audience", "api")),
                    token(HandMade.claims(server.origin(), "acme")));
            assertThat(server.requests()).isEqualTo(3);
        }
    }

    @Test
    void algorithmsSaysWhatTokensMayBeSignedWith() throws GeneralSecurityException {
        String header = "{\"alg\":\"PS384\",\"kid\":\"k\"}";
        byte[] signed = (HandMade.base64(header) + "." + HandMade.base64(CLAIMS)).getBytes(StandardCharsets.US_ASCII);
        String token = HandMade.signed(header, CLAIMS, HandMade.signature("PS384", signed, RSA.getPrivate()));

        assertRejected(resolver(), token, "algorithm");
        assertGood(resolver("algorithms", "RS256, PS384"), token);
        assertRejected(resolver("algorithms", "PS384"), token(CLAIMS), "algorithm");
    }

    @Test
    void accessTokensOnlySaysWhetherOtherTokensAreGood() throws GeneralSecurityException {
        String typed = HandMade.rs256(HEADER.replace("}", ",\"typ\":\"at+jwt\"}"), CLAIMS, RSA.getPrivate());

        assertGood(resolver("access-tokens-only", "true"), typed);
        assertRejected(resolver("access-tokens-only", "true"), token(CLAIMS), "typ");
        assertGood(resolver("access-tokens-only", "false"), typed);
        assertGood(resolver("access-tokens-only", "false"), token(CLAIMS));
    }

    @Test
    void claimsAreFoundWhereTheSettingsSay() throws GeneralSecurityException {
        String token = token(CLAIMS.replace("}", ",\"org\":{\"id\":\"globex\"},\"user\":\"u2\",\"reads\":[\"b\"]}"));
        TenantIdentity found = identity(
                resolver("tenant-claim", "org.id", "subject-claim", "user", "readable-tenants-claim", "reads"), token);

        assertThat(found.tenantId().value()).isEqualTo("globex");
        assertThat(found.subject()).contains("u2");
        assertThat(found.readableTenants()).singleElement().hasToString("b");
        assertThat(identity(resolver(), token).tenantId().value()).isEqualTo("acme");
        assertThat(identity(resolver(), token).subject()).contains("u1");
        assertThat(identity(resolver(), token).readableTenants()).isEmpty();
    }

    @Test
    void requiredClaimsSaysWhatClaimsMustBe() throws GeneralSecurityException {
        TenantResolver strict = resolver("required-claims", "env = prod; \"a.b\".c=x=y");
        String good = CLAIMS.replace("}", ",\"env\":\"prod\",\"a.b\":{\"c\":\"x=y\"}}");

        assertGood(strict, token(good));
        assertRejected(strict, token(good.replace("prod", "test")), "claim env");
        assertRejected(strict, token(good.replace("x=y", "x")), "claim \"a.b\".c");
        assertGood(resolver(), token(CLAIMS));
    }

    @Test
    void clockSkewSaysHowFarClocksMayBeApart() throws GeneralSecurityException {
        long expired = Instant.now().getEpochSecond() - 90;
        String token = token(CLAIMS.replaceAll("\"exp\":\\d+", "\"exp\":" + expired));

        assertRejected(resolver(), token, "expired");
        assertGood(resolver("clock-skew", "PT5M"), token);
    }

    @Test
    void cacheSizeSaysWhetherTokensAreRemembered() throws GeneralSecurityException {
        String token = token(CLAIMS);
        TenantResolver remembering = resolver("cache-size", "10");
        TenantResolver forgetting = resolver();

        assertThat(identity(remembering, token)).isSameAs(identity(remembering, token));
        assertThat(identity(forgetting, token)).isNotSameAs(identity(forgetting, token));
    }

    @Test
    void sourcesAreThoseThatTheSettingsName() throws GeneralSecurityException {
        String token = token(CLAIMS);
        TenantResolver resolver = resolver(
                "header", "X-Token", "cookie", "session", "query-parameter", "t", "query-paths", "/events, /sub/*");
        TenantRequest.Builder request = TenantRequest.builder();

        assertThat(resolver.sources()).hasSize(3);
        assertThat(resolver.resolve(request.header("X-Token", token).build())).isInstanceOf(Resolution.Resolved.class);
        assertThat(resolver.resolve(TenantRequest.builder()
                        .header("Cookie", "session=" + token)
                        .build()))
                .isInstanceOf(Resolution.Resolved.class);
        for (String path : new String[] {"/events", "/sub/1"}) {
            assertThat(resolver.resolve(
                            TenantRequest.builder().target(path + "?t=" + token).build()))
                    .isInstanceOf(Resolution.Resolved.class);
        }
        assertThat(resolver.resolve(
                        TenantRequest.builder().target("/other?t=" + token).build()))
                .isEqualTo(Resolution.absent());
        assertThat(resolve(resolver, token))
                .as("Authorization is not looked at")
                .isEqualTo(Resolution.absent());
        assertThat(resolver().sources()).hasSize(1);
    }

    @Test
    void itReadsTheSettingsThatItDeclares() {
        assertThat(new JwtResolverFactory().keys())
                .hasSize(24)
                .allMatch(key -> key.name().startsWith("tenancy.jwt."));
        assertThat(new JwtResolverFactory().name()).isEqualTo("jwt");
    }
}
