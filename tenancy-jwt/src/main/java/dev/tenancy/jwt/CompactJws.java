package dev.tenancy.jwt;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.text.ParseException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A JWS in compact form (RFC 7515 section 7.1), taken apart; nobody has vouched for it yet. */
final class CompactJws {
    private static final String WHITE_SPACE = " \t\r\n";

    private final byte[] text;
    private final int signedLength;
    private final Map<String, @Nullable Object> header;
    private final Map<String, @Nullable Object> claims;
    private final byte[] signature;

    private CompactJws(byte[] text, int endOfHeader, int endOfPayload) throws RefusedException {
        this.text = text;
        this.signedLength = endOfPayload;
        this.signature = Base64Url.decode(text, endOfPayload + 1, text.length);
        this.header = object(text, 0, endOfHeader, "header");
        this.claims = object(text, endOfHeader + 1, endOfPayload, "payload");
    }

    /**
     * Whether this is meant to be a signed or an encrypted token: three or five parts, of which the first begins a JSON
     * object. However wrong the rest is, nobody else has to look at it.
     */
    static boolean isMeant(String credential) {
        int dots = 0;
        for (int at = 0; at < credential.length(); at++) {
            if (credential.charAt(at) == '.') {
                dots++;
            }
        }
        return (dots == 2 || dots == 4) && beginsAnObject(credential);
    }

    /**
     * Whether the first byte that is no white space is a brace. A character that is not base64, the dot behind the part
     * at the latest, counts as six ones, which are in neither.
     */
    private static boolean beginsAnObject(String encoded) {
        int held = 0;
        int bits = 0;
        for (int at = 0; ; at++) {
            held = held << 6 | Base64Url.valueOf(encoded.charAt(at));
            bits += 6;
            if (bits >= 8) {
                bits -= 8;
                int decoded = held >> bits & 0xff;
                if (WHITE_SPACE.indexOf(decoded) < 0) {
                    return decoded == '{';
                }
            }
        }
    }

    /**
     * Takes a token apart.
     *
     * @param token one that {@link #isMeant}
     * @throws RefusedException if it has not three parts, a part is not base64url, or header or payload is no JSON
     *     object that has one reading
     */
    static CompactJws parse(String token) throws RefusedException {
        int endOfHeader = token.indexOf('.');
        int endOfPayload = token.lastIndexOf('.');
        if (token.indexOf('.', endOfHeader + 1) != endOfPayload) {
            throw new RefusedException("the token is encrypted, and not signed");
        }
        return new CompactJws(token.getBytes(StandardCharsets.US_ASCII), endOfHeader, endOfPayload);
    }

    private static Map<String, @Nullable Object> object(byte[] text, int from, int to, String part)
            throws RefusedException {
        try {
            return StrictJson.object(Base64Url.decode(text, from, to));
        } catch (ParseException malformed) {
            throw new RefusedException(
                    "the token's " + part + " is not a JSON object with one reading: " + malformed.getMessage());
        }
    }

    Map<String, @Nullable Object> header() {
        return header;
    }

    Map<String, @Nullable Object> claims() {
        return claims;
    }

    /** Whether {@code key} signed it. */
    boolean isSignedBy(VerificationKey key, SignatureAlgorithm algorithm) throws GeneralSecurityException {
        return key.verifies(algorithm, text, signedLength, signature);
    }
}
