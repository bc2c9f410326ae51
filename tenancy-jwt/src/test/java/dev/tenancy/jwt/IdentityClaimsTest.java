package dev.tenancy.jwt;

import static dev.tenancy.jwt.HandMade.CLAIMS;
import static dev.tenancy.jwt.TrustedIssuerTest.assertRefused;
import static dev.tenancy.jwt.TrustedIssuerTest.issuer;
import static dev.tenancy.jwt.TrustedIssuerTest.verify;
import static dev.tenancy.jwt.TrustedIssuerTest.with;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Which identity the claims of a good token prove. */
class IdentityClaimsTest {

    @Test
    void theTenantIsOneTextOfTheClaimForIt() throws Exception {
        JwtIssuer.Builder nested = issuer().tenantClaim(ClaimPath.of("org.id"));

        assertThat(verify(nested, with("\"org\":{\"id\":\"globex\"}"))
                        .token()
                        .identity()
                        .tenantId()
                        .value())
                .isEqualTo("globex");
        assertRefused(nested, CLAIMS, "claim org.id is missing, blank, over-long or not one text");
        assertRefused(issuer(), CLAIMS.replace("\"acme\"", "7"), "claim org_id is missing");
        assertRefused(issuer(), CLAIMS.replace("acme", "a b"), "claim org_id is not a tenant id: it has a character");
        assertRefused(
                issuer().tenants(IssuerTenants.withPrefix("b-")), CLAIMS, "may not speak for the tenant that it names");
    }

    @Test
    void theSubjectIsTextWithoutControlCharacters() throws Exception {
        String longest = "\ud83d\ude00".repeat(255);
        for (String good : List.of("u", " ", "auth0|1", "\u00e9", "s".repeat(255), longest)) {
            assertThat(verify(issuer(), CLAIMS.replace("u1", good))
                            .token()
                            .identity()
                            .subject())
                    .contains(good);
        }
        for (String bad : List.of(
                "",
                "s".repeat(256),
                longest + "s",
                "a\\u0000",
                "\\na",
                "a\\rb",
                "a\\u007f",
                "a\\u0085b",
                "a\\u009b31m")) {
            assertRefused(issuer(), CLAIMS.replace("u1", bad), "claim sub is not text, empty, longer than");
        }
        for (String bad : List.of("7", "[\"u1\"]", "{}", "false")) {
            assertRefused(issuer(), CLAIMS.replace("\"u1\"", bad), "claim sub is not text");
        }
    }

    @Test
    void theSubjectMayStandElsewhereOrNowhere() throws Exception {
        JwtIssuer.Builder elsewhere = issuer().subjectClaim(ClaimPath.of("user.id"));

        assertThat(verify(elsewhere, with("\"user\":{\"id\":\"u2\"}"))
                        .token()
                        .identity()
                        .subject())
                .contains("u2");
        assertThat(verify(elsewhere, CLAIMS).token().identity().subject()).isEmpty();
        assertThat(verify(issuer(), CLAIMS.replace("\"u1\"", "null"))
                        .token()
                        .identity()
                        .subject())
                .isEmpty();
    }

    @Test
    void readableTenantsAreThoseOfTheClaimForThem() throws Exception {
        JwtIssuer.Builder issuer = issuer().readableTenantsClaim(ClaimPath.of("reads"));

        assertThat(readable(issuer, CLAIMS)).isEmpty();
        assertThat(readable(issuer, with("\"reads\":[]"))).isEmpty();
        assertThat(readable(issuer, with("\"reads\":\"globex\""))).containsExactly("globex");
        assertThat(readable(issuer, with("\"reads\":[\"globex\",\"initech\",\"globex\"]")))
                .containsExactlyInAnyOrder("globex", "initech");
        assertThat(readable(issuer, with("\"reads\":[\"acme\"]")))
                .as("without its own")
                .isEmpty();
        assertThat(readable(issuer(), with("\"reads\":[\"globex\"]")))
                .as("unless no claim is for them")
                .isEmpty();
    }

    private static List<String> readable(JwtIssuer.Builder issuer, String claims) throws Exception {
        return verify(issuer, claims).token().identity().readableTenants().stream()
                .map(Object::toString)
                .toList();
    }

    @Test
    void noOtherTenantsAreReadable() throws Exception {
        JwtIssuer.Builder issuer = issuer().readableTenantsClaim(ClaimPath.of("reads"));
        String most = "\"t\"" + ",\"t\"".repeat(255);

        assertThat(readable(issuer, with("\"reads\":[" + most + "]"))).containsExactly("t");
        for (String bad : List.of("[" + most + ",\"t\"]", "7", "[\"a\",7]", "[[\"a\"]]", "[\" \"]", "{\"a\":\"b\"}")) {
            assertRefused(issuer, with("\"reads\":" + bad), "claim reads is not an array of at most 256 texts");
        }
        assertRefused(issuer, with("\"reads\":[\"globex\",\"a b\"]"), "claim reads is not a tenant id");
        assertRefused(
                issuer.tenants(IssuerTenants.withPrefix("ac")), with("\"reads\":[\"globex\"]"), "may not speak for");
    }

    @Test
    void allClaimsAreAttributesButForNulls() throws Exception {
        String claims =
                with("\"a\":null,\"b\":{\"c\":null,\"d\":[null,1,{\"e\":null,\"f\":2}]},\"g\":[null],\"h\":1.5");

        assertThat(verify(issuer(), claims).token().identity().attributes())
                .containsEntry("org_id", "acme")
                .containsEntry("b", Map.of("d", List.of(1L, Map.of("f", 2L))))
                .containsEntry("g", List.of())
                .containsEntry("h", 1.5)
                .doesNotContainKey("a");
    }
}
