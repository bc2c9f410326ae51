package dev.tenancy.resolver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenancy.TenancyConfigException;
import dev.tenancy.TenantId;
import dev.tenancy.TenantRequest;
import dev.tenancy.TenantResolver;
import dev.tenancy.testing.TenantResolverContract;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CookieTenantResolverTest {
    private final TenantResolver resolver = CookieTenantResolver.of("tenant");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "tenant=acme",
                "a=b; tenant=acme; c=d",
                "a=b;tenant=acme",
                " tenant=acme ",
                "tenant = acme",
                "tenant=\"acme\"",
                "tenant=acme; tenant=acme",
                "tenant=; tenant=acme",
                "tenant=\"\"; tenant=acme",
                "Tenant=globex; tenant=acme; TENANT=initech",
                "tenant2=globex; tenant=acme; 2tenant=initech",
                "x={\"a\":1,\"b\":2}; tenant=acme",
                "x=\"y\"; tenant=acme",
                "x=a\"; tenant=acme",
                "=x; ; tenant=acme;",
                "$Version=1; tenant=acme; $Path=/"
            })
    void theCookieOfTheNameIsRead(String cookies) {
        assertThat(Answers.of(resolver, cookies(cookies))).isEqualTo("acme");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                ";",
                "tenant",
                "tenant=",
                "tenant=  ",
                "tenant=\"\"",
                "Tenant=acme",
                "xtenant=acme",
                "tenantx=acme",
                "a=tenant=acme",
                "a=b, tenant=acme",
                "__Host-tenant=acme",
                "=tenant=acme"
            })
    void withoutTheCookieOrWithABlankOneItIsAbsent(String cookies) {
        assertThat(Answers.of(resolver, cookies(cookies))).isEqualTo(Answers.ABSENT);
    }

    @Test
    void allCookieFieldsAreRead() {
        assertThat(Answers.of(resolver, cookies("a=b", "tenant=acme"))).isEqualTo("acme");
        assertThat(Answers.of(resolver, cookies("tenant=acme", "tenant=acme"))).isEqualTo("acme");
        assertThat(Answers.of(resolver, cookies("tenant=acme", "tenant=globex")))
                .isEqualTo(Answers.REJECTED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "tenant=acme; tenant=globex",
                "tenant=acme; tenant=Acme",
                "tenant=acme; tenant=\"globex\"",
                "tenant=globex; a=b; tenant=; tenant=acme"
            })
    void severalDifferentOnesAreRejected(String cookies) {
        assertThat(Answers.reason(resolver, cookies(cookies))).isEqualTo("several different values of cookie tenant");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "pref=\"x; tenant=globex; y=\"",
                "pref=\"; tenant=globex",
                "tenant=acme; pref=\"",
                "pref=\"x; tenant=globex\"",
                "tenant=\"acme",
                "tenant=\""
            })
    void aCookieBesideAnOpenQuoteIsRejectedSinceOlderServersReadItOtherwise(String cookies) {
        assertThat(Answers.reason(resolver, cookies(cookies)))
                .isEqualTo("cookie tenant may be part of a quoted value that is not closed");
    }

    @Test
    void anOpenQuoteInAnotherFieldCountsAsWell() {
        assertThat(Answers.of(resolver, cookies("pref=\"x", "tenant=globex"))).isEqualTo(Answers.REJECTED);
        assertThat(Answers.of(resolver, cookies("pref=\"x", "other=globex"))).isEqualTo(Answers.ABSENT);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "tenant=acme\"",
                "tenant=ac\"me",
                "tenant=\"ac\"me\"",
                "tenant=acme,globex",
                "tenant=ac me",
                "tenant=ac\\me",
                "tenant=acmé",
                "tenant=acme\u0000",
                "tenant=acme\u007f",
                "tenant=\" acme\""
            })
    void aCharacterThatNoCookieMayHaveIsRejected(String cookies) {
        assertThat(Answers.reason(resolver, cookies(cookies)))
                .isEqualTo("cookie tenant has a character that no cookie may have");
    }

    @ParameterizedTest
    @ValueSource(strings = {"tenant=acme%20", "tenant=%61cme", "tenant=-acme", "tenant=(acme)"})
    void nothingIsDecodedAndWhatIsNoTenantIdIsRejected(String cookies) {
        assertThat(Answers.reason(resolver, cookies(cookies)))
                .isEqualTo("the cookie names no tenant: it has a character that is not allowed (first a letter or"
                        + " digit, then also . _ : @ / + = ~ - |)");
    }

    @ParameterizedTest
    @CsvSource({"tenant=auth0|abc,auth0|abc", "tenant=YWNtZQ==,YWNtZQ=="})
    void everyTenantIdFits(String cookies, String tenant) {
        assertThat(Answers.of(resolver, cookies(cookies))).isEqualTo(tenant);
    }

    @Test
    void twoInOneChainHaveNamesOfTheirOwn() {
        TenantResolver other =
                CookieTenantResolver.builder("other").name("other-cookie").build();

        assertThat(resolver.name()).isEqualTo("cookie");
        assertThat(other.name()).isEqualTo("other-cookie");
        assertThatThrownBy(() -> CookieTenantResolver.builder("other").name("-").build())
                .isInstanceOf(TenancyConfigException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "te nant", "tenant=", "tenant;", "ténant", "\"tenant\""})
    void aCookieThatNoRequestCanHaveFailsAtStart(String name) {
        assertThatThrownBy(() -> CookieTenantResolver.of(name))
                .isInstanceOf(TenancyConfigException.class)
                .hasMessageContaining("the name of a cookie is bad; allowed: letters, digits and !");
    }

    private static TenantRequest cookies(String... fields) {
        TenantRequest.Builder request = TenantRequest.builder();
        for (String field : fields) {
            request.header("Cookie", field);
        }
        return request.build();
    }

    @Nested
    class Contract extends TenantResolverContract {
        @Override
        protected TenantResolver resolver() {
            return resolver;
        }

        @Override
        protected TenantId tenant() {
            return TenantId.of("acme");
        }

        @Override
        protected List<TenantRequest> provingRequests() {
            return List.of(
                    cookies("tenant=acme"),
                    cookies("a=b; tenant=\"acme\""),
                    cookies("a=b", "tenant=acme", "tenant=acme"),
                    TenantRequest.builder().header("COOKIE", "tenant=acme").build());
        }

        @Override
        protected List<TenantRequest> refusedRequests() {
            return List.of(
                    cookies("tenant=gar bage"),
                    cookies("tenant=\"garbage"),
                    cookies("tenant=(garbage)"),
                    cookies("tenant=acme", "tenant=garbage"));
        }

        @Override
        protected List<TenantRequest> absentRequests() {
            return List.of(TenantRequest.builder().build(), cookies("tenant=; Tenant=acme"), cookies("x=\""));
        }

        @Override
        protected Set<String> secrets() {
            return Set.of("bage");
        }
    }
}
