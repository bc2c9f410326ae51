package dev.tenancy.ticket;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Makes tickets by the documented format alone, right and wrong ones. */
final class Forge {
    String domain = "dev.tenancy.ticket:";
    String keyId = "k1";
    byte[] secret = Keys.SECRET_1;
    byte[] id = utf8("an-id");
    long issuedAt = Keys.NOW.toEpochMilli();
    long expiresAt = Keys.NOW.toEpochMilli() + 60_000;
    byte[] purpose = utf8(Keys.PURPOSE);
    byte[] tenant = utf8("acme");
    List<byte[]> subject = List.of(utf8("u1"));
    List<byte[]> readable = List.of(utf8("r1"), utf8("r2"));
    byte[] provenBy = utf8("jwt");
    byte[] end = new byte[0];

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static List<byte[]> utf8(String... texts) {
        return Arrays.stream(texts).map(Forge::utf8).toList();
    }

    static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    byte[] payload() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        put(out, id);
        out.writeBytes(
                ByteBuffer.allocate(16).putLong(issuedAt).putLong(expiresAt).array());
        put(out, purpose);
        put(out, tenant);
        put(out, subject);
        put(out, readable);
        put(out, provenBy);
        out.writeBytes(end);
        return out.toByteArray();
    }

    String ticket() {
        return ticket(base64(payload()));
    }

    String ticket(String payload) {
        return signed("tt1." + keyId + "." + payload);
    }

    String signed(String text) {
        return text + "." + base64(hmac(text));
    }

    byte[] hmac(String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret, "HmacSHA256"));
            return mac.doFinal(utf8(domain + text));
        } catch (GeneralSecurityException impossible) {
            throw new AssertionError(impossible);
        }
    }

    private static void put(ByteArrayOutputStream out, List<byte[]> texts) {
        putSize(out, texts.size());
        texts.forEach(text -> put(out, text));
    }

    private static void put(ByteArrayOutputStream out, byte[] text) {
        putSize(out, text.length);
        out.writeBytes(text);
    }

    private static void putSize(ByteArrayOutputStream out, int size) {
        out.write(size >> 8);
        out.write(size);
    }
}
