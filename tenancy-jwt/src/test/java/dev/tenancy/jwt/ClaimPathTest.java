package dev.tenancy.jwt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
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
    @ValueSource(strings = {"", ".", "a.", ".a", "a..b", "\"a", "a\"b", "\"\"", "\"a\"b"})
    void refusesWhatIsNoPath(String path) {
        assertThatThrownBy(() -> ClaimPath.of(path))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("allowed");
    }

    @Test
    void printsItsSegments() {
        assertThat(ClaimPath.of("org.id")).hasToString("org.id");
    }
}
