package dev.tenancy.resolver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenancy.CredentialSource;
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
import org.junit.jupiter.params.provider.ValueSource;

class HeaderTenantResolverTest {
    private final TenantResolver resolver = HeaderTenantResolver.of("X-Tenant");

    @Test
    void theValueIsTrimmedAndTheNameReadInAnyCase() {
        assertThat(Answers.of(resolver, fields("x-TENANT", " acme\t"))).isEqualTo("acme");
        assertThat(Answers.of(HeaderTenantResolver.of("x-tenant"), fields("X-Tenant", "acme")))
                .isEqualTo("acme");
        assertThat(HeaderTenantResolver.of("X-TENANT").sources()).isEqualTo(resolver.sources());
    }

    @Test
    void theTenantIsCaseSensitive() {
        assertThat(Answers.of(resolver, fields("X-Tenant", "Acme"))).isEqualTo("Acme");
    }

    @Test
    void aBlankOrMissingFieldIsAbsent() {
        assertThat(Answers.of(resolver, fields("X-Tenant", "  "))).isEqualTo(Answers.ABSENT);
        assertThat(Answers.of(resolver, fields("X-Tenant2", "acme"))).isEqualTo(Answers.ABSENT);
        assertThat(Answers.of(resolver, TenantRequest.builder().build())).isEqualTo(Answers.ABSENT);
    }

    @Test
    void severalDifferentValuesAreRejectedAndEqualOnesAreOne() {
        assertThat(Answers.reason(resolver, fields("X-Tenant", "acme", "globex")))
                .isEqualTo("several different values of header x-tenant");
        assertThat(Answers.of(resolver, fields("X-Tenant", "acme", "Acme"))).isEqualTo(Answers.REJECTED);
        assertThat(Answers.of(resolver, fields("X-Tenant", "acme", " acme ", "")))
                .isEqualTo("acme");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'; drop table",
                "acme,globex",
                "acme, acme",
                "acme;globex",
                "ac me",
                "\u212Aelvin",
                "acme\u0000",
                "-acme"
            })
    void whatIsNoTenantIdIsRejectedWithoutBeingRepeated(String value) {
        assertThat(Answers.reason(resolver, fields("X-Tenant", value)))
                .startsWith("the header names no tenant: it has a character that is not allowed")
                .doesNotContain(value);
    }

    @Test
    void twoInOneChainHaveNamesOfTheirOwn() {
        TenantResolver other =
                HeaderTenantResolver.builder("X-Partner").name("partner-2").build();

        assertThat(resolver.name()).isEqualTo("header");
        assertThat(other.name()).isEqualTo("partner-2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "Partner", "-a", "a-", "a--b", "a_b", "a b", "1a", "ä"})
    void aNameThatIsNotLowerCaseWithHyphensFailsAtStart(String name) {
        assertThatThrownBy(() ->
                        HeaderTenantResolver.builder("X-Tenant").name(name).build())
                .isInstanceOf(TenancyConfigException.class)
                .hasMessageContaining("the name of a resolver is bad; allowed: lower-case letters");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "X Tenant", "X-Tenant:", "X-Tenant\n", "X-Ténant"})
    void aFieldThatNoRequestCanHaveFailsAtStart(String field) {
        assertThatThrownBy(() -> CredentialSource.header(field))
                .isInstanceOf(TenancyConfigException.class)
                .hasMessageContaining("the name of a header field is bad; allowed: letters, digits and !");
    }

    private static TenantRequest fields(String name, String... values) {
        TenantRequest.Builder request = TenantRequest.builder();
        for (String value : values) {
            request.header(name, value);
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
                    fields("X-Tenant", "acme"), fields("x-tenant", " acme "), fields("X-TENANT", "acme", "acme", " "));
        }

        @Override
        protected List<TenantRequest> refusedRequests() {
            return List.of(
                    fields("X-Tenant", "gar bage"), fields("X-Tenant", "acme", "globex"), fields("X-Tenant", "é"));
        }

        @Override
        protected List<TenantRequest> absentRequests() {
            return List.of(TenantRequest.builder().build(), fields("X-Tenant", "", " "), fields("X-Tenant-Id", "acme"));
        }

        @Override
        protected Set<String> secrets() {
            return Set.of("bage", "globex");
        }
    }
}
