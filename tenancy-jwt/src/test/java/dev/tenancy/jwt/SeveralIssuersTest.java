package dev.tenancy.jwt;

import static dev.tenancy.jwt.HandMade.NOW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.jwk.JWKSet;
import dev.tenancy.Resolution;
import dev.tenancy.TenancyConfig;
import dev.tenancy.TenancyConfigException;
import dev.tenancy.TenantId;
import dev.tenancy.TenantRequest;
import dev.tenancy.TenantResolver;
import dev.tenancy.jwt.internal.JwtResolverFactory;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.Provider;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two issuers, whose keys have one id: neither speaks for a tenant of the other; and tokens that are remembered. */
class SeveralIssuersTest {
    private static final String A = "https://a.test";
    private static final String B = "https://b.test";
    private static final String HEADER = "{\"alg\":\"RS256\",\"kid\":\"k\"}";

    private final AtomicBoolean revoked = new AtomicBoolean();
    private KeyPair keyOfA;
    private KeyPair keyOfB;
    private JwtTenantResolver resolver;

    @BeforeEach
    void makeKeys() throws GeneralSecurityException, ParseException {
        keyOfA = HandMade.rsa(2048);
        keyOfB = HandMade.rsa(2048);
        resolver = JwtTenantResolver.builder()
                .issuer(issuer(A, keyOfA)
                        .tenants(IssuerTenants.only(List.of(TenantId.of("acme"))))
                        .build())
                .issuer(issuer(B, keyOfB)
                        .tenants(IssuerTenants.withPrefix("b-"))
                        .build())
                .clock(Clock.fixed(NOW, ZoneOffset.UTC))
                .cache(10, Duration.ofMinutes(1))
                .revocation(token -> revoked.get())
                .build();
    }

    private static JwtIssuer.Builder issuer(String name, KeyPair key) throws ParseException {
        return JwtIssuer.builder(name).audience("api").keySet(JWKSet.parse(HandMade.jwks(HandMade.jwk("k", key, ""))));
    }

    private Resolution resolve(String issuer, String tenant, KeyPair key) throws GeneralSecurityException {
        return resolver.resolve(TenantRequest.builder()
                .header(
                        "Authorization",
                        "Bearer " + HandMade.rs256(HEADER, HandMade.claims(issuer, tenant), key.getPrivate()))
                .build());
    }

    @Test
    void eachSpeaksForItsOwnTenantsOnly() throws GeneralSecurityException {
        assertThat(resolve(A, "acme", keyOfA)).isInstanceOf(Resolution.Resolved.class);
        assertThat(resolve(B, "b-one", keyOfB)).isInstanceOf(Resolution.Resolved.class);
        assertThat(resolve(A, "b-one", keyOfA)).isInstanceOf(Resolution.Rejected.class);
        assertThat(resolve(B, "acme", keyOfB)).isInstanceOf(Resolution.Rejected.class);
    }

    @Test
    void noneSignsInTheNameOfTheOther() throws GeneralSecurityException {
        assertThat(resolve(A, "acme", keyOfB)).isInstanceOf(Resolution.Rejected.class);
        assertThat(resolve(B, "b-one", keyOfA)).isInstanceOf(Resolution.Rejected.class);
        assertThat(resolve("https://c.test", "acme", keyOfA)).isInstanceOf(Resolution.Rejected.class);
    }

    @Test
    void aTokenThatIsRememberedIsStillAskedAboutAtEachRequest() throws GeneralSecurityException {
        assertThat(resolve(A, "acme", keyOfA)).isInstanceOf(Resolution.Resolved.class);
        assertThat(resolve(A, "acme", keyOfA)).isInstanceOf(Resolution.Resolved.class);
        revoked.set(true);
        assertThat(resolve(A, "acme", keyOfA)).isInstanceOf(Resolution.Rejected.class);
        revoked.set(false);
        assertThat(resolve(A, "acme", keyOfA)).isInstanceOf(Resolution.Resolved.class);
    }

    @Test
    void twoIssuersThatMaySpeakForTheSameTenantsAreRefused() {
        assertThatThrownBy(() -> JwtTenantResolver.builder()
                        .issuer(issuer(A, keyOfA).build())
                        .issuer(issuer(B, keyOfB).build())
                        .build())
                .isInstanceOf(TenancyConfigException.class);
        assertThatThrownBy(() -> JwtTenantResolver.builder()
                        .issuer(issuer(A, keyOfA)
                                .tenants(IssuerTenants.withPrefix("b-"))
                                .build())
                        .issuer(issuer(B, keyOfB)
                                .tenants(IssuerTenants.only(List.of(TenantId.of("b-1"))))
                                .build())
                        .build())
                .isInstanceOf(TenancyConfigException.class);
    }

    @Test
    void settingsSayWhichIssuerSpeaksForWhom() {
        assertThat(configured("https://a.test=acme,globex;https://b.test=b-*;https://c.test=c-+")
                        .name())
                .isEqualTo("jwt");
        assertThatThrownBy(() -> configured("https://a.test=acme;https://b.test=acme"))
                .isInstanceOf(TenancyConfigException.class);
        assertThatThrownBy(() -> configured("https://a.test=acme;http://b.test=globex"))
                .isInstanceOf(TenancyConfigException.class)
                .hasMessageContaining("discovery");
        assertThatThrownBy(() -> configured("https://a.test"))
                .isInstanceOf(TenancyConfigException.class)
                .hasMessageContaining("tenancy.jwt.issuers");
    }

    private static TenantResolver configured(String issuers) {
        return new JwtResolverFactory()
                .create(TenancyConfig.of(Map.of("tenancy.jwt.issuers", issuers, "tenancy.jwt.audience", "api")));
    }

    @Test
    void allCryptographyMayBeThatOfAFipsModule()
            throws GeneralSecurityException, ReflectiveOperationException, ParseException {
        Provider fips = Class.forName("org.bouncycastle.jcajce.provider.BouncyCastleFipsProvider")
                .asSubclass(Provider.class)
                .getConstructor()
                .newInstance();
        KeyPair ec = HandMade.ec("secp256r1");
        JwtTenantResolver inModule = JwtTenantResolver.builder()
                .issuer(A)
                .audience("api")
                .keySet(JWKSet.parse(HandMade.jwks(HandMade.jwk("k", keyOfA, ""), HandMade.jwk("e", ec, ""))))
                .clock(Clock.fixed(NOW, ZoneOffset.UTC))
                .cache(10, Duration.ofMinutes(1))
                .provider(fips)
                .build();
        String claims = HandMade.claims(A, "acme");
        for (String good : List.of(
                HandMade.rs256(HEADER, claims, keyOfA.getPrivate()),
                HandMade.es256("{\"alg\":\"ES256\",\"kid\":\"e\"}", claims, ec.getPrivate()))) {
            assertThat(bearer(inModule, good)).isInstanceOf(Resolution.Resolved.class);
        }
        assertThat(bearer(inModule, HandMade.rs256(HEADER, claims, keyOfB.getPrivate())))
                .isInstanceOf(Resolution.Rejected.class);
    }

    private static Resolution bearer(JwtTenantResolver resolver, String token) {
        return resolver.resolve(TenantRequest.builder()
                .header("Authorization", "Bearer " + token)
                .build());
    }
}
