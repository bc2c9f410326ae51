package dev.tenancy;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Decodes percent-encoded UTF-8 (RFC 3986 section 2.1). */
final class PercentEncoding {
    private static final int ESCAPE_LENGTH = 3;

    private PercentEncoding() {}

    /** The text, decoded once; empty if an escape is broken or the bytes are not UTF-8. */
    static Optional<String> decode(String text) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(text.length());
        for (int at = 0; at < text.length(); ) {
            if (isEscape(text, at)) {
                bytes.write(escaped(text, at));
                at += ESCAPE_LENGTH;
                continue;
            }
            int character = text.codePointAt(at);
            if (character == '%' || isLoneSurrogate(character)) {
                return Optional.empty();
            }
            bytes.writeBytes(Character.toString(character).getBytes(StandardCharsets.UTF_8));
            at += Character.charCount(character);
        }
        try {
            return Optional.of(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes.toByteArray()))
                    .toString());
        } catch (CharacterCodingException notUtf8) {
            return Optional.empty();
        }
    }

    /** The text with each escape of an ASCII character decoded once, and everything else as it is. */
    static String decodeAscii(String text) {
        StringBuilder decoded = new StringBuilder(text.length());
        for (int at = 0; at < text.length(); ) {
            boolean ascii = isEscape(text, at) && escaped(text, at) < 0x80;
            decoded.append(ascii ? (char) escaped(text, at) : text.charAt(at));
            at += ascii ? ESCAPE_LENGTH : 1;
        }
        return decoded.toString();
    }

    private static boolean isEscape(String text, int at) {
        return text.charAt(at) == '%'
                && at + ESCAPE_LENGTH <= text.length()
                && isHexDigit(text.charAt(at + 1))
                && isHexDigit(text.charAt(at + 2));
    }

    private static int escaped(String text, int at) {
        return Character.digit(text.charAt(at + 1), 16) << 4 | Character.digit(text.charAt(at + 2), 16);
    }

    /** Digits of other scripts are digits to {@link Character#digit}, and not here. */
    private static boolean isHexDigit(char character) {
        return character < 0x80 && Character.digit(character, 16) >= 0;
    }

    private static boolean isLoneSurrogate(int character) {
        return character >= Character.MIN_SURROGATE && character <= Character.MAX_SURROGATE;
    }
}
