package dev.tenancy.resolver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenancy.CredentialSource;
import dev.tenancy.TenancyConfigException;
import dev.tenancy.TenantId;
import dev.tenancy.TenantRequest;
import dev.tenancy.TenantResolver;
import dev.tenancy.testing.TenantResolverContract;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ApiKeyTenantResolverTest {
    private static final TenantId ACME = TenantId.of("acme");
    private static final TenantId GLOBEX = TenantId.of("globex");
    private static final CredentialSource QUERY = CredentialSource.queryParameter("api_key", List.of("/events"));

    /** printf abc | sha256sum (FIPS 180-2, appendix B.1). */
    private static final String DIGEST_OF_ABC = "BA7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    private static final String DIGEST_OF_NOTHING = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    private final TenantResolver resolver = ApiKeyTenantResolver.builder()
            .key("key-1", ACME)
            .digest(DIGEST_OF_ABC, GLOBEX)
            .key("key-3", TenantId.of("initech"))
            .build();

    @ParameterizedTest
    @ValueSource(strings = {"Bearer key-1", "bearer key-1", "BEARER key-1", "bEaReR key-1"})
    void theSchemeMayBeInAnyCase(String authorization) {
        assertThat(Answers.of(resolver, authorization(authorization))).isEqualTo("acme");
    }

    @Test
    void aKeyIsKnownWhereverItStandsAndByItsDigest() {
        assertThat(Answers.of(resolver, authorization("Bearer key-1"))).isEqualTo("acme");
        assertThat(Answers.of(resolver, authorization("Bearer abc"))).isEqualTo("globex");
        assertThat(Answers.of(resolver, authorization("Bearer key-3"))).isEqualTo("initech");
    }

    @Test
    void everyBitOfADigestCounts() {
        byte[] digest = HexFormat.of().parseHex(DIGEST_OF_ABC);
        for (int bit = 0; bit < digest.length * Byte.SIZE; bit++) {
            byte[] other = digest.clone();
            other[bit / Byte.SIZE] ^= (byte) (1 << bit % Byte.SIZE);
            TenantResolver almost = ApiKeyTenantResolver.builder()
                    .digest(HexFormat.of().formatHex(other), ACME)
                    .build();

            assertThat(Answers.of(almost, authorization("Bearer abc"))).isEqualTo(Answers.UNRECOGNIZED);
        }
    }

    @Test
    void aTenantMayHaveSeveralKeys() {
        TenantResolver rotating =
                ApiKeyTenantResolver.builder().key("old", ACME).key("new", ACME).build();

        assertThat(Answers.of(rotating, authorization("Bearer old"))).isEqualTo("acme");
        assertThat(Answers.of(rotating, authorization("Bearer new"))).isEqualTo("acme");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Bearer key-2",
                "Bearer KEY-1",
                "Bearer key-",
                "Bearer key-11",
                "Bearer BA7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
                "Basic key-1",
                "key-1",
                "",
                "Bearer",
                "Bearerkey-1",
                "Bearer\tkey-1",
                " Bearer key-1",
                "Be\u0430rer key-1"
            })
    void whatIsNoKnownKeyIsUnrecognized(String authorization) {
        assertThat(Answers.of(resolver, authorization(authorization))).isEqualTo(Answers.UNRECOGNIZED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Bearer ",
                "Bearer  key-1",
                "Bearer key-1 ",
                "Bearer \tkey-1",
                "Bearer key-1\t",
                "Bearer kéy-1",
                "Bearer key\u0000",
                "Bearer key-1\u007f",
                "Bearer \uD800",
                "Bearer a b",
                "Bearer key-1\r\n"
            })
    void aMalformedTokenIsRejected(String authorization) {
        assertThat(Answers.reason(resolver, authorization(authorization)))
                .isEqualTo(
                        "the token after Bearer and one space is empty or has a character that is not visible ASCII");
    }

    @Test
    void twoAuthorizationFieldsAreRejectedEvenIfEqual() {
        TenantRequest twice = TenantRequest.builder()
                .header("Authorization", "Bearer key-1")
                .header("authorization", "Bearer key-1")
                .build();

        assertThat(Answers.reason(resolver, twice)).isEqualTo("more than one Authorization header");
    }

    @Test
    void theKeyStandsWhereItIsLookedForAndNowhereElse() {
        TenantResolver inHeader = ApiKeyTenantResolver.builder()
                .key("key-1", ACME)
                .source(CredentialSource.header("X-Api-Key"))
                .build();

        assertThat(Answers.of(inHeader, field("x-api-key", "key-1"))).isEqualTo("acme");
        assertThat(Answers.of(inHeader, authorization("Bearer key-1"))).isEqualTo(Answers.ABSENT);
        assertThat(Answers.of(resolver, field("x-api-key", "key-1"))).isEqualTo(Answers.ABSENT);
        assertThat(Answers.of(
                        resolver,
                        TenantRequest.builder().target("/events?api_key=key-1").build()))
                .isEqualTo(Answers.ABSENT);
    }

    @ParameterizedTest
    @ValueSource(strings = {"key-é", "key 1", "\uD83D\uDE00", "key-1\u0000", "\uD800"})
    void aKeyThatIsNotVisibleAsciiIsRejectedWhereverItStands(String key) {
        TenantResolver inHeader = ApiKeyTenantResolver.builder()
                .key("key-1", ACME)
                .source(CredentialSource.header("X-Api-Key"))
                .build();

        assertThat(Answers.reason(inHeader, field("X-Api-Key", key)))
                .isEqualTo("the API key has a character that is not visible ASCII");
    }

    @Test
    void aKeyMayBeLookedForAtTwoPlacesAndStandsAtOne() {
        TenantResolver twoPlaces = ApiKeyTenantResolver.builder()
                .key("key-1", ACME)
                .source(CredentialSource.bearer())
                .source(QUERY)
                .build();

        assertThat(twoPlaces.sources()).containsExactlyInAnyOrder(CredentialSource.bearer(), QUERY);
        assertThat(Answers.of(twoPlaces, authorization("Bearer key-1"))).isEqualTo("acme");
        assertThat(Answers.of(
                        twoPlaces,
                        TenantRequest.builder().target("/events?api_key=key-1").build()))
                .isEqualTo("acme");
        assertThat(Answers.of(twoPlaces, TenantRequest.builder().build())).isEqualTo(Answers.ABSENT);
        assertThat(Answers.reason(
                        twoPlaces,
                        TenantRequest.builder()
                                .target("/events?api_key=key-1")
                                .header("Authorization", "Bearer key-1")
                                .build()))
                .isEqualTo("something stands at more than one place of this credential");
    }

    @Test
    void twoInOneChainHaveNamesOfTheirOwn() {
        TenantResolver other = ApiKeyTenantResolver.builder()
                .key("key-1", ACME)
                .name("machine-key")
                .build();

        assertThat(resolver.name()).isEqualTo("api-key");
        assertThat(other.name()).isEqualTo("machine-key");
        assertThat(other.resolve(authorization("Bearer key-1")).toString()).contains("resolver=machine-key");
    }

    @Test
    void faultsOfKeysAreNamedAtOnceWithoutACharacterOfAKey() {
        assertThatThrownBy(() -> ApiKeyTenantResolver.builder()
                        .key("", ACME)
                        .key("  ", ACME)
                        .key("secret-key", ACME)
                        .key("secret-key", GLOBEX)
                        .digest("secret-digest", GLOBEX)
                        .digest("abcd", GLOBEX)
                        .digest(DIGEST_OF_ABC, TenantId.of("secret-key"))
                        .key("abc", ACME)
                        .digest(DIGEST_OF_NOTHING, ACME)
                        .key("sécret", ACME)
                        .name("No Name")
                        .build())
                .isInstanceOfSatisfying(TenancyConfigException.class, faults -> {
                    assertThat(faults.faults())
                            .containsExactly(
                                    "API key 1 is empty or has a character that is not visible ASCII",
                                    "API key 2 is empty or has a character that is not visible ASCII",
                                    "API key 4 is given twice",
                                    "the digest of API key 5 is not 64 hexadecimal digits",
                                    "the digest of API key 6 is not 64 hexadecimal digits",
                                    "API key 8 is given twice",
                                    "the digest of API key 9 is that of an empty key",
                                    "API key 10 is empty or has a character that is not visible ASCII",
                                    "the name of a resolver is bad; allowed: lower-case letters and digits, first a"
                                            + " letter, with single hyphens between them");
                    assertThat(faults.getMessage()).doesNotContain("secret", "abc", "e3b0");
                });
    }

    @Test
    void aResolverWithoutKeysFailsAtStart() {
        assertThatThrownBy(() -> ApiKeyTenantResolver.builder().build())
                .isInstanceOfSatisfying(
                        TenancyConfigException.class,
                        faults -> assertThat(faults.faults()).containsExactly("there is no API key"));
    }

    private static TenantRequest authorization(String value) {
        return field("Authorization", value);
    }

    private static TenantRequest field(String name, String value) {
        return TenantRequest.builder().header(name, value).build();
    }

    @Nested
    class Contract extends TenantResolverContract {
        @Override
        protected TenantResolver resolver() {
            return resolver;
        }

        @Override
        protected TenantId tenant() {
            return ACME;
        }

        @Override
        protected List<TenantRequest> provingRequests() {
            return List.of(authorization("Bearer key-1"), field("AUTHORIZATION", "bearer key-1"));
        }

        @Override
        protected List<TenantRequest> refusedRequests() {
            return List.of(
                    authorization("Bearer secret-2"),
                    authorization("Bearer secret 2"),
                    authorization("Basic c2VjcmV0LTI6"),
                    authorization(""),
                    TenantRequest.builder()
                            .header("Authorization", "Bearer key-1")
                            .header("Authorization", "Bearer key-3")
                            .build());
        }

        @Override
        protected Set<String> secrets() {
            return Set.of("key-1", "key-3", "secret", "c2Vj");
        }
    }

    @Nested
    class ContractAtTwoPlaces extends TenantResolverContract {
        @Override
        protected TenantResolver resolver() {
            return ApiKeyTenantResolver.builder()
                    .key("key-1", ACME)
                    .source(CredentialSource.header("X-Api-Key"))
                    .source(QUERY)
                    .build();
        }

        @Override
        protected TenantId tenant() {
            return ACME;
        }

        @Override
        protected List<TenantRequest> provingRequests() {
            return List.of(
                    field("x-api-key", " key-1"),
                    TenantRequest.builder().target("/events?api_key=key-1").build(),
                    TenantRequest.builder()
                            .target("/events?api%5Fkey=ke%79-1&x")
                            .build());
        }

        @Override
        protected List<TenantRequest> refusedRequests() {
            return List.of(
                    field("X-Api-Key", "secret-2"),
                    TenantRequest.builder().target("/events?api_key=secret-2").build(),
                    TenantRequest.builder().target("/events?api_key=%zz").build(),
                    TenantRequest.builder()
                            .target("/events?api_key=key-1&api_key=secret-2")
                            .build(),
                    TenantRequest.builder()
                            .target("/events?api_key=key-1")
                            .header("X-Api-Key", "key-1")
                            .build());
        }

        @Override
        protected List<TenantRequest> absentRequests() {
            return List.of(
                    TenantRequest.builder().target("/event?api_key=key-1").build(),
                    TenantRequest.builder().target("/events?api_key=").build(),
                    TenantRequest.builder().target("/events?API_KEY=key-1").build());
        }

        @Override
        protected Set<String> secrets() {
            return Set.of("key-1", "secret");
        }
    }
}
