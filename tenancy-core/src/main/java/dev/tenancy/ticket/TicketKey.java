package dev.tenancy.ticket;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** A secret under its id, which signs with HMAC-SHA256 (RFC 2104) and prints nothing of itself. */
final class TicketKey {
    private static final String ALGORITHM = "HmacSHA256";

    /** So that what is signed here is no signature of anything else, should the secret be used elsewhere. */
    private static final String DOMAIN = "dev.tenancy.ticket:";

    private final String id;
    private final SecretKeySpec secret;

    TicketKey(String id, byte[] secret) {
        this.id = id;
        this.secret = new SecretKeySpec(secret, ALGORITHM); // copies the bytes
    }

    String id() {
        return id;
    }

    /** The signature of {@code text}, in base64url without padding (RFC 4648 section 5). */
    String sign(String text) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(secret);
            byte[] signature = mac.doFinal((DOMAIN + text).getBytes(StandardCharsets.UTF_8));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(signature);
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("every Java platform has " + ALGORITHM, impossible);
        }
    }

    /** Compares texts and not bytes: a signature has one spelling, and nothing unsigned is decoded. */
    boolean hasSigned(String text, String signature) {
        return MessageDigest.isEqual(
                sign(text).getBytes(StandardCharsets.UTF_8), signature.getBytes(StandardCharsets.UTF_8));
    }

    boolean hasSecretOf(TicketKey other) {
        return MessageDigest.isEqual(secret.getEncoded(), other.secret.getEncoded());
    }

    @Override
    public String toString() {
        return id;
    }
}
