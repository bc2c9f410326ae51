package dev.tenancy.jwt;

import static dev.tenancy.jwt.StrictJsonTest.parsed;
import static dev.tenancy.jwt.StrictJsonTest.read;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.text.ParseException;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Strings of JSON (RFC 8259 section 7), and the bytes that they are of (section 8.1). */
class StrictJsonStringTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a",
                " ! ",
                "/",
                "'",
                "{}[]:,",
                "\u007f",
                "\u0080",
                "\u00e9",
                "\u20ac",
                "\ud7ff",
                "\ue000",
                "\ufffd",
                "\ufffe",
                "\uffff",
                "a\uffffb",
                "\ud800\udc00",
                "\ud83d\ude00",
                "\udbff\udfff"
            })
    void textIsReadAsItIs(String text) throws ParseException {
        assertThat(parsed("\"" + text + "\"")).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource(delimiterString = "->", textBlock = """
            \\"       -> 22
            \\\\      -> 5c
            \\/       -> 2f
            \\b       -> 08
            \\f       -> 0c
            \\n       -> 0a
            \\r       -> 0d
            \\t       -> 09
            \\u0000   -> 00
            \\u0041   -> 41
            \\u00e9   -> c3a9
            \\u00E9   -> c3a9
            \\u20aC   -> e282ac
            \\uFfFf   -> efbfbf
            \\u1234   -> e188b4
            \\u9bdf   -> e9af9f
            \\ud800\\udc00 -> f0908080
            \\uD83D\\uDE00 -> f09f9880
            \\udbff\\udfff -> f48fbfbf
            """)
    void anEscapeIsReadAsWhatItStandsFor(String escape, String utf8) throws ParseException {
        String meant = new String(HexFormat.of().parseHex(utf8), UTF_8);

        assertThat(parsed("\"" + escape + "\"")).isEqualTo(meant);
        assertThat(parsed("\"<" + escape + ">\"")).isEqualTo("<" + meant + ">");
        assertThat(parsed("\"" + escape + " \u00e9" + escape + "\"")).isEqualTo(meant + " \u00e9" + meant);
    }

    @Test
    void aNameMayHaveEscapesToo() throws ParseException {
        assertThat(read("{\"org\\u005fid\":\"acme\"}")).containsEntry("org_id", "acme");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\\",
                "\\a",
                "\\x41",
                "\\U0041",
                "\\'",
                "\\0",
                "\\ ",
                "\\u",
                "\\u1",
                "\\u12",
                "\\u123",
                "\\u12g4",
                "\\u-123",
                "\\u+123",
                "\\u 123",
                "\\uD83D\\",
                "\\u\u0661\u0661\u0661\u0661",
                "\\u\uff11234",
                "\\\n",
                "\\\u00e9",
                "\\u{41}",
                "\\u004/",
                "\\u004:",
                "\\u004@",
                "\\u004G",
                "\\u004`"
            })
    void noOtherEscapeIsRead(String text) {
        assertThatThrownBy(() -> parsed("\"" + text + "\"")).isInstanceOf(ParseException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\\ud800",
                "\\udbff",
                "\\udc00",
                "\\udfff",
                "a\\ud800b",
                "\\ud800\\ud800",
                "\\udc00\\ud800",
                "\\ud800\\u0041",
                "\\ud800\\n",
                "\\ud800\\\\udc00",
                "\\ud83d\ud83d\ude00",
                "\ud83d\ude00\\ude00",
                "\\ud83d\\ude00\\ude00"
            })
    void noHalfOfASurrogatePairStandsAlone(String text) {
        assertThatThrownBy(() -> parsed("\"" + text + "\"")).hasMessageContaining("surrogate");
    }

    @Test
    void noControlCharacterStandsInAString() throws ParseException {
        for (char control = 0; control < ' '; control++) {
            String text = "\"a" + control + "\"";
            assertThatThrownBy(() -> parsed(text)).hasMessageContaining("control character");
            assertThatThrownBy(() -> parsed(text.replace("a", "\\n"))).hasMessageContaining("control character");
        }
        assertThat(parsed("\" \"")).isEqualTo(" ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"", "\"a", "\"\u00e9", "\"\\n", "\"\\nb", "\"\\\"", "\"a\\", "\"\\u00", "\"\uffff"})
    void aStringThatDoesNotEndIsRefused(String text) {
        assertThatThrownBy(() -> read("{\"a\":" + text)).isInstanceOf(ParseException.class);
        assertThatThrownBy(() -> read("{" + text)).isInstanceOf(ParseException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "80", // continues nothing
                "bf",
                "c3", // cut off
                "e282",
                "f09f98",
                "c0af", // too long for what they say
                "c1bf",
                "c080",
                "e09fbf",
                "f08fbfbf",
                "eda080", // surrogates
                "edbfbf",
                "eda0bdedb880",
                "f4908080", // beyond U+10FFFF
                "f888808080",
                "fe",
                "ff",
                "e9", // Latin-1
                "e228a1", // the middle of it is ASCII
                "c3a9a9"
            })
    void bytesThatAreNoUtf8AreRefusedWhereverTheyStand(String hex) {
        byte[] bad = HexFormat.of().parseHex(hex);

        assertNotUtf8("{\"a\":\"", bad, "\"}");
        assertNotUtf8("{\"a\":\"\u20ac ", bad, " \ufffd\"}");
        assertNotUtf8("{\"", bad, "\":1}");
        assertNotUtf8("", bad, "{}");
        assertNotUtf8("{}", bad, "");
    }

    private static void assertNotUtf8(String before, byte[] bad, String after) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(before.getBytes(UTF_8));
        bytes.writeBytes(bad);
        bytes.writeBytes(after.getBytes(UTF_8));
        assertThatThrownBy(() -> StrictJson.object(bytes.toByteArray()))
                .isInstanceOf(ParseException.class)
                .hasMessage("not UTF-8");
    }

    @Test
    void noOtherEncodingIsGuessed() {
        String text = "{\"a\":\"\u00e9\"}";

        assertThatThrownBy(() -> StrictJson.object(text.getBytes(ISO_8859_1))).hasMessage("not UTF-8");
        assertThatThrownBy(() -> StrictJson.object(text.getBytes(UTF_16BE))).isInstanceOf(ParseException.class);
        assertThatThrownBy(() -> StrictJson.object(("\ufeff" + text).getBytes(UTF_8)))
                .isInstanceOf(ParseException.class);
    }
}
