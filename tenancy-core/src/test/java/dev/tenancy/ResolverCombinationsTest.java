package dev.tenancy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenancy.resolver.ApiKeyTenantResolver;
import dev.tenancy.resolver.ClientCertificateTenantResolver;
import dev.tenancy.resolver.CookieTenantResolver;
import dev.tenancy.resolver.FixedTenantResolver;
import dev.tenancy.resolver.HeaderTenantResolver;
import dev.tenancy.resolver.HostTenantResolver;
import dev.tenancy.resolver.PathTenantResolver;
import dev.tenancy.resolver.PrincipalTenantResolver;
import java.security.Principal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Resolvers in one chain, each of which alone is tested elsewhere. */
class ResolverCombinationsTest {
    private static final TenantResolver FIXED = FixedTenantResolver.of(TenantId.of("default"));
    private static final TenantResolver HEADER = HeaderTenantResolver.of("X-Tenant");
    private static final TenantResolver COOKIE = CookieTenantResolver.of("tenant");
    private static final TenantResolver PATH = PathTenantResolver.of("/t");
    private static final TenantResolver PRINCIPAL =
            PrincipalTenantResolver.builder().tenant("bob", TenantId.of("bobs")).build();
    private static final TenantResolver CERTIFICATE =
            ClientCertificateTenantResolver.builder().attribute("O").build();
    private static final TenantResolver HOST =
            HostTenantResolver.builder().suffix("example.com").build();
    private static final TenantResolver API_KEY = ApiKeyTenantResolver.builder()
            .key("key-1", TenantId.of("by-key"))
            .source(CredentialSource.bearer())
            .source(CredentialSource.queryParameter("key", List.of("/events")))
            .build();

    @Test
    void aTokenAndAnApiKeyStandInTheSameHeaderInEitherOrder() {
        for (List<TenantResolver> order : List.of(
                List.of(new TokenResolver(), API_KEY, FIXED),
                List.of(API_KEY, new TokenResolver(), FIXED),
                List.of(FIXED, API_KEY, new TokenResolver()))) {
            assertThat(tenantOf(order, bearer("a.b.c"))).isEqualTo("by-token");
            assertThat(tenantOf(order, bearer("key-1"))).isEqualTo("by-key");
            assertThat(tenantOf(order, bearer("garbage"))).isEqualTo("refused");
            assertThat(tenantOf(order, bearer("x.y.z"))).isEqualTo("refused");
            assertThat(tenantOf(order, TenantRequest.builder())).isEqualTo("default");
        }
    }

    @Test
    void aHostNamesTheTenantIfNoKeyProvesOneAndNoKeyIsNoGood() {
        List<TenantResolver> chain = List.of(API_KEY, HOST, FIXED);

        assertThat(tenantOf(chain, host("acme.example.com"))).isEqualTo("acme");
        assertThat(tenantOf(chain, host("acme.example.com").header("Authorization", "Bearer key-1")))
                .isEqualTo("by-key");
        assertThat(tenantOf(chain, host("acme.example.com").header("Authorization", "Bearer garbage")))
                .isEqualTo("refused");
        assertThat(tenantOf(chain, host("example.com").header("Authorization", "Bearer garbage")))
                .isEqualTo("refused");
        assertThat(tenantOf(chain, host("example.com"))).isEqualTo("default");
        assertThat(tenantOf(chain, host("elsewhere.test"))).isEqualTo("refused");
        assertThat(tenantOf(chain, host("elsewhere.test").header("Authorization", "Bearer key-1")))
                .isEqualTo("by-key");
    }

    @Test
    void aHostThatIsNotOursIsNotSkippedInFavourOfAWeakerResolver() {
        assertThat(tenantOf(List.of(HOST, HEADER), host("elsewhere.test").header("X-Tenant", "acme")))
                .isEqualTo("refused");
        assertThat(tenantOf(List.of(HOST, HEADER), host("example.com").header("X-Tenant", "acme")))
                .isEqualTo("acme");
    }

    @Test
    void anotherResolverOfTheSameHostsMayKnowWhatOneDoesNot() {
        TenantResolver customDomains = new StubResolver(
                "custom-domains",
                Resolution.resolved(TenantIdentity.of(TenantId.of("by-domain"), "custom-domains")),
                Set.of(CredentialSource.host(Set.of("example.com"))));

        assertThat(tenantOf(List.of(HOST, customDomains, FIXED), host("elsewhere.test")))
                .isEqualTo("by-domain");
    }

    @Test
    void garbageInACookieIsNotSkippedInFavourOfAHeader() {
        TenantRequest.Builder request =
                TenantRequest.builder().header("Cookie", "tenant=(garbage)").header("X-Tenant", "acme");

        assertThat(tenantOf(List.of(COOKIE, HEADER), request)).isEqualTo("refused");
        assertThat(tenantOf(List.of(HEADER, COOKIE), request)).isEqualTo("acme");
        assertThat(tenantOf(
                        List.of(COOKIE, HEADER),
                        TenantRequest.builder().header("Cookie", "other=x").header("X-Tenant", "acme")))
                .isEqualTo("acme");
    }

