package dev.tenancy.jwt;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads a JSON object (RFC 8259) of which there can be only one reading: in UTF-8, no member twice (RFC 7515 section
 * 4), no half of a surrogate pair, nothing behind it, and not nested without end (I-JSON, RFC 7493).
 *
 * <p>Integers are {@link Long}, or {@link BigInteger} if they do not fit; other numbers are {@link Double}.
 */
final class StrictJson {
    private static final int MAX_DEPTH = 32;
    private static final int MAX_NUMBER_LENGTH = 64;
    private static final char END = '\uffff';

    private final String text;
    private int at;
    private int depth;

    private StrictJson(String text) {
        this.text = text;
    }

    /**
     * The object that {@code utf8} says; its nulls are kept.
     *
     * @throws ParseException if it is anything else; the message repeats nothing of it
     */
    static Map<String, @Nullable Object> object(byte[] utf8) throws ParseException {
        StrictJson json = new StrictJson(decoded(utf8));
        json.skipSpace();
        json.expect('{');
        Map<String, @Nullable Object> object = json.members();
        json.skipSpace();
        if (json.at < json.text.length()) {
            throw json.malformed("something stands behind the object");
        }
        return object;
    }

    /** What is malformed is decoded to a replacement, which is never encoded as what was malformed. */
    private static String decoded(byte[] utf8) throws ParseException {
        String text = new String(utf8, StandardCharsets.UTF_8);
        if (!Arrays.equals(text.getBytes(StandardCharsets.UTF_8), utf8)) {
            throw new ParseException("not UTF-8", 0);
        }
        return text;
    }

    private Map<String, @Nullable Object> members() throws ParseException {
        enter();
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        skipSpace();
        if (!skip('}')) {
            do {
                skipSpace();
                expect('"');
                String name = string();
                skipSpace();
                expect(':');
                if (members.containsKey(name)) {
                    throw malformed("a member stands there twice");
                }
                members.put(name, value());
                skipSpace();
            } while (skip(','));
            expect('}');
        }
        depth--;
        return members;
    }

    private List<@Nullable Object> elements() throws ParseException {
        enter();
        List<@Nullable Object> elements = new ArrayList<>();
        skipSpace();
        if (!skip(']')) {
            do {
                elements.add(value());
                skipSpace();
            } while (skip(','));
            expect(']');
        }
        depth--;
        return elements;
    }

    private void enter() throws ParseException {
        depth++;
        if (depth > MAX_DEPTH) {
            throw malformed("nested too deep");
        }
    }

    private @Nullable Object value() throws ParseException {
        skipSpace();
        return switch (peek()) {
            case '{' -> {
                at++;
                yield members();
            }
            case '[' -> {
                at++;
                yield elements();
            }
            case '"' -> {
                at++;
                yield string();
            }
            case 't' -> word("true", true);
            case 'f' -> word("false", false);
            case 'n' -> word("null", null);
            default -> number();
        };
    }

    private @Nullable Object word(String word, @Nullable Object value) throws ParseException {
        if (!text.startsWith(word, at)) {
            throw malformed("not a value");
        }
        at += word.length();
        return value;
    }

    private Object number() throws ParseException {
        int start = at;
        skip('-');
        if (!skip('0')) {
            digits();
        }
        boolean isWhole = true;
        if (skip('.')) {
            isWhole = false;
            digits();
        }
        if (skip('e') || skip('E')) {
            isWhole = false;
            if (!skip('+')) {
                skip('-');
            }
            digits();
        }
        if (at - start > MAX_NUMBER_LENGTH) {
            throw malformed("a number is too long");
        }
        String number = text.substring(start, at);
        return isWhole ? integer(number) : real(number);
    }

    private void digits() throws ParseException {
        int start = at;
        while (peek() >= '0' && peek() <= '9') {
            at++;
        }
        if (at == start) {
            throw malformed("not a value");
        }
    }

    private static Number integer(String number) {
        BigInteger integer = new BigInteger(number);
        return integer.bitLength() < Long.SIZE ? (Number) integer.longValue() : integer;
    }

    private Double real(String number) throws ParseException {
        double real = Double.parseDouble(number);
        if (Double.isInfinite(real)) {
            throw malformed("a number is too large");
        }
        return real;
    }

    /** Behind the opening quote. */
    private String string() throws ParseException {
        String plain = plainText();
        if (skip('"')) {
            return plain;
        }
        StringBuilder read = new StringBuilder(plain);
        while (!skip('"')) {
            if (!skip('\\')) {
                throw malformed("a string does not end, or has a control character");
            }
            read.append(escaped()).append(plainText());
        }
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(read)) {
            throw malformed("half of a surrogate pair");
        }
        return read.toString();
    }

    private String plainText() {
        int start = at;
        while (at < text.length() && text.charAt(at) != '"' && text.charAt(at) != '\\' && text.charAt(at) >= ' ') {
            at++;
        }
        return text.substring(start, at);
    }

    private char escaped() throws ParseException {
        char kind = peek();
        at++;
        return switch (kind) {
            case '"', '\\', '/' -> kind;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> (char) (hexDigit() << 12 | hexDigit() << 8 | hexDigit() << 4 | hexDigit());
            default -> throw malformed("not an escape");
        };
    }

    private int hexDigit() throws ParseException {
        char digit = peek();
        if (!HexFormat.isHexDigit(digit)) {
            throw malformed("not an escape");
        }
        at++;
        return HexFormat.fromHexDigit(digit);
    }

    private void skipSpace() {
        while (peek() == ' ' || peek() == '\n' || peek() == '\r' || peek() == '\t') {
            at++;
        }
    }

    private boolean skip(char expected) {
        if (peek() == expected) {
            at++;
            return true;
        }
        return false;
    }

    private void expect(char expected) throws ParseException {
        if (!skip(expected)) {
            throw malformed("not a JSON object");
        }
    }

    /** The next character; at the end one that stands for nothing in JSON outside of strings. */
    private char peek() {
        return at < text.length() ? text.charAt(at) : END;
    }

    private ParseException malformed(String what) {
        return new ParseException(what, at);
    }
}
