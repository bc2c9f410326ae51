package dev.tenancy.resolver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenancy.Resolution;
import dev.tenancy.TenancyConfigException;
import dev.tenancy.TenantId;
import dev.tenancy.TenantIdentity;
import dev.tenancy.TenantRequest;
import dev.tenancy.TenantResolver;
import dev.tenancy.testing.TenantResolverContract;
import java.security.Principal;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PrincipalTenantResolverTest {
    private static final TenantId ACME = TenantId.of("acme");

    private final TenantResolver byName = PrincipalTenantResolver.builder().build();
    private final TenantResolver byMap = PrincipalTenantResolver.builder()
            .tenant("bob", ACME)
            .tenant("Carol Ü=1", TenantId.of("globex"))
            .build();
    private final TenantResolver byFunction = PrincipalTenantResolver.builder()
            .tenantOf(principal -> principal instanceof Member member && !member.org.isEmpty()
                    ? Optional.of(TenantId.of(member.org))
                    : Optional.empty())
            .build();

    @Test
    void theWholeNameIsTheTenantAndTheSubject() {
        TenantIdentity identity = ((Resolution.Resolved) byName.resolve(by("acme"))).identity();

        assertThat(identity.tenantId()).isEqualTo(ACME);
        assertThat(identity.subject()).contains("acme");
        assertThat(identity.resolver()).isEqualTo("principal");
        assertThat(Answers.of(byName, by("Acme"))).isEqualTo("Acme");
    }

    @Test
    void aMapKnowsTheTenantAndNobodyElse() {
        TenantIdentity identity = ((Resolution.Resolved) byMap.resolve(by("bob"))).identity();

        assertThat(identity.tenantId()).isEqualTo(ACME);
        assertThat(identity.subject()).contains("bob");
        assertThat(Answers.of(byMap, by("Carol Ü=1"))).isEqualTo("globex");
        assertThat(Answers.of(byMap, by("acme"))).isEqualTo(Answers.UNRECOGNIZED);
        assertThat(Answers.of(byMap, by("Bob"))).isEqualTo(Answers.UNRECOGNIZED);
        assertThat(Answers.of(byMap, by("bob "))).isEqualTo(Answers.UNRECOGNIZED);
    }

    @Test
    void aFunctionIsAskedWithThePrincipalOfTheHost() {
        TenantIdentity identity = ((Resolution.Resolved) byFunction.resolve(TenantRequest.builder()
                        .attribute(Principal.class, new Member("bob", "acme"))
                        .build()))
                .identity();

        assertThat(identity.tenantId()).isEqualTo(ACME);
        assertThat(identity.subject()).contains("bob");
        assertThat(Answers.of(byFunction, by("acme"))).isEqualTo(Answers.UNRECOGNIZED);
    }

    @Test
    void nobodyAuthenticatedIsAbsent() {
        assertThat(Answers.of(
                        byName, TenantRequest.builder().header("X-User", "acme").build()))
                .isEqualTo(Answers.ABSENT);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\t", "ac\nme", "acme\u0000", "acme\u0085", "acme\u2028", "acme\u2029"})
    void aNameThatIsBlankOrHasControlCharactersIsRejected(String name) {
        for (TenantResolver resolver : List.of(byName, byMap, byFunction)) {
            assertThat(Answers.reason(resolver, by(name)))
                    .isEqualTo("the principal's name is blank, longer than 255 characters or has a control character");
        }
    }

    @Test
    void aNameThatIsNullOrTooLongIsRejectedAndOneOf255IsRead() {
        assertThat(Answers.of(byMap, by(null))).isEqualTo(Answers.REJECTED);
        assertThat(Answers.of(byMap, by("a".repeat(256)))).isEqualTo(Answers.REJECTED);
        assertThat(Answers.of(byMap, by("a".repeat(255)))).isEqualTo(Answers.UNRECOGNIZED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"acme ", " acme", "acme\u2003"})
    void whoeverIsRegisteredWithASpaceBesideIsNotTheTenant(String name) {
        assertThat(Answers.reason(byName, by(name)))
                .isEqualTo("the principal names no tenant: there is white space around it");
    }

    @Test
    void aNameThatIsNoTenantIdIsRejectedWithoutBeingRepeated() {
        assertThat(Answers.reason(byName, by("CN=acme,O=x")))
                .startsWith("the principal names no tenant: it has a character")
                .doesNotContain("acme");
    }

    @Test
    void twoInOneChainHaveNamesOfTheirOwn() {
        TenantResolver other = PrincipalTenantResolver.builder()
                .name("sso")
                .tenant("bob", ACME)
                .build();

        assertThat(byName.name()).isEqualTo("principal");
        assertThat(other.name()).isEqualTo("sso");
        assertThat(other.resolve(by("bob")).toString()).contains("resolver=sso");
    }

    @Test
    void faultsAreNamedAtOnceWithoutANameOfAPrincipal() {
        assertThatThrownBy(() -> PrincipalTenantResolver.builder()
                        .tenant(" ", ACME)
                        .tenant("bob", ACME)
                        .tenant("bob", ACME)
                        .tenantOf(principal -> Optional.of(ACME))
                        .name("X")
                        .build())
                .isInstanceOfSatisfying(
                        TenancyConfigException.class,
                        faults -> assertThat(faults.faults())
                                .containsExactly(
                                        "the name of a principal is blank",
                                        "a principal is given twice",
                                        "the name of a resolver is bad; allowed: lower-case letters and digits, first a letter,"
                                                + " with single hyphens between them",
                                        "there are both principals and a function that knows their tenants; allowed: one of"
                                                + " them"));
    }

    private static TenantRequest by(@Nullable String name) {
        return TenantRequest.builder()
                .attribute(Principal.class, new Member(name, ""))
                .build();
    }

    /** A host's own kind of principal. */
    private record Member(@Nullable String login, String org) implements Principal {
        @Override
        @SuppressWarnings("NullAway") // as principals of careless hosts do
        public String getName() {
            return login;
        }
    }

    @Nested
    class Contract extends TenantResolverContract {
        @Override
        protected TenantResolver resolver() {
            return byName;
        }

        @Override
        protected TenantId tenant() {
            return ACME;
        }

        @Override
        protected List<TenantRequest> provingRequests() {
            return List.of(by("acme"));
        }

        @Override
        protected List<TenantRequest> refusedRequests() {
            return List.of(by(""), by(null), by("garbage "), by("(garbage)"), by("garbage\n"));
        }

        @Override
        protected Set<String> secrets() {
            return Set.of("garbage");
        }
    }

    @Nested
    class ContractWithMap extends TenantResolverContract {
        @Override
        protected TenantResolver resolver() {
            return byMap;
        }

        @Override
        protected TenantId tenant() {
            return ACME;
        }

        @Override
        protected List<TenantRequest> provingRequests() {
            return List.of(by("bob"));
        }

        @Override
        protected List<TenantRequest> refusedRequests() {
            return List.of(by("acme"), by(""), by(null));
        }
    }

    @Nested
    class ContractWithFunction extends TenantResolverContract {
        @Override
        protected TenantResolver resolver() {
            return byFunction;
        }

        @Override
        protected TenantId tenant() {
            return ACME;
        }

        @Override
        protected List<TenantRequest> provingRequests() {
            return List.of(TenantRequest.builder()
                    .attribute(Principal.class, new Member("bob", "acme"))
                    .build());
        }

        @Override
        protected List<TenantRequest> refusedRequests() {
            return List.of(
                    by("acme"),
                    by(""),
                    TenantRequest.builder()
                            .attribute(Principal.class, new Member("bob", "no tenant"))
                            .build());
        }
    }

    @Test
    @SuppressWarnings("NullAway") // as code without nullness checks does
    void aFunctionThatIsMissingIsNoWholeNameInstead() {
        assertThatThrownBy(() -> PrincipalTenantResolver.builder().tenantOf(null))
                .isInstanceOf(NullPointerException.class);
    }
}