    @Test
    void aDefaultTenantNeverAnswersWhenSomethingStandsAtAPlaceOfAnyResolver() {
        List<TenantResolver> resolvers = List.of(API_KEY, CERTIFICATE, PRINCIPAL, HOST, PATH, COOKIE, HEADER);
        for (int place = 0; place <= resolvers.size(); place++) {
            List<TenantResolver> chain = new ArrayList<>(resolvers);
            chain.add(place, FIXED);
            for (TenantRequest.Builder request : List.of(
                    bearer("garbage"),
                    TenantRequest.builder().target("/events?key=garbage"),
                    TenantRequest.builder().target("/events?key=%zz"),
                    TenantRequest.builder().attribute(Principal.class, () -> "stranger"),
                    TenantRequest.builder().attribute(Principal.class, () -> ""),
                    host("elsewhere.test"),
                    host("user@example.com"),
                    TenantRequest.builder().header("Host", "elsewhere.test"),
                    TenantRequest.builder().target("/t/(garbage)"),
                    TenantRequest.builder().target("/x/../t/acme"),
                    TenantRequest.builder().target("/t/%zz"),
                    TenantRequest.builder().header("Cookie", "tenant=(garbage)"),
                    TenantRequest.builder().header("Cookie", "tenant=a; tenant=b"),
                    TenantRequest.builder().header("X-Tenant", "(garbage)"))) {
                assertThat(tenantOf(chain, request))
                        .as("%s with the default at %d", request.build(), place)
                        .isEqualTo("refused");
            }
            for (TenantRequest.Builder nothing : List.of(
                    TenantRequest.builder(),
                    TenantRequest.builder().target("/other?key=garbage"),
                    host("example.com:443"),
                    TenantRequest.builder().target("/x/y"),
                    TenantRequest.builder().header("Cookie", "tenant=; other=x").header("X-Tenant", " "))) {
                assertThat(tenantOf(chain, nothing))
                        .as("%s with the default at %d", nothing.build(), place)
                        .isEqualTo("default");
            }
        }
    }

    @Test
    void twoOfAKindStandInOneChainUnderNamesOfTheirOwn() {
        List<TenantResolver> chain = List.of(
                HeaderTenantResolver.builder("X-Partner").name("partner").build(), HEADER);

        assertThat(tenantOf(chain, TenantRequest.builder().header("X-Partner", "p")))
                .isEqualTo("p");
        assertThat(tenantOf(chain, TenantRequest.builder().header("X-Tenant", "t")))
                .isEqualTo("t");
    }

    @Test
    void aRequestThatFailsWhenItIsLookedAtIsAnOutage() {
        TenantRequest failing = new FailingRequest();

        for (List<TenantResolver> chain :
                List.of(List.of(PRINCIPAL), List.of(FIXED, PRINCIPAL), List.of(FIXED, HEADER, CERTIFICATE))) {
            assertThat(tenancy(chain).admit(failing)).isEqualTo(new Admission.Denied(Problem.unavailable()));
        }
    }

    private static Tenancy tenancy(List<TenantResolver> chain) {
        Tenancy.Builder tenancy = Tenancy.builder().catalog(TenantCatalog.acceptingAny());
        chain.forEach(tenancy::resolver);
        return tenancy.build();
    }

    private static String tenantOf(List<TenantResolver> chain, TenantRequest.Builder request) {
        return tenancy(chain)
                .handle(
                        request.build(),
                        admitted -> admitted.identity().tenantId().value(),
                        problem -> problem.equals(Problem.refused()) ? "refused" : problem.title());
    }

    private static TenantRequest.Builder bearer(String token) {
        return TenantRequest.builder().header("Authorization", "Bearer " + token);
    }

    private static TenantRequest.Builder host(String authority) {
        return TenantRequest.builder().authority(authority);
    }

    /** Knows tokens by their form, as the resolver of JSON Web Tokens does. */
    private static final class TokenResolver implements TenantResolver {
        @Override
        public String name() {
            return "token";
        }

        @Override
        public Set<CredentialSource> sources() {
            return Set.of(CredentialSource.bearer());
        }

        @Override
        public Resolution resolve(TenantRequest request) {
            return CredentialSource.bearer().resolve(request, token -> {
                if (token.equals("a.b.c")) {
                    return Resolution.resolved(TenantIdentity.of(TenantId.of("by-token"), name()));
                }
                return token.split("\\.").length == 3 ? Resolution.rejected("forged") : Resolution.unrecognized();
            });
        }
    }

    private record StubResolver(String name, Resolution answer, Set<CredentialSource> sources)
            implements TenantResolver {
        @Override
        public Resolution resolve(TenantRequest request) {
            return answer;
        }
    }

    /** A host's request whose TLS session is gone. */
    private static final class FailingRequest implements TenantRequest {
        private final TenantRequest empty = TenantRequest.builder().build();

        @Override
        public String method() {
            return empty.method();
        }

        @Override
        public String rawPath() {
            return empty.rawPath();
        }

        @Override
        public Optional<String> rawQuery() {
            return empty.rawQuery();
        }

        @Override
        public Optional<String> authority() {
            return empty.authority();
        }

        @Override
        public List<String> headers(String name) {
            return empty.headers(name);
        }

        @Override
        public <T> Optional<T> attribute(Class<T> type) {
            throw new IllegalStateException("the session is gone");
        }
    }
}
