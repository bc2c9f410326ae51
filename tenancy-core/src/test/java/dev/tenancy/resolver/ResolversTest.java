package dev.tenancy.resolver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenancy.CredentialSource;
import dev.tenancy.Resolution;
import dev.tenancy.TenancyConfigException;
import dev.tenancy.TenantId;
import dev.tenancy.TenantRequest;
import dev.tenancy.TenantResolver;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ResolversTest {
    private static final TenantId ACME = TenantId.of("acme");
    private static final TenantId GLOBEX = TenantId.of("globex");

    private final TenantResolver header = HeaderTenantResolver.of("X-Tenant");
    private final TenantResolver apiKey = ApiKeyTenantResolver.builder()
            .key("key-1", ACME)
            .digest("ea7d7dd346a2a47e5e59c98e5c90d2e3ec4d5d9b7bc6ae1bb6a3b4f4bbbfbf7d", GLOBEX)
            .build();

    @Test
    void theHeaderIsTrimmedAndReadInAnyCase() {
        assertThat(tenantOf(header.resolve(request("x-TENANT", " acme ")))).isEqualTo(ACME);
    }

    @Test
    void aBlankOrMissingHeaderIsAbsent() {
        assertThat(header.resolve(request("X-Tenant", "  "))).isEqualTo(Resolution.absent());
        assertThat(header.resolve(TenantRequest.builder().build())).isEqualTo(Resolution.absent());
    }

    @Test
    void severalDifferentHeadersAreRejectedAndEqualOnesAreOne() {
        assertThat(header.resolve(TenantRequest.builder()
                        .header("X-Tenant", "acme")
                        .header("X-Tenant", "globex")
                        .build()))
                .isInstanceOf(Resolution.Rejected.class);
        assertThat(tenantOf(header.resolve(TenantRequest.builder()
                        .header("X-Tenant", "acme")
                        .header("x-tenant", "acme ")
                        .build())))
                .isEqualTo(ACME);
    }

    @Test
    void aHeaderThatIsNoTenantIdIsRejectedWithoutBeingRepeated() {
        assertThat(header.resolve(request("X-Tenant", "'; drop table")))
                .isInstanceOfSatisfying(
                        Resolution.Rejected.class,
                        rejected -> assertThat(rejected.reason()).doesNotContain("drop"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Bearer key-1", "bearer key-1", "BEARER key-1"})
    void anApiKeyProvesItsTenant(String authorization) {
        assertThat(tenantOf(apiKey.resolve(request("Authorization", authorization))))
                .isEqualTo(ACME);
    }

    @Test
    void anApiKeyIsKnownByItsDigest() {
        TenantResolver byDigest = ApiKeyTenantResolver.builder()
                // printf abc | sha256sum (FIPS 180-2, appendix B.1)
                .digest("BA7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", GLOBEX)
                .source(CredentialSource.header("X-Api-Key"))
                .build();

        assertThat(tenantOf(byDigest.resolve(request("x-api-key", "abc")))).isEqualTo(GLOBEX);
        assertThat(byDigest.resolve(request("Authorization", "Bearer abc"))).isEqualTo(Resolution.absent());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Bearer key-2",
                "Bearer KEY-1",
                "Basic key-1",
                "key-1",
                "",
                "Bearer",
                "Bearerkey-1",
                " Bearer key-1"
            })
    void whatIsNoKnownKeyIsUnrecognized(String authorization) {
        assertThat(apiKey.resolve(request("Authorization", authorization))).isEqualTo(Resolution.unrecognized());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Bearer ",
                "Bearer  key-1",
                "Bearer key-1 ",
                "Bearer \tkey-1",
                "Bearer kéy-1",
                "Bearer key\u0000",
                "Bearer a b"
            })
    void aMalformedTokenIsRejected(String authorization) {
        assertThat(apiKey.resolve(request("Authorization", authorization))).isInstanceOf(Resolution.Rejected.class);
    }

    @Test
    void twoAuthorizationHeadersAreRejected() {
        assertThat(apiKey.resolve(TenantRequest.builder()
                        .header("Authorization", "Bearer key-1")
                        .header("Authorization", "Bearer key-1")
                        .build()))
                .isInstanceOf(Resolution.Rejected.class);
    }

    @Test
    void faultsOfKeysAreNamedAtOnceWithoutACharacterOfAKey() {
        assertThatThrownBy(() -> ApiKeyTenantResolver.builder()
                        .key("  ", ACME)
                        .key("secret-key", ACME)
                        .key("secret-key", GLOBEX)
                        .digest("secret-digest", GLOBEX)
                        .digest("abcd", GLOBEX)
                        .build())
                .isInstanceOfSatisfying(TenancyConfigException.class, faults -> {
                    assertThat(faults.faults()).hasSize(4);
                    assertThat(faults.getMessage()).doesNotContain("secret");
                });
        assertThatThrownBy(() -> ApiKeyTenantResolver.builder().build()).hasMessageContaining("no API key");
    }

    @Test
    void theFixedResolverAlwaysAnswers() {
        assertThat(tenantOf(FixedTenantResolver.of(ACME)
                        .resolve(TenantRequest.builder().build())))
                .isEqualTo(ACME);
    }

    private static TenantRequest request(String name, String value) {
        return TenantRequest.builder().header(name, value).build();
    }

    private static TenantId tenantOf(Resolution resolution) {
        return resolution.fold(
                resolved -> resolved.identity().tenantId(),
                () -> TenantId.of("absent"),
                () -> TenantId.of("unrecognized"),
                rejected -> TenantId.of("rejected"),
                unavailable -> TenantId.of("unavailable"));
    }
}
