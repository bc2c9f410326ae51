package dev.tenancy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import dev.tenancy.resolver.ApiKeyTenantResolver;
import dev.tenancy.resolver.FixedTenantResolver;
import dev.tenancy.resolver.HeaderTenantResolver;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TenancyTest {
    private static final TenantId ACME = TenantId.of("acme");
    private static final TenantResolver HEADER = HeaderTenantResolver.of("X-Tenant");
    private static final TenantResolver API_KEY =
            ApiKeyTenantResolver.builder().key("key-1", ACME).build();
    private static final TenantResolver FIXED = FixedTenantResolver.of(TenantId.of("default"));

    private final List<String> log = new ArrayList<>();

    @Test
    void nothingPresentedIsRefusedWithAPlainChallenge() {
        assertThat(refused(tenancy(API_KEY), TenantRequest.builder().build())).isEqualTo(Problem.unauthenticated());
    }

    @Test
    void aDefaultTenantAnswersOnlyWhenNothingWasPresented() {
        Tenancy tenancy = tenancy(API_KEY, HEADER, FIXED);

        assertThat(tenantOf(tenancy, TenantRequest.builder().build())).isEqualTo("default");
        assertThat(tenantOf(tenancy, bearer("key-1"))).isEqualTo("acme");
        assertThat(refused(tenancy, bearer("garbage"))).isEqualTo(Problem.refused());
        assertThat(refused(tenancy, bearer("gar bage"))).isEqualTo(Problem.refused());
        assertThat(refused(tenancy, request("Authorization", "Basic YTpi"))).isEqualTo(Problem.refused());
        assertThat(refused(tenancy, request("Authorization", ""))).isEqualTo(Problem.refused());
        assertThat(refused(tenancy, request("X-Tenant", "no tenant id"))).isEqualTo(Problem.refused());
    }

    @Test
    void garbageIsNotPassedToAWeakerResolver() {
        TenantRequest request = TenantRequest.builder()
                .header("Authorization", "Bearer garbage")
                .header("X-Tenant", "acme")
                .build();

        assertThat(refused(tenancy(API_KEY, HEADER), request)).isEqualTo(Problem.refused());
        assertThat(refused(tenancy(API_KEY, HEADER, FIXED), request)).isEqualTo(Problem.refused());
    }

    @Test
    void aDefaultTenantAnswersOnlyWhenNothingWasPresentedWhereverItStands() {
        Tenancy first = tenancy(FIXED, API_KEY);
        assertThat(refused(first, bearer("garbage"))).isEqualTo(Problem.refused());
        assertThat(tenantOf(first, bearer("key-1"))).isEqualTo("acme");

        Tenancy nobodyReadsAuthorization = tenancy(HEADER, FIXED);
        assertThat(refused(nobodyReadsAuthorization, bearer("garbage"))).isEqualTo(Problem.refused());
        assertThat(tenantOf(nobodyReadsAuthorization, TenantRequest.builder().build()))
                .isEqualTo("default");
    }

    @Test
    void whatStandsAtTwoPlacesMustBeRecognisedByOneThatLooksAtBoth() {
        CredentialSource other = CredentialSource.header("X-Token");
        TenantResolver both =
                new StubResolver("both", Resolution::unrecognized, Set.of(CredentialSource.bearer(), other));
        TenantRequest atBoth = TenantRequest.builder()
                .header("Authorization", "Bearer key-1")
                .header("X-Token", "garbage")
                .build();

        assertThat(refused(tenancy(both, API_KEY), atBoth)).isEqualTo(Problem.refused());
        assertThat(tenantOf(tenancy(both, API_KEY), bearer("key-1"))).isEqualTo("acme");
    }

    @Test
    void twoResolversOfOneHeaderWorkSideBySide() {
        TenantResolver other = new StubResolver("other", Resolution::unrecognized, Set.of(CredentialSource.bearer()));

        assertThat(tenantOf(tenancy(other, API_KEY), bearer("key-1"))).isEqualTo("acme");
        assertThat(tenantOf(tenancy(API_KEY, other), bearer("key-1"))).isEqualTo("acme");
        assertThat(refused(tenancy(other, API_KEY), bearer("garbage"))).isEqualTo(Problem.refused());
    }

    @Test
    void whatAResolverThatNamesNoSourceDidNotRecogniseIsRefused() {
        TenantResolver vague = new StubResolver("vague", Resolution::unrecognized, Set.of());

        assertThat(refused(tenancy(vague, FIXED), TenantRequest.builder().build()))
                .isEqualTo(Problem.refused());
        assertThat(refused(tenancy(vague, HEADER), request("X-Tenant", "acme"))).isEqualTo(Problem.refused());
    }

    @Test
    void aRefusalEndsTheChain() {
        TenantResolver strict = stub("strict", () -> Resolution.rejected("expired"));

        assertThat(refused(tenancy(strict, HEADER), request("X-Tenant", "acme")))
                .isEqualTo(Problem.refused());
    }

    @Test
    @SuppressWarnings("NullAway") // the resolver breaks its contract
    void aResolverThatCannotTellIsAnOutageAndNotTheNextResolver() {
        for (TenantResolver broken : List.of(
                stub("down", () -> Resolution.unavailable(new IOException("key server"))),
                stub("throws", () -> {
                    throw new IllegalStateException("bug");
                }),
                stub("null", () -> null))) {
            assertThat(refused(tenancy(broken, HEADER), request("X-Tenant", "acme")))
                    .isEqualTo(Problem.unavailable());
        }
    }

    @Test
    void aResolverMayRejectByItsException() {
        TenantResolver resolver = stub("plugin", () -> Resolution.resolved(TenantIdentity.of(TenantId.of("p-ü"), "x")));

        assertThat(refused(tenancy(resolver), TenantRequest.builder().build())).isEqualTo(Problem.refused());
    }

    @Test
    void anExceptionThatNobodyDeclaredIsAnOutage() {
        for (Tenancy.Builder broken : List.of(
                builder(stub("sneaky", () -> {
                    throw TenancyTest.<RuntimeException>undeclared();
                })),
                builder(HEADER).guard(guardOf(() -> {
                    throw TenancyTest.<RuntimeException>undeclared();
                })),
                builder(HEADER).catalog(id -> {
                    throw TenancyTest.<RuntimeException>undeclared();
                }))) {
            assertThat(refused(broken.build(), request("X-Tenant", "acme"))).isEqualTo(Problem.unavailable());
        }
    }

    @SuppressWarnings("unchecked") // as languages without checked exceptions do
    private static <X extends Exception> RuntimeException undeclared() throws X {
        throw (X) new IOException("undeclared");
    }

    @Test
    void passedGuardsAreUndoneWhenALaterOneDiesOfAnError() {
        Tenancy tenancy = builder(HEADER)
                .guard(guard("1", true))
                .guard(guardOf(() -> {
                    throw new StackOverflowError("expected");
                }))
                .build();

        assertThatThrownBy(() -> tenancy.admit(request("X-Tenant", "acme"))).isInstanceOf(StackOverflowError.class);
        assertThat(log).containsExactly("1 asked by acme", "1 undone for acme");
        assertThat(TenantContext.current()).isEmpty();
    }

    @Test
    void aGuardThatLeavesAScopeOpenIsAnOutageAndTheOthersAreUndone() {
        Tenancy tenancy = builder(HEADER)
                .guard(guard("1", true))
                .guard(guardOf(() -> {
                    TenantContext.open(Identities.B);
                    return new Guard.Passed() {};
                }))
                .build();

        assertThat(refused(tenancy, request("X-Tenant", "acme"))).isEqualTo(Problem.unavailable());
        assertThat(log).containsExactly("1 asked by acme", "1 undone for acme", "refused acme 503");
        assertThat(TenantContext.current()).isEmpty();
    }

    @Test
    void whoeverLeavesAScopeOpenWhileARequestIsAdmittedMakesItAnOutageAndTheThreadIsClean() {
        List<Tenancy.Builder> leaking = List.of(
                builder(stub("leaking", () -> {
                    TenantContext.open(Identities.B);
                    return Resolution.resolved(TenantIdentity.of(ACME, "leaking"));
                })),
                builder(HEADER).catalog(id -> {
                    TenantContext.open(Identities.B);
                    return Optional.of(Tenant.of(id));
                }),
                builder(HEADER).guard(guard("1", true)).listener(new TenancyListener() {
                    @Override
                    public void admitted(TenantIdentity identity) {
                        TenantContext.open(Identities.B);
                    }
                }));

        for (Tenancy.Builder builder : leaking) {
            assertThat(refused(builder.build(), request("X-Tenant", "acme"))).isEqualTo(Problem.unavailable());
            assertThat(TenantContext.current()).isEmpty();
        }
        assertThat(log).containsExactly("1 asked by acme", "1 finished false for acme");
    }

    @Test
    void aRequestIsNobodysUntilItIsAdmittedWhoeverTheThreadWorksFor() {
        List<Optional<TenantIdentity>> seen = new ArrayList<>();
        Tenancy tenancy = builder(stub("curious", () -> {
                    seen.add(TenantContext.current());
                    return Resolution.resolved(TenantIdentity.of(ACME, "curious"));
                }))
                .catalog(id -> {
                    seen.add(TenantContext.current());
                    return Optional.of(Tenant.of(id));
                })
                .build();

        TenantContext.run(Identities.B, () -> {
            tenancy.admit(TenantRequest.builder().build());
            assertThat(TenantContext.require()).isSameAs(Identities.B);
        });

        assertThat(seen).containsExactly(Optional.empty(), Optional.empty());
    }

    @Test
    void aCatalogThatGivesAnotherTenantIsAnOutage() {
        Tenancy tenancy = Tenancy.builder()
                .resolver(HEADER)
                .catalog(id -> Optional.of(Tenant.of(TenantId.of("acme"))))
                .build();

        assertThat(refused(tenancy, request("X-Tenant", "ACME"))).isEqualTo(Problem.unavailable());
        assertThat(tenantOf(tenancy, request("X-Tenant", "acme"))).isEqualTo("acme");
    }

    @Test
    void anUnknownTenantIsRefusedLikeAnInvalidCredential() {
        assertThat(refused(tenancy(HEADER), request("X-Tenant", "nobody"))).isEqualTo(Problem.refused());
    }

    @Test
    void aSuspendedTenantIsForbiddenAndTheListenerIsTold() {
        assertThat(refused(tenancy(HEADER), request("X-Tenant", "frozen"))).isEqualTo(Problem.suspended());
        assertThat(log).containsExactly("refused frozen 403");
    }

    @Test
    @SuppressWarnings("NullAway") // the catalog breaks its contract
    void aCatalogThatFailsIsAnOutage() {
        for (TenantCatalog broken : List.<TenantCatalog>of(
                id -> {
                    throw new IllegalStateException("database");
                },
                id -> null)) {
            Tenancy tenancy = Tenancy.builder().resolver(HEADER).catalog(broken).build();
            assertThat(refused(tenancy, request("X-Tenant", "acme"))).isEqualTo(Problem.unavailable());
        }
    }

    @Test
    void whatTheCatalogLetsATenantReadIsInItsIdentity() {
        Admitted admitted = (Admitted) tenancy(HEADER).admit(request("X-Tenant", "acme"));

        assertThat(admitted.identity().readableTenants()).containsExactly(TenantId.of("shared"));
    }

    @Test
    void theHandlerRunsInItsTenantsContextAndLeavesNone() {
        assertThat(tenantOf(tenancy(HEADER), request("X-Tenant", "acme"))).isEqualTo("acme");
        assertThat(TenantContext.current()).isEmpty();
    }

    @Test
    void guardsAreAskedInOrderInTheTenantsContextAndToldOfSuccess() {
        Tenancy tenancy =
                builder(HEADER).guard(guard("1", true)).guard(guard("2", true)).build();

        try (Admitted admitted = (Admitted) tenancy.admit(request("X-Tenant", "acme"))) {
            assertThat(admitted.headers()).containsEntry("X-1", "passed").containsEntry("X-2", "passed");
            assertThat(admitted.attachment(String.class)).contains("from 1");
            assertThat(admitted.attachment(Integer.class)).isEmpty();
            admitted.markSucceeded();
            admitted.close();
        }

        assertThat(log)
                .containsExactly(
                        "1 asked by acme", "2 asked by acme", "2 finished true for acme", "1 finished true for acme");
    }

    @Test
    void passedGuardsAreUndoneWhenALaterOneDenies() {
        Tenancy tenancy = builder(HEADER)
                .guard(guard("0", true))
                .guard(guard("1", true))
                .guard(guard("2", false))
                .guard(guard("3", true))
                .build();

        assertThat(refused(tenancy, request("X-Tenant", "acme")).status()).isEqualTo(429);
        assertThat(log)
                .containsExactly(
                        "0 asked by acme",
                        "1 asked by acme",
                        "2 asked by acme",
                        "1 undone for acme",
                        "0 undone for acme",
                        "refused acme 429");
    }

    @Test
    void aDenialHasTheHeadersOfTheGuardsThatPassedAndItsOwnBeforeThose() {
        Problem denial = Problem.of("limited", 429, "t", "d").withHeader("x-1", "denied");
        Tenancy tenancy = builder(HEADER)
                .guard(guard("0", true))
                .guard(guard("1", true))
                .guard(guardOf(() -> new Guard.Denied(denial)))
                .guard(guard("3", true))
                .build();

        Problem answer = refused(tenancy, request("X-Tenant", "acme"));

        assertThat(answer.headers()).containsExactly(entry("X-0", "passed"), entry("x-1", "denied"));
        assertThat(answer.type()).isEqualTo(denial.type());
    }

    @Test
    void guardsAreToldOfFailure() {
        Tenancy tenancy = builder(HEADER).guard(guard("1", true)).build();

        assertThatThrownBy(() -> tenancy.handle(
                        request("X-Tenant", "acme"),
                        admitted -> {
                            throw new IOException("bug");
                        },
                        problem -> "refused"))
                .isInstanceOf(IOException.class);

        assertThat(log).containsExactly("1 asked by acme", "1 finished false for acme");
        assertThat(TenantContext.current()).isEmpty();
    }

    @Test
    @SuppressWarnings("NullAway") // a guard breaks its contract
    void aGuardThatFailsOrReturnsNullDenies() {
        for (Supplier<Guard.Decision> broken : List.<Supplier<Guard.Decision>>of(
                () -> {
                    throw new IllegalStateException("bug");
                },
                () -> null)) {
            Tenancy tenancy = builder(HEADER).guard(guardOf(broken)).build();
            assertThat(refused(tenancy, request("X-Tenant", "acme"))).isEqualTo(Problem.unavailable());
        }
    }

    @Test
    void aGuardMayAnswerByItsException() {
        Guard malformed = guardOf(() -> {
            throw new InvalidTenantIdException("example");
        });

        assertThat(refused(builder(HEADER).guard(malformed).build(), request("X-Tenant", "acme"))
                        .status())
                .isEqualTo(400);
    }

    @Test
    void aGuardThatFailsAtTheEndDoesNotKeepTheOthersFromTheirs() {
        Guard.Passed failing = new Guard.Passed() {
            @Override
            public void finished(boolean succeeded) {
                throw new IllegalStateException("bug");
            }
        };
        Tenancy tenancy = builder(HEADER)
                .guard(guard("1", true))
                .guard(guardOf(() -> failing))
                .build();

        tenantOf(tenancy, request("X-Tenant", "acme"));

        assertThat(log).contains("1 finished true for acme");
    }

    @Test
    void failuresThatHaveAnAnswerAreAnsweredInTheTenantsContext() {
        Tenancy tenancy = tenancy(HEADER);

        String answer = tenancy.<String, RuntimeException>handle(
                request("X-Tenant", "acme"),
                admitted -> {
                    throw new IllegalStateException(new SQLException("lost", "08006"));
                },
                problem -> problem.status() + " for " + TenantContext.require().tenantId());

        assertThat(answer).isEqualTo("503 for acme");
    }

    @Test
    void aListenerThatFailsChangesNothing() {
        Tenancy tenancy = Tenancy.builder()
                .resolver(HEADER)
                .catalog(catalog())
                .listener(new TenancyListener() {
                    @Override
                    public void refused(TenantIdentity identity, Problem problem) {
                        throw new IllegalStateException("bug");
                    }
                })
                .build();

        assertThat(refused(tenancy, request("X-Tenant", "frozen"))).isEqualTo(Problem.suspended());
    }

    @Test
    void anAdmissionIsFolded() {
        Tenancy tenancy = tenancy(HEADER);

        assertThat(tenancy.admit(request("X-Tenant", "acme"))
                        .<String>fold(a -> a.identity().tenantId().value(), d -> "denied"))
                .isEqualTo("acme");
        assertThat(tenancy.admit(request("X-Tenant", "frozen"))
                        .<String>fold(a -> "admitted", d -> d.problem().title()))
                .isEqualTo("Tenant suspended");
    }

    @Test
    void whatIsMissingIsNamedAllAtOnce() {
        assertThatThrownBy(() -> Tenancy.builder().build())
                .isInstanceOf(TenancyConfigException.class)
                .hasMessageContainingAll("resolver", "catalog");
        assertThatThrownBy(() -> builder(HEADER).resolver(HEADER).build()).hasMessageContaining("'header'");
        for (String bad : List.of("", "My Resolver", "forged\nline")) {
            assertThatThrownBy(() -> builder(stub(bad, Resolution::absent)).build())
                    .isInstanceOf(TenancyConfigException.class)
                    .hasMessageContainingAll(StubResolver.class.getName(), "allowed: lower-case")
                    .hasMessageNotContaining("forged");
        }
    }

    @Test
    void twoTenantsOfOneIdAreAnError() {
        assertThatThrownBy(() -> TenantCatalog.of(Tenant.of(ACME), Tenant.of(ACME)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("acme");
        assertThat(TenantCatalog.acceptingAny().find(ACME)).isPresent();
    }

    @Test
    void aTenantsSettingIsParsedOnceAndABadOneIsAnOutageOfThatTenant() {
        TenantSetting<Integer> seats = TenantSetting.of("seats", text -> {
            log.add("parsed");
            return Integer.valueOf(text);
        });
        Tenant good = Tenant.builder(ACME).setting("seats", "7").build();

        assertThat(good.setting(seats)).contains(7);
        assertThat(good.setting(seats)).contains(7);
        assertThat(log).containsExactly("parsed");
        assertThat(good.setting(TenantSetting.of("other", text -> text))).isEmpty();
        assertThatThrownBy(() ->
                        Tenant.builder(ACME).setting("seats", "many").build().setting(seats))
                .isInstanceOf(UnavailableException.class)
                .hasMessageContainingAll("seats", "acme");
    }

    @ParameterizedTest
    @ValueSource(strings = {"header", "api-key , header", "fixed", "header,fixed"})
    void configuredResolversAreLoaded(String names) {
        assertThat(load(names).catalog(catalog()).build()).isNotNull();
    }

    @Test
    void configuredResolversAreAskedInTheirOrder() {
        Tenancy tenancy = load("api-key,fixed").catalog(catalog()).build();

        assertThat(tenantOf(tenancy, bearer("abc"))).isEqualTo("acme");
        assertThat(refused(tenancy, bearer("abd"))).isEqualTo(Problem.refused());
        assertThat(tenantOf(tenancy, TenantRequest.builder().build())).isEqualTo("default");
    }

    @Test
    void whatIsFoundAndNotNamedIsLeftOut() {
        Tenancy tenancy = load("api-key").catalog(catalog()).build();

        assertThat(refused(tenancy, request("X-Tenant", "acme"))).isEqualTo(Problem.unauthenticated());
    }

    @Test
    void aResolverMadeByHandTakesThePlaceOfTheFoundOne() {
        Tenancy tenancy = Tenancy.load(TenancyConfig.of(Map.of("tenancy.resolvers", "header")), HEADER)
                .catalog(catalog())
                .build();

        assertThat(tenantOf(tenancy, request("X-Tenant", "acme"))).isEqualTo("acme");
    }

    @Test
    void theSettingsOfAReplacedResolverAreStillKnownAndTwoOfOneNameAreAFault() {
        TenancyConfig config = TenancyConfig.of(Map.of("tenancy.resolvers", "header", "tenancy.header.name", "X-Org"));

        assertThat(tenantOf(Tenancy.load(config, HEADER).catalog(catalog()).build(), request("X-Tenant", "acme")))
                .isEqualTo("acme");
        assertThatThrownBy(() -> Tenancy.load(config, HEADER, HEADER)).hasMessageContaining("made by hand");
    }

    @Test
    void variablesOfTheEnvironmentAreReadWhereNothingElseIsSaid() {
        TenancyConfig config = TenancyConfig.of(Map.of("tenancy.resolvers", "header"))
                .withEnvironment(Map.of(
                        "TENANCY_RESOLVERS", "fixed", "TENANCY_HEADER_NAME", "X-Org", "TENANCY_UNKNOWN", "ignored"));
        Tenancy tenancy = Tenancy.load(config).catalog(catalog()).build();

        assertThat(tenantOf(tenancy, request("X-Org", "acme"))).isEqualTo("acme");
    }

    @Test
    void faultsOfTheConfigurationAreNamedAllAtOnce() {
        TenancyConfig config = TenancyConfig.of(Map.of(
                "tenancy.resolvers", "header,api-key,nonsense,fixed",
                "tenancy.header.name", "two words",
                "tenancy.api-key.digests", "secret=acme",
                "tenancy.typo", "x"));

        assertThatThrownBy(() -> Tenancy.load(config)).isInstanceOfSatisfying(TenancyConfigException.class, bad -> {
            assertThat(bad.faults()).hasSize(5);
            assertThat(bad.getMessage())
                    .contains(
                            "tenancy.typo",
                            "tenancy.header.name",
                            "tenancy.api-key.digests",
                            "nonsense",
                            "tenancy.default-tenant is not set")
                    .doesNotContain("secret")
                    .doesNotContain("two words");
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", ",", "header,", "header,header"})
    void badListsOfResolversAreFaults(String names) {
        assertThatThrownBy(() -> load(names))
                .isInstanceOf(TenancyConfigException.class)
                .hasMessageContaining("tenancy.resolvers");
    }

    @Test
    void aConfigurationPrintsNoValue() {
        assertThat(TenancyConfig.of(Map.of("tenancy.header.name", "secret")))
                .hasToString("TenancyConfig[tenancy.header.name]");
    }

    @Test
    void aRequestPrintsNoCredential() {
        assertThat(TenantRequest.builder()
                        .method("POST")
                        .target("/a%20b?token=secret")
                        .authority("api.example:443")
                        .header("Authorization", "secret")
                        .build())
                .hasToString("POST /a%20b")
                .satisfies(request -> {
                    assertThat(request.rawQuery()).contains("token=secret");
                    assertThat(request.authority()).contains("api.example:443");
                });
    }

    private static Tenancy.Builder load(String names) {
        return Tenancy.load(TenancyConfig.of(Map.of(
                "tenancy.resolvers", names,
                "tenancy.header.name", "X-Tenant",
                // printf abc | sha256sum
                "tenancy.api-key.digests", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad = acme",
                "tenancy.default-tenant", "default")));
    }

    private Tenancy tenancy(TenantResolver... resolvers) {
        return builder(resolvers).build();
    }

    private Tenancy.Builder builder(TenantResolver... resolvers) {
        Tenancy.Builder builder = Tenancy.builder().catalog(catalog()).listener(new TenancyListener() {
            @Override
            public void refused(TenantIdentity identity, Problem problem) {
                log.add("refused " + identity.tenantId() + " " + problem.status());
            }
        });
        for (TenantResolver resolver : resolvers) {
            builder.resolver(resolver);
        }
        return builder;
    }

    private static TenantCatalog catalog() {
        return TenantCatalog.of(
                Tenant.builder(ACME)
                        .readableTenants(Set.of(TenantId.of("shared")))
                        .build(),
                Tenant.of(TenantId.of("default")),
                Tenant.builder(TenantId.of("frozen"))
                        .status(Tenant.Status.SUSPENDED)
                        .build());
    }

    private static String tenantOf(Tenancy tenancy, TenantRequest request) {
        return tenancy.handle(
                request,
                admitted -> TenantContext.require().tenantId().value(),
                problem -> "refused: " + problem.title());
    }

    private static Problem refused(Tenancy tenancy, TenantRequest request) {
        Admission admission = tenancy.admit(request);
        assertThat(admission).isInstanceOf(Admission.Denied.class);
        return ((Admission.Denied) admission).problem();
    }

    private static TenantRequest bearer(String token) {
        return request("Authorization", "Bearer " + token);
    }

    private static TenantRequest request(String header, String value) {
        return TenantRequest.builder().header(header, value).build();
    }

    private static TenantResolver stub(String name, Supplier<Resolution> answer) {
        return new StubResolver(name, answer, Set.of());
    }

    /** A resolver that says always the same. */
    private record StubResolver(String name, Supplier<Resolution> answer, Set<CredentialSource> sources)
            implements TenantResolver {
        @Override
        public Resolution resolve(TenantRequest request) {
            return answer.get();
        }
    }

    private static Guard guardOf(Supplier<Guard.Decision> decision) {
        return new Guard() {
            @Override
            public String name() {
                return "stub";
            }

            @Override
            public Decision check(GuardedRequest request) {
                return decision.get();
            }
        };
    }

    private Guard guard(String name, boolean passes) {
        return guardOf(() -> {
            log.add(name + " asked by " + TenantContext.require().tenantId());
            return passes ? new LoggedPass(name) : new Guard.Denied(Problem.of("limited", 429, "t", "d"));
        });
    }

    private final class LoggedPass implements Guard.Passed {
        private final String name;

        private LoggedPass(String name) {
            this.name = name;
        }

        @Override
        public Map<String, String> headers() {
            return Map.of("X-" + name, "passed");
        }

        @Override
        public Optional<Object> attachment() {
            return Optional.of("from " + name);
        }

        @Override
        public void undo() {
            log.add(name + " undone for " + TenantContext.require().tenantId());
        }

        @Override
        public void finished(boolean succeeded) {
            log.add(name + " finished " + succeeded + " for "
                    + TenantContext.require().tenantId());
        }
    }
}
