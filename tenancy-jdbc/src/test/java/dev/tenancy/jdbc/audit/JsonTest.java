package dev.tenancy.jdbc.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** JSON as RFC 8259 has it. */
class JsonTest {
    @Test
    void objectsListsAndBooleansAreWritten() {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("a", List.of("x", true, Map.of()));
        object.put("b", List.of());

        assertThat(Json.of(object)).isEqualTo("{\"a\":[\"x\",true,{}],\"b\":[]}");
    }

    @Test
    void whateverIsNotPlainIsEscaped() {
        assertThat(Json.of("\"\\/\n\u0000\u001f\u007f\u2028é\uD83D\uDE00\uD800"))
                .isEqualTo("\"\\\"\\\\/\\u000a\\u0000\\u001f\\u007f\\u2028\\u00e9\\ud83d\\ude00\\ud800\"");
    }
}
