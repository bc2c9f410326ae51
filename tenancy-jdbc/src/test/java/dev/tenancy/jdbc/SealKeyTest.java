package dev.tenancy.jdbc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a key of a seal may be, and what of it is seen. */
class SealKeyTest {
    private static final byte[] SECRET = "a secret of thirty-two bytes, ok".getBytes(UTF_8);

    @ParameterizedTest
    @ValueSource(ints = {32, 63, 64, 65, 1_024})
    void theServersTwoHashesAreTheHmac(int length) throws Exception {
        byte[] secret = new byte[length];
        secret[length - 1] = 7;
        SealKey key = SealKey.of("k1", secret);

        byte[] inner = sha256(key.innerPad(), "what is signed;".getBytes(UTF_8));
        byte[] outer = sha256(key.outerPad(), inner);

        assertThat(HexFormat.of().formatHex(outer)).isEqualTo(key.sign("what is signed;"));
    }

    /** RFC 4231, test case 6 has a key longer than a block, as case 7; this is case 6. */
    @Test
    void itSignsAsTheStandardSays() {
        byte[] secret = new byte[131];
        Arrays.fill(secret, (byte) 0xaa);

        assertThat(SealKey.of("k1", secret).sign("Test Using Larger Than Block-Size Key - Hash Key First"))
                .isEqualTo("60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
    }

    private static byte[] sha256(byte[] first, byte[] second) throws Exception {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        digest.update(first);
        return digest.digest(second);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", ";", "a;b", "a,b", ".a", "ä", "a b", "a23456789012345678901234567890123", "a\n"})
    void anIdIsWhatFitsIntoASeal(String id) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SealKey.of(id, SECRET))
                .withMessageContaining("allowed: 1–32 characters");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 31, 1_025})
    void aSecretIsLongEnough(int length) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SealKey.of("k1", new byte[length]))
                .withMessage("the secret of the seal key k1 has " + length + " bytes; allowed: 32 to 1024");
    }

    @Test
    void aTextIsAnIdAndASecretInBase64() {
        String text = " k1 : " + Base64.getEncoder().encodeToString(SECRET) + "\n";

        assertThat(SealKey.parse("here", text).sign("x"))
                .isEqualTo(SealKey.of("k1", SECRET).sign("x"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "k1", "k1:", "k1:c2VjcmV0", "k1:*secret*", ":c2VjcmV0", "c2VjcmV0"})
    void aTextThatIsNoKeyIsToldByWhereItWasOnly(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SealKey.parse("the environment variable KEY", text))
                .satisfies(fault -> assertThat(fault).hasNoCause())
                .satisfies(fault -> assertThat(fault.getMessage()).doesNotContain("c2VjcmV0", "*", "secret*"));
    }

    @Test
    void aVariableThatIsNotThereIsNamed() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SealKey.fromEnvironment("TENANCY_NO_SUCH_KEY"))
                .withMessage("the environment variable TENANCY_NO_SUCH_KEY has no seal key; allowed: id:secret,"
                        + " the secret in base64");
    }

    @Test
    void nothingOfTheSecretIsSeen() {
        byte[] secret = SECRET.clone();
        SealKey key = SealKey.of("k1", secret);
        String before = key.sign("x");
        secret[0]++;

        assertThat(key.sign("x")).as("a copy").isEqualTo(before);
        assertThat(key).hasToString("SealKey[k1]");
        assertThat(TenantSeal.of(key)).hasToString("TenantSeal[PT5M]");
        assertThat(SealKey.random("k1").sign("x"))
                .isNotEqualTo(SealKey.random("k1").sign("x"));
    }
}
