package dev.tenancy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The places that no resolver of one kind has to itself, and what all places have in common. */
class CredentialSourceTest {
    private final CredentialSource query =
            CredentialSource.queryParameter("api_key", List.of("/events", "/files/*", "/a/b/*"));

    @Test
    void sourcesAreEqualIfTheyReadTheSamePlaceInTheSameForm() {
        assertThat(Set.of(
                        CredentialSource.bearer(), CredentialSource.principal(), CredentialSource.clientCertificate()))
                .contains(CredentialSource.bearer(), CredentialSource.principal());
        assertThat(CredentialSource.header("X-Key")).isEqualTo(CredentialSource.header("x-key"));
        assertThat(CredentialSource.cookie("key"))
                .isEqualTo(CredentialSource.cookie("key"))
                .isNotEqualTo(CredentialSource.cookie("Key"));
        assertThat(CredentialSource.queryParameter("k", List.of("/a", "/b")))
                .isEqualTo(CredentialSource.queryParameter("k", Set.of("/b", "/a")))
                .isNotEqualTo(CredentialSource.queryParameter("k", List.of("/a")))
                .isNotEqualTo(CredentialSource.queryParameter("K", List.of("/a", "/b")));
        assertThat(CredentialSource.pathSegment("/t"))
                .isEqualTo(CredentialSource.pathSegment("/t"))
                .isNotEqualTo(CredentialSource.pathSegment("/T"));
        assertThat(CredentialSource.host(Set.of("A.test")))
                .isEqualTo(CredentialSource.host(List.of("a.test")))
                .isNotEqualTo(CredentialSource.host(Set.of()));
    }

    @Test
    void withoutNeutralHostsEveryHostIsPresent() {
        CredentialSource host = CredentialSource.host(Set.of());

        assertThat(read(host, TenantRequest.builder().authority("LOCALHOST:80").build()))
                .isEqualTo("<localhost>");
        assertThat(read(
                        host,
                        TenantRequest.builder().authority("[2001:DB8::1]:80").build()))
                .isEqualTo("<[2001:db8::1]>");
    }

