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
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostTenantResolverTest {
    private static final String LABEL_63 = "a".repeat(63);

    private final TenantResolver resolver = HostTenantResolver.builder()
            .suffix("example.com")
            .suffix("EU.example.com")
            .suffix("localhost")
            .tenant("shop.globex.example", TenantId.of("globex"))
            .tenant("a.b.example.com", TenantId.of("initech"))
            .tenant("[::1]", TenantId.of("loopback"))
            .neutral("www.example.com")
            .neutral("192.0.2.1")
            .build();

    @ParameterizedTest
    @CsvSource({
        "acme.example.com, acme",
        "ACME.Example.COM, acme",
        "acme.example.com:8443, acme",
        "acme.example.com:, acme",
        "acme.example.com., acme",
        "acme.example.com.:443, acme",
        "acme.eu.example.com, acme",
        "acme.localhost:8080, acme",
        "xn--mnchen-3ya.example.com, xn--mnchen-3ya",
        "1.example.com, 1",
        "a-b.example.com, a-b",
        "com.example.com, com",
        "shop.globex.example, globex",
        "Shop.Globex.Example.:80, globex",
        "a.b.example.com, initech",
        "[::1], loopback",
        "[::1]:8080, loopback"
    })
    void theLabelInFrontOfASuffixOrARegisteredHostIsTheTenant(String authority, String tenant) {
        assertThat(Answers.of(resolver, host(authority))).isEqualTo(tenant);
    }

    @Test
    void aLabelMayHave63Characters() {
        assertThat(Answers.of(resolver, host(LABEL_63 + ".example.com"))).isEqualTo(LABEL_63);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "example.com",
                "Example.com:443",
                "example.com.",
                "eu.example.com",
                "localhost",
                "localhost:8080",
                "www.example.com",
                "WWW.EXAMPLE.COM.",
                "192.0.2.1:8080"
            })
    void aSuffixAndANeutralHostNameNobody(String authority) {
        assertThat(Answers.of(resolver, host(authority))).isEqualTo(Answers.ABSENT);
        assertThat(presentIn(host(authority))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "evilexample.com",
                "acme.evilexample.com",
                "acme.example.com.evil.test",
                "example.com.evil.test",
                "acme.example.co",
                "acme.example",
                "com",
                "acme",
                "globex.example",
                "x.shop.globex.example",
                "192.0.2.2",
                "127.0.0.1:80",
                "[::2]",
                "[0:0:0:0:0:0:0:1]",
                "0x7f.1",
                "2130706433"
            })
    void anotherHostIsPresentAndNotRecognised(String authority) {
        assertThat(Answers.of(resolver, host(authority))).isEqualTo(Answers.UNRECOGNIZED);
        assertThat(presentIn(host(authority))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"x.acme.example.com", "www.acme.example.com", "acme.globex.eu.example.com", "a.b.localhost"})
    void moreThanOneLabelInFrontOfASuffixIsRejected(String authority) {
        assertThat(Answers.reason(resolver, host(authority)))
                .isEqualTo("the host has more than one label in front of the suffix");
    }

    @ParameterizedTest
    @MethodSource
    void aMalformedHostIsRejected(String authority) {
        assertThat(Answers.reason(resolver, host(authority))).isEqualTo("the host is malformed");
        assertThat(presentIn(host(authority))).isTrue();
    }

    static Stream<String> aMalformedHostIsRejected() {
        return Stream.of(
                "user@acme.example.com",
                "user:password@acme.example.com",
                "acme.example.com@evil.test",
                "@acme.example.com",
                "acme.example.com,globex.example.com",
                "acme.example.com, globex.example.com",
                "acme.example.com globex",
                " acme.example.com",
                "acme.example.com ",
                "acme.example.com\n",
                "acme.example.com\u0000",
                "acme.example.com/x",
                "acme.example.com\\x",
                "acme.example.com?x",
                "acme.example.com#x",
                "http://acme.example.com",
                "acme.example.com..",
                ".example.com",
                "..example.com",
                "acme..example.com",
                ".",
                "-acme.example.com",
                "acme-.example.com",
                "ac_me.example.com",
                "*.example.com",
                "%61cme.example.com",
                "acme%2eexample.com",
                "acme.example.com:80:80",
                "acme.example.com:http",
                "acme.example.com:-1",
                "acme.example.com:123456",
                "acme.example.com:\u0661",
                ":80",
                "m\u00fcnchen.example.com",
                "\u212Aelvin.example.com", // lower case of the Kelvin sign is k
                "acme\u3002example.com", // an ideographic full stop, a dot to IDNA 2003
                "\uFF41cme.example.com", // a full-width a
                "ac\u00ADme.example.com", // a soft hyphen
                "acme.example\u200B.com",
                "\uD800.example.com",
                "[::1",
                "::1",
                "[]",
                "[::1].",
                "[fe80::1%25eth0]",
                "[v1.x]",
                "[::1]x",
                "a" + LABEL_63 + ".example.com",
                "a.".repeat(130) + "example.com",
                (LABEL_63 + ".").repeat(4) + "example.com",
                "a.".repeat(100_000) + "example.com",
                "a".repeat(1_000_000));
    }

    @Test
    void aNameMayHave253CharactersWithPortAndFinalDotBeside() {
        String longest = (LABEL_63 + ".").repeat(3) + "a".repeat(61);
        TenantResolver registered = HostTenantResolver.builder()
                .tenant(longest, TenantId.of("acme"))
                .build();

        assertThat(longest).hasSize(253);
        assertThat(Answers.of(registered, host(longest + ".:65535"))).isEqualTo("acme");
        assertThat(Answers.reason(registered, host(longest + "a"))).isEqualTo("the host is malformed");
        assertThatThrownBy(() -> CredentialSource.host(Set.of(longest + "a")))
                .isInstanceOf(TenancyConfigException.class);
    }

    @Test
    void theHostFieldIsReadIfThereIsNoAuthority() {
        assertThat(Answers.of(resolver, hostFields("acme.example.com"))).isEqualTo("acme");
        assertThat(Answers.of(resolver, hostFields("acme.example.com", "acme.example.com")))
                .isEqualTo("acme");
        assertThat(Answers.of(resolver, hostFields(""))).isEqualTo(Answers.ABSENT);
        assertThat(Answers.of(resolver, TenantRequest.builder().build())).isEqualTo(Answers.ABSENT);
        assertThat(Answers.of(
                        resolver,
                        TenantRequest.builder()
                                .authority("acme.example.com")
                                .header("Host", "globex.example.com")
                                .build()))
                .isEqualTo("acme");
    }

    @Test
    void differentHostFieldsAreRejectedWhateverTheAuthority() {
        TenantRequest request = TenantRequest.builder()
                .authority("acme.example.com")
                .header("Host", "acme.example.com")
                .header("host", "globex.example.com")
                .build();

        assertThat(Answers.reason(resolver, request)).isEqualTo("several different values of the host");
        assertThat(Answers.of(resolver, hostFields("example.com", "www.example.com")))
                .isEqualTo(Answers.REJECTED);
    }

    @Test
    void twoResolversOfOneSourceWorkSideBySideOverHosts() {
        assertThat(HostTenantResolver.builder()
                        .suffix("Example.com")
                        .neutral("WWW.example.com")
                        .build()
                        .sources())
                .containsExactly(CredentialSource.host(List.of("www.example.com", "example.COM")));
    }

    @Test
    void twoInOneChainHaveNamesOfTheirOwn() {
        TenantResolver other = HostTenantResolver.builder()
                .suffix("example.org")
                .tenant("acme.test", TenantId.of("acme"))
                .name("other-host")
                .build();

        assertThat(resolver.name()).isEqualTo("host");
        assertThat(other.name()).isEqualTo("other-host");
        assertThat(other.resolve(host("acme.example.org")).toString()).contains("resolver=other-host");
        assertThat(other.resolve(host("acme.test")).toString()).contains("resolver=other-host");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".example.com",
                "*.example.com",
                "example.com.",
                "example.com:443",
                "münchen.example",
                "exa mple.com",
                "user@example.com",
                "-.com",
                "\u212Aelvin.com"
            })
    void aHostThatIsNoneFailsAtStart(String host) {
        String fault = "a host is bad; allowed: a domain name in ASCII (xn--… for others) or an IP address, IPv6 in"
                + " square brackets, without port and final dot";

        assertThatThrownBy(() -> HostTenantResolver.builder()
                        .suffix(host)
                        .tenant(host, TenantId.of("acme"))
                        .neutral(host)
                        .build())
                .isInstanceOfSatisfying(
                        TenancyConfigException.class,
                        faults -> assertThat(faults.faults())
                                .containsExactly(
                                        "a suffix: " + fault,
                                        "the host of a tenant: " + fault,
                                        "a neutral host: " + fault));
    }

    @ParameterizedTest
    @ValueSource(strings = {"192.0.2.1", "1", "example.1", "[::1]"})
    void anAddressIsNoSuffix(String address) {
        assertThatThrownBy(() -> HostTenantResolver.builder().suffix(address).build())
                .isInstanceOfSatisfying(
                        TenancyConfigException.class,
                        faults -> assertThat(faults.faults())
                                .containsExactly("a suffix is an IP address; allowed: a domain name"));
    }

    @Test
    void hostsThatContradictEachOtherFailAtStartAllNamedAtOnce() {
        assertThatThrownBy(() -> HostTenantResolver.builder()
                        .suffix("example.com")
                        .tenant("example.com", TenantId.of("acme"))
                        .tenant("acme.test", TenantId.of("acme"))
                        .tenant("ACME.test", TenantId.of("globex"))
                        .name("Host")
                        .build())
                .isInstanceOfSatisfying(
                        TenancyConfigException.class,
                        faults -> assertThat(faults.faults())
                                .containsExactly(
                                        "a host is given to a tenant twice",
                                        "the name of a resolver is bad; allowed: lower-case letters and digits, first a letter,"
                                                + " with single hyphens between them",
                                        "a tenant's host is also a suffix or neutral"));
        assertThatThrownBy(() -> HostTenantResolver.builder()
                        .tenant("www.test", TenantId.of("acme"))
                        .neutral("www.test")
                        .build())
                .hasMessageContaining("a tenant's host is also a suffix or neutral");
        assertThatThrownBy(
                        () -> HostTenantResolver.builder().neutral("www.test").build())
                .hasMessageContaining("there is neither a suffix nor a tenant's host");
    }

    private boolean presentIn(TenantRequest request) {
        return resolver.sources().iterator().next().presentIn(request);
    }

    private static TenantRequest host(String authority) {
        return TenantRequest.builder().authority(authority).build();
    }

    private static TenantRequest hostFields(String... values) {
        TenantRequest.Builder request = TenantRequest.builder();
        for (String value : values) {
            request.header("Host", value);
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
                    host("acme.example.com"), host("ACME.example.com.:443"), hostFields("acme.EU.example.com", ""));
        }

        @Override
        protected List<TenantRequest> refusedRequests() {
            return List.of(
                    host("garbage.test"),
                    host("gar_bage.example.com"),
                    host("gar.bage.example.com"),
                    host("garbage@acme.example.com"),
                    host("192.0.2.77"),
                    hostFields("acme.example.com", "garbage.example.com"));
        }

        @Override
        protected List<TenantRequest> absentRequests() {
            return List.of(TenantRequest.builder().build(), host("example.com"), host("www.example.com:80"), host(""));
        }

        @Override
        protected Set<String> secrets() {
            return Set.of("bage", "192.0.2.77");
        }
    }
}
