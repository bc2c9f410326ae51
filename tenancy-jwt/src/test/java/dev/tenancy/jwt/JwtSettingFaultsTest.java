package dev.tenancy.jwt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tenancy.Tenancy;
import dev.tenancy.TenancyConfig;
import dev.tenancy.TenancyConfigException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Settings that are bad or missing fail the start, and the message names them. */
class JwtSettingFaultsTest {

    /** The faults of good settings with some that are changed; an empty one is left out. */
    private static List<String> faults(String... changed) {
        Map<String, String> all = new HashMap<>(Map.of("issuer", "https://issuer.test", "audience", "api"));
        for (int at = 0; at < changed.length; at += 2) {
            all.put(changed[at], changed[at + 1]);
        }
        all.values().removeIf(String::isEmpty);
        TenancyConfigException refused =
                catchThrowableOfType(TenancyConfigException.class, () -> JwtResolverFactoryTest.configured(all));
        return refused == null ? List.of() : refused.faults();
    }

    @Test
    void goodSettingsHaveNoFault() {
        assertThat(faults()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            tenants                | acme;b
            tenants                | acme,,b
            tenants                | acme,
            tenants                | -*
            tenants                | *
            tenants                | +
            issuers                | https://a.test
            issuers                | https://a.test=
            issuers                | =acme
            issuers                | https://a.test=acme;
            issuers                | https://a.test=acme;https://a.test=b
            issuers                | https://a.test=a b
            audience               | api,,web
            audience               | ,api
            jwks-uri               | not an address
            algorithms             | HS256
            algorithms             | none
            algorithms             | RS256,
            algorithms             | rs256
            access-tokens-only     | yes
            access-tokens-only     | TRUE
            tenant-claim           | org..id
            subject-claim          | "sub
            readable-tenants-claim | .
            required-claims        | env
            required-claims        | env=
            required-claims        | =prod
            required-claims        | env=a;env=b
            required-claims        | env=a;
            required-claims        | a..b=c
            clock-skew             | 30
            key-lifetime           | 5m
            key-outage-tolerance   | long
            key-refresh-pause      | P
            key-server-timeout     | 2s
            cache-size             | many
            cache-size             | 1.5
            cache-time             | 300
            provider               | NoSuchProvider
            header                 | X Token
            cookie                 | a=b
            """)
    void aTextThatIsNoValueIsNamed(String key, String value) {
        assertThat(faults(key, value))
                .anySatisfy(fault ->
                        assertThat(fault).startsWith("tenancy.jwt." + key + " ").contains("allowed: "));
    }

    @ParameterizedTest
    @CsvSource({
        "clock-skew, PT-1S, clockSkew",
        "clock-skew, PT5M0.001S, clockSkew",
        "key-lifetime, PT0.999S, keyLifetime",
        "key-lifetime, PT24H1S, keyLifetime",
        "key-outage-tolerance, PT-1S, keyOutageTolerance",
        "key-outage-tolerance, PT168H1S, keyOutageTolerance",
        "key-refresh-pause, PT0.999S, keyRefreshPause",
        "key-refresh-pause, PT1H1S, keyRefreshPause",
        "key-server-timeout, PT0.049S, keyServerTimeout",
        "key-server-timeout, PT30.001S, keyServerTimeout",
        "cache-size, 0, size of the cache",
        "cache-size, -1, size of the cache",
        "cache-size, 10000001, size of the cache"
    })
    void aValueOutOfItsRangeIsNamedWithTheRange(String key, String value, String name) {
        assertThat(faults(key, value)).singleElement().asString().contains(name, "allowed: ", " to ");
    }

    @ParameterizedTest
    @CsvSource({
        "clock-skew, PT0S",
        "clock-skew, PT5M",
        "key-lifetime, PT1S",
        "key-lifetime, PT24H",
        "key-outage-tolerance, PT0S",
        "key-outage-tolerance, PT168H",
        "key-refresh-pause, PT1S",
        "key-refresh-pause, PT1H",
        "key-server-timeout, PT0.05S",
        "key-server-timeout, PT30S",
        "cache-size, 1",
        "cache-size, 10000000"
    })
    void theEndsOfARangeAreAllowed(String key, String value) {
        assertThat(faults(key, value)).isEmpty();
    }

    @Test
    void theTimeOfTheCacheIsInItsRangeAndNotAlone() {
        assertThat(faults("cache-size", "1", "cache-time", "PT1S")).isEmpty();
        assertThat(faults("cache-size", "1", "cache-time", "PT24H")).isEmpty();
        for (String bad : new String[] {"PT0.999S", "PT24H0.001S"}) {
            assertThat(faults("cache-size", "1", "cache-time", bad))
                    .singleElement()
                    .asString()
                    .contains("age of cached tokens", "PT1S to PT24H");
        }
        assertThat(faults("cache-time", "PT1M"))
                .containsExactly("tenancy.jwt.cache-time is set without tenancy.jwt.cache-size");
    }

    @Test
    void aProviderHasAllThatIsNeeded() {
        assertThat(faults("provider", "SUN"))
                .singleElement()
                .asString()
                .contains("provider has not SHA-256 and all of [RS256, ES256]");
    }

    @Test
    void whatIsRequiredIsNamed() {
        assertThat(faults("issuer", "")).singleElement().asString().contains("tenancy.jwt.issuer is not set");
        assertThat(faults("audience", "")).singleElement().asString().contains("tenancy.jwt.audience is not set");
        assertThat(faults("issuer", "", "audience", "", "issuers", "https://a.test=a;https://b.test=b"))
                .as("once")
                .singleElement()
                .asString()
                .contains("tenancy.jwt.audience is not set");
    }

    @ParameterizedTest
    @CsvSource({"issuer, https://issuer.test", "tenants, acme", "jwks-uri, https://keys.test", "jwks-file, /keys.json"})
    void whatIsOfOneIssuerDoesNotGoWithSeveral(String key, String value) {
        assertThat(faults("issuers", "https://a.test=a", "issuer", "", key, value))
                .containsExactly(
                        "tenancy.jwt." + key + " is set, and so is tenancy.jwt.issuers; one of both belongs there");
    }

    @Test
    void keysAreInOnePlace() {
        assertThat(faults("jwks-uri", "https://keys.test", "jwks-file", "/keys.json"))
                .containsExactly("tenancy.jwt.jwks-uri and tenancy.jwt.jwks-file are set; one of both belongs there");
    }

    @ParameterizedTest
    @CsvSource({
        "issuer, issuer.test, discovery",
        "issuer, *, discovery",
        "issuer, http://issuer.test, discovery",
        "issuer, https://issuer.test?a=b, discovery",
        "jwks-uri, http://keys.test/k, jwksUri",
        "jwks-file, /no/such/file, jwksFile"
    })
    void keysAreWhereNobodyElseCanPutThem(String key, String value, String name) {
        assertThat(faults(key, value)).singleElement().asString().contains(name).doesNotContain(value);
    }

    @Test
    void aQueryParameterIsReadOnPathsThatAreNamed() {
        assertThat(faults("query-parameter", "t", "query-paths", "/events")).isEmpty();
        assertThat(faults("query-paths", "/events"))
                .containsExactly("tenancy.jwt.query-paths is set without tenancy.jwt.query-parameter");
        assertThat(faults("query-parameter", "t"))
                .isNotEmpty()
                .allMatch(fault -> fault.startsWith("tenancy.jwt.query-parameter: "));
        assertThat(faults("query-parameter", "t", "query-paths", "events")).isNotEmpty();
        assertThat(faults("query-parameter", "a b", "query-paths", "/events")).isNotEmpty();
    }

    @Test
    void whatIsMissingDoesNotHideWhatElseIsMissing() {
        assertThatThrownBy(() -> Tenancy.load(TenancyConfig.of(Map.of("tenancy.resolvers", "jwt"))))
                .isInstanceOfSatisfying(
                        TenancyConfigException.class,
                        bad -> assertThat(bad.faults())
                                .hasSize(2)
                                .anyMatch(fault -> fault.startsWith("tenancy.jwt.audience is not set"))
                                .anyMatch(fault -> fault.startsWith("resolver 'jwt': tenancy.jwt.issuer is not set")));
    }

    @Test
    void faultsOfAllPartsAreNamedAtOnce() {
        assertThat(faults("query-paths", "/events", "issuer", "", "cache-time", "PT1M"))
                .hasSize(3);
        assertThat(faults("issuer", "", "audience", "", "clock-skew", "PT1H", "key-lifetime", "PT0S"))
                .hasSize(4)
                .anyMatch(fault -> fault.startsWith("tenancy.jwt.issuer is not set"))
                .anyMatch(fault -> fault.startsWith("tenancy.jwt.audience is not set"))
                .anyMatch(fault -> fault.startsWith("clockSkew is PT1H"))
                .anyMatch(fault -> fault.startsWith("keyLifetime is PT0S"));
        assertThat(faults(
                        "jwks-uri",
                        "https://keys.test",
                        "jwks-file",
                        "/keys.json",
                        "key-lifetime",
                        "PT0S",
                        "cache-size",
                        "0"))
                .hasSize(3)
                .anyMatch(fault -> fault.startsWith("tenancy.jwt.jwks-uri and tenancy.jwt.jwks-file are set"))
                .anyMatch(fault -> fault.startsWith("keyLifetime is PT0S"))
                .anyMatch(fault -> fault.startsWith("the size of the cache is 0"));
        assertThatThrownBy(() -> JwtResolverFactoryTest.configured(Map.of()))
                .isInstanceOf(TenancyConfigException.class)
                .hasMessageContaining("tenancy.jwt.issuer");
    }
}