    @ParameterizedTest
    @CsvSource({
        "/events?api_key=k1, <k1>",
        "/events?a=b&api_key=k1&c, <k1>",
        "/events?api_key=k1&api_key=k1, <k1>",
        "/events?api_key=&api_key=k1, <k1>",
        "/events?api%5Fkey=%6B1, <k1>",
        "/events?api_key=a+b, <a b>",
        "/events?api_key=a%2Bb, <a+b>",
        "/events?api_key=a%2526b, <a%26b>",
        "/events?api_key=a%26api_key=b, <a&api_key=b>",
        "/events?api_key=k1=, <k1=>",
        "/events?api_key=k1;api_key=k2, <k1;api_key=k2>",
        "/events?api_key=caf%C3%A9, <café>",
        "/events?%zz=1&api_key=k1, <k1>",
        "/files/x?api_key=k1, <k1>",
        "/files/x/y.z?api_key=k1, <k1>",
        "/files/caf%C3%A9?api_key=k1, <k1>",
        "/a/b/c?api_key=k1, <k1>"
    })
    void aQueryParameterIsDecodedOnceOnPathsThatOptIn(String target, String value) {
        assertThat(read(query, target(target))).isEqualTo(value);
        assertThat(query.presentIn(target(target))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/events",
                "/events?",
                "/events?api_key",
                "/events?api_key=",
                "/events?api_key=&api_key=",
                "/events?api_key= ",
                "/events?API_KEY=k1",
                "/events?api_key2=k1",
                "/events?xapi_key=k1",
                "/events?api_key[]=k1",
                "/events?a=b;api_key=k1",
                "/events?a=%26api_key=k1",
                "/events?api%255Fkey=k1",
                "/events?=api_key=k1"
            })
    void withoutTheParameterItIsAbsent(String target) {
        assertThat(query.presentIn(target(target))).isFalse();
        assertThat(read(query, target(target))).isEqualTo("absent");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "",
                "/other",
                "/Events",
                "/events/",
                "/events/x",
                "/events;x=y",
                "/events;",
                "/events%2F",
                "/%65vents",
                "//events",
                "/events//",
                "/x/../events",
                "/./events",
                "/events/..",
                "events",
                "/files",
                "/files/",
                "/Files/x",
                "/filesx/y",
                "/files//x",
                "/files/x/",
                "/files/../admin",
                "/files/./x",
                "/files/%2e%2e/admin",
                "/files/%252e%252e/admin",
                "/files/..%2fadmin",
                "/files/x%2f..%2f..%2fadmin",
                "/files/..;/admin",
                "/files/x;y=z",
                "/files/x%3by",
                "/files/x%2Fy",
                "/files/x%252Fy",
                "/files/x%5Cy",
                "/files//a%2Fb",
                "/files/%2F/a%2Fb",
                "/files/..\\admin",
                "/files/x\\y",
                "/files/%00",
                "/files/x%0a",
                "/files/%zz",
                "/files/%C0%AE%C0%AE/admin",
                "/%66iles/x",
                "/a/b",
                "/a/x/../b/c",
                "/a//b/c"
            })
    void onAPathThatDoesNotOptInTheParameterIsNotLookedAt(String path) {
        for (String value : List.of("k1", "%zz", "k1&api_key=k2")) {
            TenantRequest request = target(path + "?api_key=" + value);
            assertThat(query.presentIn(request)).isFalse();
            assertThat(read(query, request)).isEqualTo("absent");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"k1&api_key=k2", "k1&api%5Fkey=k2", "k1&api_key=K1", "k1&api_key=%6B1"})
    void severalDifferentParametersAreRejected(String values) {
        TenantRequest request = target("/events?api_key=" + values);

        assertThat(read(query, request)).isEqualTo("several different values of query parameter api_key");
        assertThat(query.presentIn(request)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"%", "%2", "%zz", "k1%", "%C3", "%FF", "%C0%AE", "%ED%A0%80", "\uD800", "%\uFF12\uFF10"})
    void aValueThatIsNotPercentEncodedUtf8IsRejected(String value) {
        TenantRequest request = target("/events?api_key=" + value);

        assertThat(read(query, request)).isEqualTo("query parameter api_key is not percent-encoded UTF-8");
        assertThat(query.presentIn(request)).isTrue();
    }

    @Test
    void aPathMayOptInAllPaths() {
        CredentialSource everywhere = CredentialSource.queryParameter("k", List.of("/", "/*"));

        assertThat(read(everywhere, target("/?k=1"))).isEqualTo("<1>");
        assertThat(read(everywhere, target("/x/y?k=1"))).isEqualTo("<1>");
        assertThat(read(everywhere, target("/x/../y?k=1"))).isEqualTo("absent");
        assertThat(read(everywhere, target("//?k=1"))).isEqualTo("absent");
    }

    @Test
    void badQueryParametersFailAtStartAllFaultsNamedAtOnce() {
        assertThatThrownBy(() -> CredentialSource.queryParameter("api key", List.of()))
                .isInstanceOfSatisfying(
                        TenancyConfigException.class,
                        faults -> assertThat(faults.faults())
                                .containsExactly(
                                        "the name of a query parameter is bad; allowed: letters, digits and . _ ~ -",
                                        "no path takes the query parameter"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", "x", "*", "/*/x", "/x*", "/x/", "/x/**", "//", "/x//*", "/../x", "/x/./*", "/%65", "/x;y", "/x?y"
            })
    void aPathThatIsNoneFailsAtStart(String path) {
        assertThatThrownBy(() -> CredentialSource.queryParameter("k", List.of("/ok", path)))
                .isInstanceOf(TenancyConfigException.class)
                .hasMessageContaining("a path that takes the query parameter is bad; allowed: segments of letters");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/t/a%2Fb",
                "/t/a%5Cb",
                "/t/a\\b",
                "/t/a;b",
                "/t/a%3Bb",
                "/t/a%25",
                "/t/a%2541",
                "/t/a%20b",
                "/t/a%20",
                "/t//a",
                "/t/;",
                "/t/..",
                "/t/a/..",
                "/t/a/%2e"
            })
    void aPathSegmentThatCouldBeReadOtherwiseIsRejectedBeforeAnybodyJudgesIt(String path) {
        CredentialSource segment = CredentialSource.pathSegment("/t");

        assertThat(read(segment, target(path))).isEqualTo("the path can be read in more than one way");
        assertThat(segment.presentIn(target(path))).isTrue();
        assertThat(read(segment, target("/t/caf%C3%A9+x"))).isEqualTo("<café+x>");
    }

    private static String read(CredentialSource source, TenantRequest request) {
        return source.resolve(request, value -> Resolution.rejected("<" + value + ">"))
                .fold(
                        resolved -> "resolved",
                        () -> "absent",
                        () -> "unrecognized",
                        Resolution.Rejected::reason,
                        unavailable -> "unavailable");
    }

    private static TenantRequest target(String target) {
        return TenantRequest.builder().target(target).build();
    }
}
