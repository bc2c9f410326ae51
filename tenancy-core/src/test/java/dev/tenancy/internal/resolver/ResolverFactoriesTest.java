package dev.tenancy.internal.resolver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenancy.Tenancy;
import dev.tenancy.TenancyConfig;
import dev.tenancy.TenancyConfigException;
import dev.tenancy.TenantCatalog;
import dev.tenancy.TenantRequest;
import dev.tenancy.resolver.StubCertificate;
import java.security.Principal;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.security.auth.x500.X500Principal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The built-in resolvers, made from settings as a host makes them. */
class ResolverFactoriesTest {
    private static final String DIGEST_OF_ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    private static final String DIGEST_OF_NOTHING = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    private static final String AT_DIGESTS = "resolver 'api-key': tenancy.api-key.digests: ";

    @Test
    void theHeaderResolverReadsTheFieldOfItsSetting() {
        Tenancy tenancy = tenancy("header", "tenancy.header.name", "X-Tenant");

        assertThat(tenantOf(tenancy, TenantRequest.builder().header("x-tenant", "acme")))
                .isEqualTo("acme");
    }

    @Test
    void theCookieResolverReadsTheCookieOfItsSetting() {
        Tenancy tenancy = tenancy("cookie", "tenancy.cookie.name", "tenant");

        assertThat(tenantOf(tenancy, TenantRequest.builder().header("Cookie", "tenant=acme")))
                .isEqualTo("acme");
    }

    @Test
    void thePathResolverReadsBehindThePrefixOfItsSetting() {
        Tenancy tenancy = tenancy("path", "tenancy.path.prefix", "/t");

        assertThat(tenantOf(tenancy, TenantRequest.builder().target("/t/acme/x")))
                .isEqualTo("acme");
    }

    @Test
    void theHostResolverKnowsSuffixesTenantsAndNeutralHosts() {
        Tenancy tenancy = tenancy(
                "host,fixed",
                "tenancy.host.suffix",
                "example.com, example.org",
                "tenancy.host.tenants",
                "shop.globex.test=globex; [::1] = loop=back",
                "tenancy.host.neutral",
                "www.example.com, localhost",
                "tenancy.default-tenant",
                "default");

        assertThat(tenantOf(tenancy, host("acme.example.com"))).isEqualTo("acme");
        assertThat(tenantOf(tenancy, host("acme.example.org:8080"))).isEqualTo("acme");
        assertThat(tenantOf(tenancy, host("shop.globex.test"))).isEqualTo("globex");
        assertThat(tenantOf(tenancy, host("[::1]:80"))).isEqualTo("loop=back");
        assertThat(tenantOf(tenancy, host("www.example.com"))).isEqualTo("default");
        assertThat(tenantOf(tenancy, host("localhost"))).isEqualTo("default");
        assertThat(tenantOf(tenancy, host("example.org"))).isEqualTo("default");
        assertThat(tenantOf(tenancy, host("example.net"))).isEqualTo("refused");
    }

    @Test
    void theHostResolverMayDoWithRegisteredHosts() {
        assertThat(tenantOf(tenancy("host", "tenancy.host.tenants", "acme.test=acme"), host("acme.test")))
                .isEqualTo("acme");
    }

    @Test
    void thePrincipalResolverNeedsNoSettingAndMayHaveTenants() {
        Principal bob = () -> "bob=1";
        TenantRequest.Builder request = TenantRequest.builder().attribute(Principal.class, bob);

        assertThat(tenantOf(tenancy("principal", "tenancy.principal.tenants", "x=y; bob=1 = acme"), request))
                .isEqualTo("acme");
        assertThat(tenantOf(tenancy("principal"), TenantRequest.builder().attribute(Principal.class, () -> "acme")))
                .isEqualTo("acme");
    }

    @Test
    void theApiKeyResolverReadsBearerUnlessAHeaderIsSet() {
        Tenancy bearer = tenancy("api-key", "tenancy.api-key.digests", DIGEST_OF_ABC + "=a=b=");
        Tenancy header = tenancy(
                "api-key", "tenancy.api-key.digests", DIGEST_OF_ABC + " = acme", "tenancy.api-key.header", "X-Api-Key");

        assertThat(tenantOf(bearer, TenantRequest.builder().header("Authorization", "Bearer abc")))
                .isEqualTo("a=b=");
        assertThat(tenantOf(bearer, TenantRequest.builder().header("X-Api-Key", "abc")))
                .isEqualTo("refused");
        assertThat(tenantOf(header, TenantRequest.builder().header("X-Api-Key", "abc")))
                .isEqualTo("acme");
        assertThat(tenantOf(header, TenantRequest.builder().header("Authorization", "Bearer abc")))
                .isEqualTo("refused");
    }

