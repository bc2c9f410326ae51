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

class PathTenantResolverTest {
    private final TenantResolver resolver = PathTenantResolver.of("/t");

    @ParameterizedTest
    @CsvSource({
        "/t/acme, acme",
        "/t/acme/, acme",
        "/t/acme/invoices/1, acme",
        "/t/acme/t/globex, acme",
        "/t/Acme, Acme",
        "/t/ac%6De/x, acme",
        "/t/auth0%7Cabc, auth0|abc",
        "/t/a+b, a+b",
        "/t/acme/files/a%2Fb, acme",
        "/t/acme/items;color=red, acme",
        "/t/acme//x, acme",
        "/t/acme/100%25, acme",
        "/t/acme/100%2525, acme",
        "/t/acme/100%252525, acme",
        "/t/acme/%2580, acme",
        "/t/acme/caf%C3%A9, acme",
        "/t/acme/a..b/...x, acme",
        "/t/t, t"
    })
    void theSegmentBehindThePrefixIsTheTenantDecodedOnce(String path, String tenant) {
        assertThat(Answers.of(resolver, path(path))).isEqualTo(tenant);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "/t",
                "/t/",
                "/tt/acme",
                "/x/t/acme",
                "/x",
                "/x/../y",
                "/x//y",
                "/x;/t/acme",
                "/a%2Ft/acme",
                "/caf%C3%A9",
                "/a/b%2Fc"
            })
    void elsewhereItIsAbsent(String path) {
        assertThat(Answers.of(resolver, path(path))).isEqualTo(Answers.ABSENT);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/t/acme/../globex",
                "/t/acme/..",
                "/t/acme/.",
                "/t/acme/./x",
                "/t/./acme",
                "/t/../t/acme",
                "/t/..",
                "/t/acme/%2e%2e/globex",
                "/t/acme/%2E%2e%2fglobex",
                "/t/acme/.%2e/globex",
                "/t/acme/%252e%252e/globex",
                "/t/acme/%25252e%25252e/globex",
                "/t/acme/..;/globex",
                "/t/acme/..;a=b/globex",
                "/t/acme/..%3b/globex",
                "/t/acme/..%5cglobex",
                "/t/acme\\..\\globex",
                "/t/acme%2f..%2fglobex",
                "/t/acme%2Fglobex",
                "/t/acme%5Cglobex",
                "/t/acme\\globex",
                "/t/acme%252Fglobex",
                "/t/%2561cme",
                "/t/acme%25",
                "/t/acme;globex",
                "/t/acme;v=1/x",
                "/t/;/acme",
                "/t/acme%3Bglobex",
                "/t//acme",
                "/t//",
                "/t/%20acme",
                "/t/acme%20",
                "/t/%09acme/x",
                "/t/acme%E2%80%83"
            })
    void aTenantThatCouldBeReadOtherwiseIsRejected(String path) {
        assertThat(Answers.of(resolver, path(path))).isEqualTo(Answers.REJECTED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/x/../t/acme",
                "/x/%2e%2e/t/acme",
                "/x/..%2ft%2facme",
                "/x/%252e%252e/t/acme",
                "/x/..;/t/acme",
                "/x\\..\\t\\acme",
                "/./t/acme",
                "/.;/t/acme",
                "//t/acme",
                "///t/acme",
                "/;/t/acme",
                "/;x=y/t/acme",
                "/%2ft/acme",
                "/%5ct/acme",
                "/\\t/acme",
                "/%74/acme",
                "/%2574/acme",
                "/T/acme",
                "/T",
                "/t;x=y/acme",
                "/t%2Facme",
                "/t%5Cacme",
                "/t\\acme",
                "/x/%2E./T/acme"
            })
    void aPathThatSomeRouterLeadsToThePrefixIsRejected(String path) {
        assertThat(Answers.reason(resolver, path(path)))
                .isEqualTo("the path could be taken for one that names a tenant");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/t/acme%00",
                "/t/%00",
                "/t/acme/%00",
                "/t/acme/\u0000",
                "/t/acme/%0d%0aX",
                "/t/acme/%2500",
                "/x/%0a",
                "/t/%",
                "/t/acme%2",
                "/t/acme%zz",
                "/t/acme/%g0",
                "/x%",
                "/t/%C0%AE%C0%AE/globex",
                "/t/acme/%FF",
                "/t/%C3",
                "/t/\uD800",
                "/t/\uDFFF",
                "/x/%25252525",
                "/t/%\uFF12\uFF15",
                "/x/%2525252525",
                "*",
                "t/acme",
                "http://example.com/t/acme",
                "\\t\\acme"
            })
    void aMalformedPathIsRejectedWhereverItPoints(String path) {
        assertThat(Answers.reason(resolver, path(path))).isEqualTo("the path is malformed");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/t/caf%C3%A9", "/t/-acme", "/t/a(b)", "/t/~"})
    void whatIsNoTenantIdIsRejected(String path) {
        assertThat(Answers.reason(resolver, path(path)))
                .startsWith("the path names no tenant: it has a character that is not allowed");
    }

    @Test
    void aPrefixMayHaveSeveralSegments() {
        TenantResolver deep = PathTenantResolver.of("/api/v1.0/Tenants");

        assertThat(Answers.of(deep, path("/api/v1.0/Tenants/acme/x"))).isEqualTo("acme");
        assertThat(Answers.of(deep, path("/api/v1.0"))).isEqualTo(Answers.ABSENT);
        assertThat(Answers.of(deep, path("/api/v1.0/other/acme"))).isEqualTo(Answers.ABSENT);
        assertThat(Answers.of(deep, path("/api/v1x0/Tenants/acme"))).isEqualTo(Answers.ABSENT);
        assertThat(Answers.of(deep, path("/api/v1.0/tenants/acme"))).isEqualTo(Answers.REJECTED);
        assertThat(Answers.of(deep, path("/api/x/../v1.0/Tenants/acme"))).isEqualTo(Answers.REJECTED);
        assertThat(Answers.of(deep, path("/api/v1.0/x/y/../../Tenants/acme"))).isEqualTo(Answers.REJECTED);
        assertThat(Answers.of(deep, path("/api//v1.0/Tenants/acme"))).isEqualTo(Answers.REJECTED);
        assertThat(Answers.of(deep, path("/Tenants/v1.0/../api/acme"))).isEqualTo(Answers.ABSENT);
    }

    @Test
    void withoutAPrefixTheFirstSegmentIsTheTenant() {
        TenantResolver first = PathTenantResolver.of("/");

        assertThat(Answers.of(first, path("/acme"))).isEqualTo("acme");
        assertThat(Answers.of(first, path("/acme/x"))).isEqualTo("acme");
        assertThat(Answers.of(first, path("/"))).isEqualTo(Answers.ABSENT);
        assertThat(Answers.of(first, path(""))).isEqualTo(Answers.ABSENT);
        assertThat(Answers.of(first, path("//acme"))).isEqualTo(Answers.REJECTED);
        assertThat(Answers.of(first, path("/acme/../globex"))).isEqualTo(Answers.REJECTED);
        assertThat(Answers.of(first, path("http://example.com/acme"))).isEqualTo(Answers.REJECTED);
    }

    @Test
    void twoInOneChainHaveNamesOfTheirOwn() {
        TenantResolver other =
                PathTenantResolver.builder("/u").name("user-path").build();

        assertThat(resolver.name()).isEqualTo("path");
        assertThat(other.name()).isEqualTo("user-path");
        assertThatThrownBy(() -> PathTenantResolver.builder("/u").name("").build())
                .isInstanceOf(TenancyConfigException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "t",
                "/t/",
                "//",
                "/t//u",
                "/t/..",
                "/./t",
                "/.",
                "/t%2fu",
                "/t;u",
                "/t*",
                "/{tenant}",
                "/é",
                "/t u"
            })
    void aPrefixThatIsNoneFailsAtStart(String prefix) {
        assertThatThrownBy(() -> PathTenantResolver.of(prefix))
                .isInstanceOf(TenancyConfigException.class)
                .hasMessageContaining("the path prefix is bad; allowed: / alone, or segments");
    }

    private static TenantRequest path(String rawPath) {
        return TenantRequest.builder().target(rawPath).build();
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
            return List.of(path("/t/acme"), path("/t/ac%6de/x?y=z"), path("/t/acme/"));
        }

        @Override
        protected List<TenantRequest> refusedRequests() {
            return List.of(
                    path("/t/acme/../garbage"),
                    path("/x/../t/garbage"),
                    path("/t/gar%zzbage"),
                    path("/t/(garbage)"),
                    path("/T/garbage"));
        }

        @Override
        protected List<TenantRequest> absentRequests() {
            return List.of(path("/"), path("/x"), path("/t"), path("/t/"), path("/x/../y"));
        }

        @Override
        protected Set<String> secrets() {
            return Set.of("bage");
        }
    }
}
