package dev.tenancy.jwt;

import java.util.Arrays;
import java.util.Base64;

/**
 * Base64url as JWS has it (RFC 7515 section 2): no padding, and only the one encoding of each value, so that nobody can
 * write a token in two ways.
 */
final class Base64Url {
    private static final int NONE = -1;
    private static final int[] VALUES = values();

    private Base64Url() {}

    /**
     * The bytes that {@code text} encodes between two indexes.
     *
     * @throws RefusedException if it is another alphabet, padded, of an impossible length, or has bits that are not
     *     used and not zero
     */
    static byte[] decode(byte[] text, int from, int to) throws RefusedException {
        int lastGroup = (to - from) % 4;
        if (lastGroup == 1 || (lastGroup > 1 && (valueOf(text[to - 1]) & unusedBits(lastGroup)) != 0)) {
            throw new RefusedException("a part of the token is not base64url");
        }
        for (int at = from; at < to; at++) {
            if (valueOf(text[at]) == NONE) {
                throw new RefusedException("a part of the token is not base64url");
            }
        }
        return Base64.getUrlDecoder().decode(Arrays.copyOfRange(text, from, to));
    }

    /** What one character stands for, or {@link #NONE}. */
    static int valueOf(int character) {
        return character >= 0 && character < VALUES.length ? VALUES[character] : NONE;
    }

    private static int unusedBits(int charactersInLastGroup) {
        return charactersInLastGroup == 2 ? 0x0f : 0x03;
    }

    private static int[] values() {
        int[] values = new int[128];
        Arrays.fill(values, NONE);
        String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        for (int value = 0; value < alphabet.length(); value++) {
            values[alphabet.charAt(value)] = value;
        }
        return values;
    }
}
