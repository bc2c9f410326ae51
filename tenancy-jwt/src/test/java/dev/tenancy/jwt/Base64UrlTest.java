package dev.tenancy.jwt;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import java.util.HexFormat;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class Base64UrlTest {
    private static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

    private static byte[] decode(String text) throws RefusedException {
        byte[] bytes = text.getBytes(ISO_8859_1);
        return Base64Url.decode(bytes, 0, bytes.length);
    }

    /** RFC 4648 section 10, without padding; the last two need its second alphabet. */
    @ParameterizedTest
    @CsvSource({
        "'', ''",
        "Zg, 66",
        "Zm8, 666f",
        "Zm9v, 666f6f",
        "Zm9vYg, 666f6f62",
        "Zm9vYmE, 666f6f6261",
        "Zm9vYmFy, 666f6f626172",
        "AA, 00",
        "_w, ff",
        "-_-_, fbffbf"
    })
    void decodes(String text, String hex) throws RefusedException {
        assertThat(HexFormat.of().formatHex(decode(text))).isEqualTo(hex);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "A",
                "AAAAA",
                "Zg==",
                "Zg=",
                "Zm8=",
                "=",
                "Zm9v=",
                "-/-_",
                "+_-_",
                "Zm 9v",
                " Zm9v",
                "Zm9v ",
                "Zm9v\n",
                "Zm9v\r\n",
                "Zm.v",
                "Zm9\u00e9",
                "\u00ff\u00ff\u00ff\u00ff",
                "Zm9\u0000",
                "Zm9~"
            })
    void refusesWhatIsNotBase64Url(String text) {
        assertThatThrownBy(() -> decode(text))
                .isInstanceOf(RefusedException.class)
                .hasMessageNotContaining(text);
    }

    @Test
    void ofTheSpellingsOfAValueOneIsRight() {
        for (String start : new String[] {"Z", "Zm"}) {
            Set<String> values = new HashSet<>();
            int accepted = 0;
            for (int last = 0; last < ALPHABET.length(); last++) {
                try {
                    values.add(HexFormat.of().formatHex(decode(start + ALPHABET.charAt(last))));
                    accepted++;
                } catch (RefusedException unusedBits) {
                    assertThat(unusedBits).hasMessageContaining("base64url");
                }
            }
            assertThat(accepted).isEqualTo(values.size()).isEqualTo(start.length() == 1 ? 4 : 16);
        }
    }

    @Test
    void takesWhatIsBetweenTheIndexesOnly() throws RefusedException {
        byte[] text = "!!Zm9v.".getBytes(ISO_8859_1);

        assertThat(Base64Url.decode(text, 2, 6)).asString(ISO_8859_1).isEqualTo("foo");
        assertThat(Base64Url.decode(text, 2, 2)).isEmpty();
        assertThatThrownBy(() -> Base64Url.decode(text, 1, 6)).isInstanceOf(RefusedException.class);
        assertThatThrownBy(() -> Base64Url.decode(text, 2, 7)).isInstanceOf(RefusedException.class);
    }
}
