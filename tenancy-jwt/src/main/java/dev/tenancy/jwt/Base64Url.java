package dev.tenancy.jwt;

import java.util.Arrays;
import java.util.Base64;

/**
 * Base64url as JWS has it (RFC 7515 section 2): no padding, and only the one encoding of each value, so that nobody can
 * write a token in two ways.
 */
final class Base64Url {
    private static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();

    private Base64Url() {}

    /**
     * The bytes that {@code text} encodes between two indexes.
     *
     * @throws RefusedException if it is another alphabet, padded, of an impossible length, or has bits that are not
     *     used and not zero
     */
    static byte[] decode(byte[] text, int from, int to) throws RefusedException {
        byte[] encoded = Arrays.copyOfRange(text, from, to);
        try {
            byte[] decoded = Base64.getUrlDecoder().decode(encoded);
            if (Arrays.equals(ENCODER.encode(decoded), encoded)) {
                return decoded;
            }
        } catch (IllegalArgumentException malformed) {
            // Said below; its message repeats the text.
        }
        throw new RefusedException("a part of the token is not base64url");
    }

    /** The six bits that one character stands for, or -1. */
    static int valueOf(char character) {
        return ALPHABET.indexOf(character);
    }
}