    @Test
    void theApiKeyResolverReadsTheQueryOnPathsThatOptInAndTheHeaderEverywhere() {
        Tenancy tenancy = tenancy(
                "api-key",
                "tenancy.api-key.digests",
                DIGEST_OF_ABC + "=acme",
                "tenancy.api-key.query-parameter",
                "key",
                "tenancy.api-key.query-paths",
                "/events, /files/*");

        assertThat(tenantOf(tenancy, TenantRequest.builder().target("/events?key=abc")))
                .isEqualTo("acme");
        assertThat(tenantOf(tenancy, TenantRequest.builder().target("/files/1?key=abc")))
                .isEqualTo("acme");
        assertThat(tenantOf(tenancy, TenantRequest.builder().target("/x?key=abc")))
                .isEqualTo("refused");
        assertThat(tenantOf(tenancy, TenantRequest.builder().header("Authorization", "Bearer abc")))
                .isEqualTo("acme");
    }

    @Test
    void everyFaultOfTheApiKeysIsNamedByNumberAndNoCharacterOfAKeyIsPrinted() {
        assertThat(faultsOf(
                        "api-key",
                        "tenancy.api-key.digests",
                        String.join(
                                ";",
                                "sk_secret=acme",
                                DIGEST_OF_ABC + "=sk_secret",
                                DIGEST_OF_ABC + "=",
                                "sk_secret",
                                "",
                                DIGEST_OF_NOTHING + "=acme",
                                "acme=sk secret"),
                        "tenancy.api-key.query-paths",
                        "/events"))
                .containsExactly(
                        "resolver 'api-key': tenancy.api-key.digests: the tenant of entry 3 is bad: it is blank",
                        "resolver 'api-key': tenancy.api-key.digests: the tenant of entry 4 is bad: it is blank",
                        "resolver 'api-key': tenancy.api-key.digests: the tenant of entry 5 is bad: it is blank",
                        "resolver 'api-key': tenancy.api-key.digests: the tenant of entry 7 is bad: it has a character"
                                + " that is not allowed (first a letter or digit, then also . _ : @ / + = ~ - |)",
                        "resolver 'api-key': tenancy.api-key.query-paths is set without tenancy.api-key.query-parameter",
                        AT_DIGESTS + "the digest of API key 1 is not 64 hexadecimal digits",
                        AT_DIGESTS + "API key 3 is given twice",
                        AT_DIGESTS + "the digest of API key 4 is not 64 hexadecimal digits",
                        AT_DIGESTS + "the digest of API key 5 is not 64 hexadecimal digits",
                        AT_DIGESTS + "the digest of API key 6 is that of an empty key",
                        AT_DIGESTS + "the digest of API key 7 is not 64 hexadecimal digits");
    }

    @Test
    void aQueryParameterWithoutPathsFailsAtStart() {
        assertThat(faultsOf(
                        "api-key",
                        "tenancy.api-key.digests",
                        DIGEST_OF_ABC + "=acme",
                        "tenancy.api-key.query-parameter",
                        "ke y"))
                .containsExactly(
                        "resolver 'api-key': tenancy.api-key.query-parameter: the name of a query parameter is bad;"
                                + " allowed: letters, digits and . _ ~ -",
                        "resolver 'api-key': tenancy.api-key.query-parameter: no path takes the query parameter");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '!',
            value = {
                "header ! tenancy.header.name ! X:secret ! the name of a header field",
                "cookie ! tenancy.cookie.name ! x;secret ! the name of a cookie, case-sensitive",
                "path ! tenancy.path.prefix ! secret ! a path such as /t, or / for the first segment; letters, digits"
                        + " and . _ ~ - in its segments",
                "fixed ! tenancy.default-tenant ! (secret) ! a tenant id",
                "api-key ! tenancy.api-key.header ! x secret ! the name of the header field that has the key;"
                        + " Authorization: Bearer if not set"
            })
    void aBadValueIsNamedByItsKeyWithWhatIsAllowedAndWithoutTheValue(
            String resolver, String key, String value, String allowed) {
        assertThat(faultsOf(resolver, key, value)).contains(key + " (in code) has a bad value; allowed: " + allowed);
        assertThat(faultsOf(resolver, key, value).toString()).doesNotContain("secret");
    }

    @ParameterizedTest
    @CsvSource({
        "header, tenancy.header.name",
        "cookie, tenancy.cookie.name",
        "path, tenancy.path.prefix",
        "fixed, tenancy.default-tenant",
        "api-key, tenancy.api-key.digests"
    })
    void aMissingValueIsNamedByItsKey(String resolver, String key) {
        assertThat(faultsOf(resolver)).singleElement().asString().startsWith(key + " is not set; allowed: ");
    }

