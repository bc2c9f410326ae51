package dev.tenancy.jwt;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.LIST;

import java.math.BigInteger;
import java.text.ParseException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The grammar of RFC 8259, but for strings, which have a test of their own. */
class StrictJsonTest {
    private static final int DEEPEST = 32;

    static Map<String, @Nullable Object> read(String text) throws ParseException {
        return StrictJson.object(text.getBytes(UTF_8));
    }

    /** What is read of {@code value} as a member of an object. */
    static @Nullable Object parsed(String value) throws ParseException {
        return read("{\"v\":" + value + "}").get("v");
    }

    static void assertMalformed(String text) {
        assertThatThrownBy(() -> read(text)).as(text).isInstanceOf(ParseException.class);
    }

    @Test
    void everyKindOfValueIsReadAsItself() throws ParseException {
        assertThat(parsed("true")).isEqualTo(true);
        assertThat(parsed("false")).isEqualTo(false);
        assertThat(parsed("null")).isNull();
        assertThat(parsed("\"text\"")).isEqualTo("text");
        assertThat(parsed("{\"in\":1}")).isEqualTo(Map.of("in", 1L));
        assertThat(parsed("[1,\"b\",[true],{}]")).isEqualTo(List.of(1L, "b", List.of(true), Map.of()));
        assertThat(parsed("[]")).isEqualTo(List.of());
        assertThat(read("{}")).isEmpty();
    }

    @Test
    void aMemberThatIsNullIsThere() throws ParseException {
        assertThat(read("{\"v\":null}")).containsOnlyKeys("v");
    }

