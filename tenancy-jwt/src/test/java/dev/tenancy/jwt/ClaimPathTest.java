package dev.tenancy.jwt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClaimPathTest {
    private static final Map<String, Object> CLAIMS = Map.of(
            "org_id", "acme",
            "org", Map.of("id", "nested"),
            "https://acme.example/org_id", "url",
            "a.b", Map.of("c", "dotted"),
            "one", List.of("only"),
            "two", List.of("first", "second"),
            "number", 7,
            "blank", "  ",
            "none", List.of());

    @ParameterizedTest
    @CsvSource(quoteCharacter = '`', textBlock = """
            org_id, acme
            org.id, nested
            "https://acme.example/org_id", url
            "a.b".c, dotted
            one, only
            """)
    void findsTheTextAtAPath(String path, String text) {
        assertThat(ClaimPath.of(path).textIn(CLAIMS)).contains(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"two", "number", "blank", "none", "org", "missing", "org_id.deeper", "a.b.c"})
    void findsNothingElse(String path) {
        assertThat(ClaimPath.of(path).textIn(CLAIMS)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "a.", ".a", "a..b", "\"a", "a\"b", "\"\"", "\"a\"b", "\"a\"\n", "a.\"b\"\n"})
    void refusesWhatIsNoPath(String path) {
        assertThatThrownBy(() -> ClaimPath.of(path))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("allowed");
    }

    @Test
    void aTextHasAtMost1024Characters() {
        ClaimPath path = ClaimPath.of("v");

        assertThat(path.textIn(Map.of("v", "x".repeat(1024)))).contains("x".repeat(1024));
        assertThat(path.textIn(Map.of("v", "x".repeat(1025)))).isEmpty();
        assertThat(path.textsIn(Map.of("v", List.of("x".repeat(1025))))).isEmpty();
    }

    @Test
    void findsAllTextsAtAPath() {
        assertThat(texts("org_id")).contains(List.of("acme"));
        assertThat(texts("two")).contains(List.of("first", "second"));
        assertThat(texts("none")).contains(List.of());
        assertThat(texts("missing")).contains(List.of());
        assertThat(texts("org_id.deeper")).contains(List.of());
    }

    @ParameterizedTest
    @ValueSource(strings = {"number", "blank", "org"})
    void findsNoTextsWhereAnyIsSomethingElse(String path) {
        Object value = CLAIMS.get(path);

        assertThat(texts(path)).isEmpty();
        assertThat(ClaimPath.of("v").textsIn(Map.of("v", List.of("first", value))))
                .isEmpty();
        assertThat(ClaimPath.of("v").textsIn(Map.of("v", List.of(value, "second"))))
                .isEmpty();
        assertThat(ClaimPath.of("v").textsIn(Map.of("v", List.of(List.of("in")))))
                .isEmpty();
        assertThat(ClaimPath.of("v").textsIn(Map.of("v", Arrays.asList("first", null))))
                .isEmpty();
    }

    private static Optional<List<String>> texts(String path) {
        return ClaimPath.of(path).textsIn(CLAIMS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"org_id", "org.id", "\"https://acme.example/org_id\"", "\"a.b\".c", "a.\"b.c\".d"})
    void printsItselfAsItIsRead(String path) {
        assertThat(ClaimPath.of(path)).hasToString(path);
    }

    @Test
    void isEqualToAPathOfTheSameNames() {
        assertThat(ClaimPath.of("a.\"b\""))
                .isEqualTo(ClaimPath.of("a.b"))
                .hasSameHashCodeAs(ClaimPath.of("a.b"))
                .isNotEqualTo(ClaimPath.of("\"a.b\""))
                .doesNotHaveSameHashCodeAs(ClaimPath.of("\"a.b\""))
                .isNotEqualTo(ClaimPath.of("a"))
                .isNotEqualTo("a.b")
                .isNotEqualTo(null);
    }
}
