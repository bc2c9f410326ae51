package dev.tenancy.jwt;

import static dev.tenancy.jwt.HandMade.CLAIMS;
import static dev.tenancy.jwt.HandMade.NOW;
import static dev.tenancy.jwt.HandMade.jwk;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.nimbusds.jose.jwk.JWKSet;
import dev.tenancy.CredentialSource;
import dev.tenancy.Resolution;
import dev.tenancy.TenancyConfigException;
import dev.tenancy.TenantRequest;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JwtResolverBuilderTest {
    private static final String ISSUER = "https://issuer.test";

    @TempDir
    private Path folder;

    private static JWKSet keySet(String... keys) {
        try {
            return JWKSet.parse(HandMade.jwks(keys));
        } catch (ParseException bad) {
            throw new IllegalArgumentException(bad);
        }
    }

    private static JWKSet good() {
        return keySet(jwk("k", TestKeys.RSA, ""));
    }

    private static JwtTenantResolver.Builder builder() {
        return JwtTenantResolver.builder()
                .issuer(ISSUER)
                .audience("api")
                .keySet(good())
                .clock(Clock.fixed(NOW, ZoneOffset.UTC));
    }

    private static JwtIssuer issuer(String name, IssuerTenants tenants) {
        return JwtIssuer.builder(name)
                .audience("api")
                .keySet(good())
                .tenants(tenants)
                .build();
    }

    private static List<String> faults(JwtTenantResolver.Builder builder) {
        return catchThrowableOfType(TenancyConfigException.class, builder::build)
                .faults();
    }

    @Test
    void theIssuerThatIsDescribedIsTheOneThatIsTrusted() throws GeneralSecurityException {
        String claims = CLAIMS.replace("}", ",\"org\":\"globex\"}");
        String token = HandMade.rs256("{\"alg\":\"RS256\"}", claims, TestKeys.RSA.getPrivate());
        JwtTenantResolver resolver = builder()
                .tenantClaim(ClaimPath.of("org"))
                .name("partner")
                .source(CredentialSource.header("X-Token"))
                .clockSkew(Duration.ZERO)
                .build();

        assertThat(resolver.resolve(
                        TenantRequest.builder().header("X-Token", token).build()))
                .isInstanceOfSatisfying(Resolution.Resolved.class, resolved -> {
                    assertThat(resolved.identity().tenantId().value()).isEqualTo("globex");
                    assertThat(resolved.identity().resolver()).isEqualTo("partner");
                });
        assertThat(resolver.name()).isEqualTo("partner");
        assertThat(resolver).hasToString("JwtTenantResolver[partner]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"jwt", "a", "a-b", "jwt-2", "a1-b2-c3"})
    void aNameIsLowerCaseWithHyphens(String name) {
        assertThat(builder().name(name).build().name()).isEqualTo(name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-", "a-", "-a", "a--b", "A", "1a", "a b", "a_b", "\u00e9"})
    void noOtherNameIsTaken(String name) {
        assertThat(faults(builder().name(name))).singleElement().asString().contains("the name of a resolver is bad");
    }

    @Test
    void valuesOutOfTheirRangeAreNamedAllAtOnce() {
        assertThat(faults(builder().clockSkew(Duration.ofMinutes(6)).cache(0, Duration.ZERO)))
                .containsExactly(
                        "clockSkew is PT6M; allowed: 0 to PT5M",
                        "the size of the cache is 0; allowed: 1 to 10000000",
                        "the age of cached tokens is PT0S; allowed: PT1S to PT24H");
    }

    @Test
    void anIssuerIsRequired() {
        assertThat(faults(JwtTenantResolver.builder()))
                .contains("issuer is not set", "audience is not set, or blank")
                .anyMatch(fault -> fault.startsWith("there are no keys"));
    }

    @Test
    void oneThatIsDescribedBesidesOthersIsDescribedWhole() {
        JwtTenantResolver.Builder both = JwtTenantResolver.builder().issuer(issuer(ISSUER, IssuerTenants.any()));

        assertThat(both.build().name()).isEqualTo("jwt");
        assertThat(faults(both.jwksUri(URI.create("https://keys.test/")))).contains("issuer is not set");
    }

    @Test
    void severalIssuersAreOfDifferentNamesAndTenants() {
        JwtIssuer a = issuer("https://a.test", IssuerTenants.withPrefix("a-"));
        JwtIssuer b = issuer("https://b.test", IssuerTenants.withPrefix("b-"));
        JwtIssuer c = issuer("https://c.test", IssuerTenants.withPrefix("b-c-"));
        JwtIssuer any =
                JwtIssuer.builderOfAnyIssuer().audience("api").keySet(good()).build();

        assertThat(JwtTenantResolver.builder().issuer(a).issuer(b).build().name())
                .isEqualTo("jwt");
        assertThat(faults(JwtTenantResolver.builder().issuer(a).issuer(b).issuer(a)))
                .containsExactly("issuer https://a.test is there twice");
        assertThat(faults(JwtTenantResolver.builder().issuer(a).issuer(b).issuer(c)))
                .containsExactly("issuers https://b.test and https://c.test may speak for the same tenant; allowed:"
                        + " tenants that no other issuer has");
        for (JwtTenantResolver.Builder beside : List.of(
                JwtTenantResolver.builder().issuer(a).issuer(any),
                JwtTenantResolver.builder().issuer(any).issuer(a),
                JwtTenantResolver.builder().issuer(any).issuer(any))) {
            assertThat(faults(beside))
                    .containsExactly(
                            "there are several issuers, and for one of them iss does not count; allowed: one that is"
                                    + " alone");
        }
    }

    @Test
    void keysInHandHaveOneThatCanBeUsed() {
        assertThat(faults(builder().keySet(keySet(jwk("p", TestKeys.P384, "")))))
                .singleElement()
                .asString()
                .startsWith("keySet has no key for [RS256, ES256]")
                .contains("key p: no allowed algorithm uses its curve");
        assertThat(builder()
                        .keySet(keySet(jwk("p", TestKeys.P384, ""), jwk("k", TestKeys.RSA, "")))
                        .build()
                        .name())
                .isEqualTo("jwt");
    }

    @Test
    void aFileIsThereAndHasAKeyThatCanBeUsed() throws IOException {
        Path file = folder.resolve("keys.json");

        assertThat(faultsOf(file)).containsExactly("jwksFile cannot be read, or is no key set: NoSuchFileException");
        Files.writeString(file, "garbage");
        assertThat(faultsOf(file)).containsExactly("jwksFile cannot be read, or is no key set: not a JSON object");
        Files.writeString(file, "{}");
        assertThat(faultsOf(file))
                .containsExactly("jwksFile cannot be read, or is no key set: it has no array \"keys\"");
        Files.writeString(file, HandMade.jwks(jwk("p", TestKeys.P384, "")));
        assertThat(faultsOf(file)).containsExactly("jwksFile has no key for [RS256, ES256]");
    }

    private static List<String> faultsOf(Path file) {
        JwtIssuer issuer =
                JwtIssuer.builder(ISSUER).audience("api").jwksFile(file).build();
        return faults(JwtTenantResolver.builder().issuer(issuer));
    }

    @Test
    void aProviderHasDigestsAndSignatures() {
        assertThat(faults(builder().provider(new NoCryptography())))
                .singleElement()
                .asString()
                .startsWith("the cryptographic provider has not SHA-256 and all of [RS256, ES256]");
        assertThatThrownBy(
                        () -> builder().provider(new FailingSignatures(false)).build())
                .hasMessageContaining("SHA-256");
    }
}