    @Test
    void membersStayInTheirOrder() throws ParseException {
        assertThat(read("{\"b\":1,\"a\":2,\"c\":3}").keySet()).containsExactly("b", "a", "c");
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "-0, 0",
        "7, 7",
        "-7, -7",
        "1234567890, 1234567890",
        "999999999999999999, 999999999999999999",
        "1000000000000000000, 1000000000000000000",
        "9223372036854775807, 9223372036854775807",
        "-9223372036854775808, -9223372036854775808"
    })
    void aWholeNumberThatFitsIsALong(String text, long value) throws ParseException {
        assertThat(parsed(text)).isEqualTo(value);
    }

    @ParameterizedTest
    @ValueSource(strings = {"9223372036854775808", "-9223372036854775809", "99999999999999999999999999"})
    void aWholeNumberThatDoesNotFitIsExactNevertheless(String text) throws ParseException {
        assertThat(parsed(text)).isEqualTo(new BigInteger(text));
    }

    @ParameterizedTest
    @CsvSource({
        "0.5, 0.5",
        "-0.5, -0.5",
        "-0.0, -0.0",
        "10.25, 10.25",
        "1e2, 100",
        "1E2, 100",
        "1e+2, 100",
        "1E-2, 0.01",
        "12.5e1, 125",
        "0e0, 0",
        "1e-400, 0",
        "1.7976931348623157e308, 1.7976931348623157e308"
    })
    void aNumberWithAFractionOrAnExponentIsADouble(String text, double value) throws ParseException {
        assertThat(parsed(text)).isEqualTo(value);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1e309", "-1e309", "1.8e308"})
    void aNumberThatNoDoubleHoldsIsRefused(String text) {
        assertThatThrownBy(() -> parsed(text)).hasMessageContaining("too large");
    }

    @Test
    void aNumberHasAtMost64Characters() throws ParseException {
        assertThat(parsed("1".repeat(64))).isEqualTo(new BigInteger("1".repeat(64)));
        assertThat(parsed("0." + "1".repeat(62))).isInstanceOf(Double.class);
        assertThatThrownBy(() -> parsed("1".repeat(65))).hasMessageContaining("too long");
        assertThatThrownBy(() -> parsed("0." + "1".repeat(63))).hasMessageContaining("too long");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "-",
                "+1",
                "01",
                "-01",
                "00",
                "1.",
                ".5",
                "-.5",
                "1.e2",
                "1e",
                "1e+",
                "1e-",
                "1e1.5",
                "1ee2",
                "e1",
                "--1",
                "-+1",
                "0x10",
                "1_0",
                "1 2",
                "1a",
                "\u0661",
                "NaN",
                "nan",
                "Infinity",
                "-Infinity",
                "1/2",
                "1:",
                "tru",
                "truE",
                "True",
                "TRUE",
                "fals",
                "nul",
                "Null",
                "nulls",
                "undefined",
                "t",
                "f",
                "n",
                "'a'",
                "a",
                "/**/1",
                "1//",
                "#",
                "@"
            })
    void whatIsNoValueIsRefused(String value) {
        assertThatThrownBy(() -> parsed(value)).as(value).isInstanceOf(ParseException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "1",
                "true",
                "null",
                "\"{}\"",
                "[]",
                "[{}]",
                "{",
                "}",
                "{}}",
                "{{}}",
                "{]",
                "{,}",
                "{\"a\"}",
                "{\"a\",\"b\"}",
                "{\"a\":}",
                "{\"a\":1",
                "{\"a\":1,",
                "{\"a\":1,}",
                "{,\"a\":1}",
                "{\"a\":1,,\"b\":2}",
                "{\"a\":1 \"b\":2}",
                "{\"a\":1;\"b\":2}",
                "{\"a\"=1}",
                "{\"a\"::1}",
                "{\"a\":1:2}",
                "{\"a\" 1}",
                "{\"a",
                "{\"a\"",
                "{\"a\":",
                "{a:1}",
                "{'a':1}",
                "{1:1}",
                "{null:1}",
                "{\"a\":[}",
                "{\"a\":[1}",
                "{\"a\":[1,]}",
                "{\"a\":[,1]}",
                "{\"a\":[1 2]}",
                "{\"a\":[1,,2]}",
                "{\"a\":[1;2]}",
                "{\"a\":1]",
                "{\"a\":[",
                "{\"a\":[1",
                "{\"a\":[1,",
                "{\"a\":]}",
                "{/*c*/}",
                "{}//c",
                "{}#"
            })
    void whatIsNoObjectIsRefused(String text) {
        assertMalformed(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}{}", "{},", "{}x", "{}\u0000", "{}\u00a0", "{}\"", "{}]"})
    void nothingStandsBehindTheObject(String text) {
        assertThatThrownBy(() -> read(text)).hasMessageContaining("behind");
    }

    @ParameterizedTest
    @ValueSource(strings = {" ", "\t", "\n", "\r", " \t\r\n "})
    void whiteSpaceMayStandBetweenAnyTwoTokens(String space) throws ParseException {
        String spaced = String.join(
                space, "", "{", "\"a\"", ":", "[", "1", ",", "true", ",", "[", "]", "]", ",", "\"b\"", ":", "{", "}",
                "}", "");

        assertThat(read(spaced)).isEqualTo(Map.of("a", List.of(1L, true, List.of()), "b", Map.of()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\u000b", "\f", "\u00a0", "\u0085", "\u2028", "\u3000", "\ufeff", "\u0000", "\uffff"})
    void nothingElseIsWhiteSpace(String other) {
        assertMalformed(other + "{}");
        assertMalformed("{" + other + "}");
        assertMalformed("{}" + other);
        assertMalformed("{\"a\":" + other + "1}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"a\":1,\"a\":1}",
                "{\"a\":null,\"a\":1}",
                "{\"a\":1,\"b\":2,\"a\":null}",
                "{\"a\":1,\"\\u0061\":2}",
                "{\"\\u00e9\":1,\"\u00e9\":2}",
                "{\"\":1,\"\":2}",
                "{\"o\":{\"a\":1,\"a\":2}}",
                "{\"o\":[{\"a\":1,\"a\":2}]}"
            })
    void noMemberStandsThereTwiceHoweverItIsWritten(String text) {
        assertThatThrownBy(() -> read(text)).hasMessageContaining("twice");
    }

    @Test
    void membersOfTwoObjectsOrOfAnotherCaseAreTwo() throws ParseException {
        assertThat(read("{\"a\":{\"a\":1},\"A\":2}")).isEqualTo(Map.of("a", Map.of("a", 1L), "A", 2L));
    }

    @Test
    void nestingHasAnEnd() throws ParseException {
        int inside = DEEPEST - 1;
        assertThat(parsed("[".repeat(inside) + "]".repeat(inside))).isInstanceOf(List.class);
        assertThat(parsed("{\"a\":".repeat(inside) + "1" + "}".repeat(inside))).isInstanceOf(Map.class);
        for (String deeper : List.of(
                "[".repeat(DEEPEST) + "]".repeat(DEEPEST),
                "{\"a\":".repeat(DEEPEST) + "1" + "}".repeat(DEEPEST),
                "[{\"a\":".repeat(DEEPEST) + "1" + "}]".repeat(DEEPEST),
                "[".repeat(100_000))) {
            assertThatThrownBy(() -> parsed(deeper)).hasMessageContaining("too deep");
        }
    }

    @Test
    void whatIsBesideIsNotNested() throws ParseException {
        String many = "[" + "[],{},".repeat(100) + "[]]";

        assertThat(parsed(many)).asInstanceOf(LIST).hasSize(201);
    }

    @Test
    void aFaultSaysWhereItIsAndRepeatsNothing() {
        assertThatThrownBy(() -> read("{\"secret\":x}")).isInstanceOfSatisfying(ParseException.class, fault -> {
            assertThat(fault.getErrorOffset()).isEqualTo(10);
            assertThat(fault.getMessage()).doesNotContain("secret").doesNotContain("x}");
        });
    }
}
