package dev.tenancy.jwt;

import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/** Which bytes can be a signature at all, so that no provider has to judge the others. */
interface SignatureForm {

    /** The signature as a provider takes it, or null if it cannot be one. */
    byte @Nullable [] forProvider(byte[] signature);

    /** A signature of an RSA key is as long as the key (RFC 8017 section 8.2.2). */
    static SignatureForm rsa(BigInteger modulus) {
        int length = (modulus.bitLength() + 7) / 8;
        return signature -> signature.length == length ? signature : null;
    }

    /**
     * A signature of an EC key is two integers, each as long as the key and from 1 to below the order of the curve (RFC
     * 7518 section 3.4), in DER for a provider.
     */
    static SignatureForm ec(BigInteger order) {
        int half = (order.bitLength() + 7) / 8;
        return signature -> {
            if (signature.length != 2 * half) {
                return null;
            }
            BigInteger r = new BigInteger(1, signature, 0, half);
            BigInteger s = new BigInteger(1, signature, half, half);
            return isBelow(order, r) && isBelow(order, s) ? der(r.toByteArray(), s.toByteArray()) : null;
        };
    }

    private static boolean isBelow(BigInteger order, BigInteger value) {
        return value.signum() > 0 && value.compareTo(order) < 0;
    }

    /** SEQUENCE of two INTEGERs (ITU-T X.690); the longest curve needs two bytes for the length of the sequence. */
    private static byte[] der(byte[] r, byte[] s) {
        int content = 2 + r.length + 2 + s.length;
        int start = content < 128 ? 2 : 3;
        byte[] der = new byte[start + content];
        der[0] = 0x30;
        der[1] = (byte) 0x81; // one byte of length follows; if none does, this is the length
        der[start - 1] = (byte) content;
        putInteger(der, start, r);
        putInteger(der, start + 2 + r.length, s);
        return der;
    }

    private static void putInteger(byte[] der, int at, byte[] integer) {
        der[at] = 0x02;
        der[at + 1] = (byte) integer.length;
        System.arraycopy(integer, 0, der, at + 2, integer.length);
    }
}
