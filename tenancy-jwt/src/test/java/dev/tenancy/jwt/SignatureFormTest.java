package dev.tenancy.jwt;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.security.KeyPair;
import java.security.interfaces.ECPublicKey;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class SignatureFormTest {
    private static final BigInteger ONE = BigInteger.ONE;

    /** The order of a curve, and how many bytes it has. */
    enum Order {
        P256(TestKeys.P256, 32),
        P384(TestKeys.P384, 48),
        P521(TestKeys.P521, 66);

        private final BigInteger n;
        private final int bytes;

        Order(KeyPair pair, int bytes) {
            this.n = ((ECPublicKey) pair.getPublic()).getParams().getOrder();
            this.bytes = bytes;
        }

        byte @Nullable [] formed(BigInteger r, BigInteger s) {
            return SignatureForm.ec(n).forProvider(HexFormat.of().parseHex(hex(r, bytes) + hex(s, bytes)));
        }
    }

    private static String hex(BigInteger number, int bytes) {
        String hex = number.toString(16);
        return "0".repeat(2 * bytes - hex.length()) + hex;
    }

    @ParameterizedTest
    @CsvSource({"2047, 256", "2048, 256", "2049, 257", "3072, 384", "4096, 512"})
    void aSignatureOfAnRsaKeyIsAsLongAsTheKey(int bits, int bytes) {
        SignatureForm form = SignatureForm.rsa(ONE.shiftLeft(bits - 1));
        byte[] signature = new byte[bytes];

        assertThat(form.forProvider(signature)).isSameAs(signature);
        assertThat(form.forProvider(new byte[bytes - 1])).isNull();
        assertThat(form.forProvider(new byte[bytes + 1])).isNull();
        assertThat(form.forProvider(new byte[0])).isNull();
    }

    @ParameterizedTest
    @EnumSource
    void bothHalvesAreFromOneToBelowTheOrder(Order order) {
        BigInteger zero = BigInteger.ZERO;
        BigInteger last = order.n.subtract(ONE);
        BigInteger beyond = order.n.add(ONE);
        BigInteger most = ONE.shiftLeft(8 * order.bytes).subtract(ONE);

        assertThat(order.formed(ONE, ONE)).isNotNull();
        assertThat(order.formed(last, last)).isNotNull();
        for (BigInteger bad : new BigInteger[] {zero, order.n, beyond, most}) {
            assertThat(order.formed(bad, ONE)).isNull();
            assertThat(order.formed(ONE, bad)).isNull();
            assertThat(order.formed(bad, bad)).isNull();
        }
    }

    @ParameterizedTest
    @EnumSource
    void bothHalvesAreAsLongAsTheOrder(Order order) {
        for (int length :
                new int[] {0, 1, order.bytes, 2 * order.bytes - 2, 2 * order.bytes - 1, 2 * order.bytes + 1}) {
            byte[] signature = new byte[length];
            Arrays.fill(signature, (byte) 1);
            assertThat(SignatureForm.ec(order.n).forProvider(signature)).isNull();
        }
    }

    @Test
    void aProviderTakesItInDer() {
        BigInteger small = BigInteger.valueOf(0x7f);
        BigInteger withLeadingZero = BigInteger.valueOf(0x80);

        assertThat(Order.P256.formed(ONE, BigInteger.TWO)).isEqualTo(bytes("3006 020101 020102"));
        assertThat(Order.P256.formed(small, withLeadingZero)).isEqualTo(bytes("3007 02017f 02020080"));
        assertThat(Order.P256.formed(withLeadingZero, small)).isEqualTo(bytes("3007 02020080 02017f"));
    }

    @ParameterizedTest
    @EnumSource(names = {"P256", "P384"})
    void theLongestOfAShortCurveHasOneByteOfLength(Order order) {
        BigInteger last = order.n.subtract(ONE);
        String integer = "02" + hex(BigInteger.valueOf(order.bytes + 1L), 1) + "00" + hex(last, order.bytes);
        String length = hex(BigInteger.valueOf(2 * (order.bytes + 3L)), 1);

        assertThat(order.formed(last, last)).isEqualTo(bytes("30" + length + integer + integer));
    }

    @Test
    void theLongestOfP521HasTwoBytesOfLength() {
        BigInteger last = Order.P521.n.subtract(ONE);
        String integer = "0242" + hex(last, 66);

        assertThat(Order.P521.formed(last, last)).isEqualTo(bytes("308188" + integer + integer));
    }

    /** 127 is the most that one byte of length says (X.690 section 8.1.3.4). */
    @ParameterizedTest
    @ValueSource(ints = {61, 62})
    void lengthsUpTo127HaveOneByteAndFrom128OnTwo(int bytesOfS) {
        String r = "01" + "00".repeat(61);
        String s = "01" + "00".repeat(bytesOfS - 1);
        String start = bytesOfS == 61 ? "307f" : "308180";
        String lengthOfS = bytesOfS == 61 ? "3d" : "3e";

        assertThat(Order.P521.formed(new BigInteger(r, 16), new BigInteger(s, 16)))
                .isEqualTo(bytes(start + "023e" + r + "02" + lengthOfS + s));
    }

    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex.replace(" ", ""));
    }
}