    @Test
    void faultsOfHostsAreNamedByTheirKeys() {
        String bad =
                "a host is bad; allowed: a domain name in ASCII (xn--… for others) or an IP address, IPv6 in square"
                        + " brackets, without port and final dot";

        assertThat(faultsOf(
                        "host",
                        "tenancy.host.suffix",
                        "exa mple.com,",
                        "tenancy.host.tenants",
                        "acme.test=;acme.test=acme",
                        "tenancy.host.neutral",
                        "*.test"))
                .containsExactlyInAnyOrder(
                        "resolver 'host': tenancy.host.tenants: the tenant of entry 1 is bad: it is blank",
                        "resolver 'host': tenancy.host: a suffix: " + bad,
                        "resolver 'host': tenancy.host: a host is given to a tenant twice",
                        "resolver 'host': tenancy.host: a neutral host: " + bad);
        assertThat(faultsOf("host"))
                .containsExactly("resolver 'host': tenancy.host: there is neither a suffix nor a tenant's host");
    }

    @Test
    void faultsOfCertificatesAndPrincipalsAreNamed() {
        assertThat(faultsOf("client-certificate"))
                .containsExactly(
                        "resolver 'client-certificate': tenancy.client-certificate: there is neither an attribute that names the tenant"
                                + " nor a subject");
        assertThat(faultsOf(
                        "client-certificate",
                        "tenancy.client-certificate.attribute",
                        "SAN",
                        "tenancy.client-certificate.tenants",
                        "CN=agent,O=Acme=acme; CN=agent"))
                .containsExactly(
                        "resolver 'client-certificate': tenancy.client-certificate: a subject is bad; allowed: a distinguished name, such as"
                                + " CN=agent,O=Acme",
                        "resolver 'client-certificate': tenancy.client-certificate: the attribute of the subject is bad; allowed: CN, L, ST, O, OU,"
                                + " C, STREET, DC, UID",
                        "resolver 'client-certificate': tenancy.client-certificate: there are both an attribute and subjects; allowed: one of them");
        assertThat(faultsOf("principal", "tenancy.principal.tenants", "bob"))
                .containsExactly("resolver 'principal': tenancy.principal.tenants: the tenant of entry 1 is bad: it is"
                        + " blank");
    }

    @Test
    void aThingThatIsBlankIsAFaultOfItsOwn() {
        assertThat(faultsOf("principal", "tenancy.principal.tenants", "=acme"))
                .containsExactly("resolver 'principal': tenancy.principal.tenants: the name of a principal is blank");
    }

    @Test
    void theCertificateResolverReadsAnAttributeOrKnowsSubjects() {
        X500Principal subject = new X500Principal("CN=agent,O=acme");
        TenantRequest.Builder request =
                TenantRequest.builder().attribute(X509Certificate.class, new StubCertificate(subject));

        assertThat(tenantOf(tenancy("client-certificate", "tenancy.client-certificate.attribute", "O"), request))
                .isEqualTo("acme");
        assertThat(tenantOf(
                        tenancy(
                                "client-certificate",
                                "tenancy.client-certificate.tenants",
                                "CN=x=globex; CN=agent, O=acme = initech"),
                        request))
                .isEqualTo("initech");
    }

    @Test
    void allFaultsOfTicketsAreNamedAtOnceAndNoSecretThatTookThePlaceOfAnId() {
        assertThat(faultsOf(
                        "ticket",
                        "tenancy.ticket.keys",
                        "00112233445566778899aabbccddeeff=k001",
                        "tenancy.ticket.purpose",
                        "a b",
                        "tenancy.ticket.longest-validity",
                        "PT0S"))
                .containsExactlyInAnyOrder(
                        "tenancy.ticket.purpose (in code) has a bad value; allowed: what tickets must be for: 1–128"
                                + " letters, digits, . _ : / -, first a letter or digit",
                        "resolver 'ticket': the secret of key 1 has 3 bytes; allowed: at least 32",
                        "resolver 'ticket': longestValidity is PT0S; allowed: PT0.001S to PT8784H");
    }

    private static Tenancy tenancy(String resolvers, String... settings) {
        Map<String, String> all = new HashMap<>(Map.of("tenancy.resolvers", resolvers));
        for (int at = 0; at < settings.length; at += 2) {
            all.put(settings[at], settings[at + 1]);
        }
        return Tenancy.load(TenancyConfig.of(all))
                .catalog(TenantCatalog.acceptingAny())
                .build();
    }

    private static List<String> faultsOf(String resolver, String... settings) {
        List<List<String>> faults = new ArrayList<>();
        assertThatThrownBy(() -> tenancy(resolver, settings))
                .isInstanceOfSatisfying(TenancyConfigException.class, bad -> faults.add(bad.faults()));
        return faults.get(0);
    }

    private static TenantRequest.Builder host(String authority) {
        return TenantRequest.builder().authority(authority);
    }

    private static String tenantOf(Tenancy tenancy, TenantRequest.Builder request) {
        return tenancy.handle(
                request.build(), admitted -> admitted.identity().tenantId().value(), problem -> "refused");
    }
}
