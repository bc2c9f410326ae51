package dev.tenancy.jdbc;

import static java.util.Objects.requireNonNull;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * A secret under its id, with which tenants are {@linkplain TenantSeal sealed}. The server has it too, in a table that
 * only its owner reads.
 *
 * <p>Immutable and thread-safe. {@link #toString()} has the id and nothing of the secret.
 *
 * @since 0.1
 */
public final class SealKey {
    private static final String ALGORITHM = "HmacSHA256";

    /** The bytes that SHA-256 works on at once (FIPS 180-4), by which a secret of HMAC is padded (RFC 2104). */
    private static final int BLOCK = 64;

    private static final int LEAST_BYTES = 32;
    private static final int MOST_BYTES = 1_024;
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,31}");

    private final String id;
    private final byte[] secret;
    private final SecretKeySpec forMac;

    private SealKey(String id, byte[] secret) {
        this.id = id;
        this.secret = secret;
        this.forMac = new SecretKeySpec(secret, ALGORITHM);
    }

    /**
     * {@return a key}
     *
     * @param id its name, by which the server finds it: 1–32 characters, letters, digits, {@code _ . -}, first a letter
     *     or digit
     * @param secret 32–1024 bytes, random, and used for nothing else
     * @throws IllegalArgumentException if one is not as described
     */
    public static SealKey of(String id, byte[] secret) {
        if (!ID.matcher(requireNonNull(id, "id")).matches()) {
            throw new IllegalArgumentException(
                    "not an id of a seal key; allowed: 1–32 characters, letters, digits, _ . -, first a letter or digit");
        }
        if (secret.length < LEAST_BYTES || secret.length > MOST_BYTES) {
            throw new IllegalArgumentException("the secret of the seal key " + id + " has " + secret.length
                    + " bytes; allowed: " + LEAST_BYTES + " to " + MOST_BYTES);
        }
        return new SealKey(id, secret.clone());
    }

    /**
     * {@return the key that an environment variable has}
     *
     * @param variable its name; its value is {@code id:secret}, the secret in base64 (RFC 4648 section 4)
     * @throws IllegalArgumentException if there is no such variable, or its value is not as described; the message has
     *     nothing of the value
     */
    public static SealKey fromEnvironment(String variable) {
        return parse("the environment variable " + variable, System.getenv(variable));
    }

    /** The key that {@code text} is, of which a message says only {@code where} it was. */
    static SealKey parse(String where, @Nullable String text) {
        int colon = text == null ? -1 : text.indexOf(':');
        if (text == null || colon < 0) {
            throw new IllegalArgumentException(where + " has no seal key; allowed: id:secret, the secret in base64");
        }
        byte[] secret;
        try {
            secret = Base64.getDecoder().decode(text.substring(colon + 1).strip());
        } catch (IllegalArgumentException notBase64) {
            // Without the cause, whose message has a character of the secret.
            throw new IllegalArgumentException(where + " has a seal key whose secret is not base64");
        }
        return of(text.substring(0, colon).strip(), secret);
    }

    /** {@return a key with a random secret, for tests and for whoever stores it somewhere safe} */
    public static SealKey random(String id) {
        byte[] secret = new byte[LEAST_BYTES];
        new SecureRandom().nextBytes(secret);
        return of(id, secret);
    }

    /** {@return its id} */
    public String id() {
        return id;
    }

    /** The signature of {@code text} in lower-case hexadecimal. */
    String sign(String text) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(forMac);
            return HexFormat.of().formatHex(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("every Java platform has " + ALGORITHM, impossible);
        }
    }

    /** What is hashed before a text: the server has {@code sha256} and no HMAC (RFC 2104, section 2). */
    byte[] innerPad() {
        return pad((byte) 0x36);
    }

    /** What is hashed before the hash of inner pad and text. */
    byte[] outerPad() {
        return pad((byte) 0x5c);
    }

    private byte[] pad(byte constant) {
        byte[] pad = Arrays.copyOf(secret.length > BLOCK ? sha256(secret) : secret, BLOCK);
        for (int i = 0; i < BLOCK; i++) {
            pad[i] ^= constant;
        }
        return pad;
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("every Java platform has SHA-256", impossible);
        }
    }

    @Override
    public String toString() {
        return "SealKey[" + id + "]";
    }
}
