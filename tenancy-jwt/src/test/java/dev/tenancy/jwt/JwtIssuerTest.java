package dev.tenancy.jwt;

import static dev.tenancy.jwt.HandMade.jwk;
import static dev.tenancy.jwt.SignatureAlgorithm.ES256;
import static dev.tenancy.jwt.SignatureAlgorithm.PS256;
import static dev.tenancy.jwt.SignatureAlgorithm.RS256;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.nimbusds.jose.jwk.JWKSet;
import dev.tenancy.TenancyConfigException;
import java.net.URI;
import java.nio.file.Path;
import java.text.ParseException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class JwtIssuerTest {
    private static final String NAME = "https://issuer.test";

    private static JwtIssuer.Builder described() {
        return JwtIssuer.builder(NAME).audience("api").discovery();
    }

    private static List<String> faults(JwtIssuer.Builder builder) {
        return catchThrowableOfType(TenancyConfigException.class, builder::build)
                .faults();
    }

    @Test
    void whatIsNotSaidIsStrict() {
        TokenRules rules = described().build().rules();

        assertThat(rules.issuer()).isEqualTo(NAME);
        assertThat(rules.audiences()).containsExactly("api");
        assertThat(rules.algorithms()).containsExactly(RS256, ES256);
        assertThat(rules.accessTokensOnly()).isFalse();
        assertThat(rules.tenantClaim()).hasToString("org_id");
        assertThat(rules.subjectClaim()).hasToString("sub");
        assertThat(rules.readableTenantsClaim()).isNull();
        assertThat(rules.requiredClaims()).isEmpty();
        assertThat(described().build().keyTimes()).isEqualTo(KeyTimes.DEFAULT);
    }

    @Test
    void whatIsSaidIsKept() {
        JwtIssuer issuer = described()
                .audience("web")
                .jwksUri(URI.create("https://keys.test/"))
                .keyLifetime(Duration.ofMinutes(1))
                .keyOutageTolerance(Duration.ofMinutes(2))
                .keyRefreshPause(Duration.ofSeconds(3))
                .keyServerTimeout(Duration.ofSeconds(4))
                .algorithms(List.of(PS256, ES256))
                .accessTokensOnly()
                .tenantClaim(ClaimPath.of("org"))
                .subjectClaim(ClaimPath.of("user"))
                .readableTenantsClaim(ClaimPath.of("reads"))
                .requiredClaim(ClaimPath.of("env"), "prod")
                .requiredClaim(ClaimPath.of("use"), "api")
                .tenants(IssuerTenants.withPrefix("a-"))
                .build();

        assertThat(issuer.keys()).isEqualTo(new IssuerKeysSource.Web(URI.create("https://keys.test/")));
        assertThat(issuer.keyTimes())
                .isEqualTo(new KeyTimes(
                        Duration.ofMinutes(1), Duration.ofMinutes(2), Duration.ofSeconds(3), Duration.ofSeconds(4)));
        assertThat(issuer.rules().audiences()).containsExactlyInAnyOrder("api", "web");
        assertThat(issuer.rules().algorithms()).isEqualTo(Set.of(PS256, ES256));
        assertThat(issuer.rules().accessTokensOnly()).isTrue();
        assertThat(issuer.rules().tenantClaim()).hasToString("org");
        assertThat(issuer.rules().subjectClaim()).hasToString("user");
        assertThat(issuer.rules().readableTenantsClaim()).hasToString("reads");
        assertThat(issuer.rules().requiredClaims())
                .isEqualTo(Map.of(ClaimPath.of("env"), "prod", ClaimPath.of("use"), "api"));
        assertThat(issuer).hasToString("JwtIssuer[https://issuer.test, IssuerTenants[a-*]]");
    }

    @Test
    void anIssuerIsImmutable() {
        JwtIssuer.Builder builder = described();
        JwtIssuer issuer = builder.build();
        builder.audience("web").requiredClaim(ClaimPath.of("env"), "prod").algorithms(List.of(PS256));

        assertThat(issuer.rules()).isEqualTo(described().build().rules());
        assertThatThrownBy(() -> issuer.rules().algorithms().add(PS256))
                .isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> issuer.rules().requiredClaims().put(ClaimPath.of("env"), "prod"))
                .isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void anyIssuerHasNoName() {
        JwtIssuer any = JwtIssuer.builderOfAnyIssuer()
                .anyAudience()
                .jwksFile(Path.of("keys.json"))
                .build();

        assertThat(any.issuer()).isNull();
        assertThat(any.rules().audiences()).isEmpty();
        assertThat(any).hasToString("JwtIssuer[any, IssuerTenants[*]]");
    }

    @Test
    void whatIsMissingIsNamedAllAtOnce() {
        assertThat(faults(new JwtIssuer.Builder().algorithms(List.of()).keyLifetime(Duration.ZERO)))
                .containsExactly(
                        "keyLifetime is PT0S; allowed: PT1S to PT24H",
                        "issuer is not set",
                        "audience is not set, or blank",
                        "algorithms is empty; allowed: at least one of [RS256, RS384, RS512, PS256, PS384, PS512,"
                                + " ES256, ES384, ES512]",
                        "there are no keys; set jwksUri, discovery, jwksFile or keySet");
    }

    @Test
    void blankIsNotSet() {
        JwtIssuer.Builder blank = JwtIssuer.builder(" ").audience("api").jwksFile(Path.of("keys.json"));

        assertThat(faults(blank)).containsExactly("issuer is not set");
        assertThat(faults(described().audience(" "))).containsExactly("audience is not set, or blank");
    }

    @Test
    void anAudienceDoesNotGoWithAny() {
        assertThat(faults(described().anyAudience()))
                .containsExactly("audience is set, and any is allowed; one of both belongs there");
    }

    @Test
    void whereKeysAreIsCheckedAndNotRepeated() {
        URI bad = URI.create("http://user:secret@keys.test/");

        assertThat(faults(described().jwksUri(bad)))
                .singleElement()
                .asString()
                .startsWith("jwksUri is bad; allowed: https")
                .doesNotContain("secret");
        assertThat(new IssuerKeysSource.Web(bad)).hasToString("Web");
        assertThat(faults(JwtIssuer.builderOfAnyIssuer().audience("api").discovery()))
                .singleElement()
                .asString()
                .startsWith("discovery needs an issuer");
    }

    @Test
    void keysInHandAreNotPrinted() throws ParseException {
        JWKSet set = JWKSet.parse(HandMade.jwks(jwk("k", TestKeys.RSA, "")));

        assertThat(new IssuerKeysSource.InHand(set)).hasToString("InHand");
    }
}
