package dev.tenancy.example.resolver;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** What the proxy in front does. */
final class Proxy {
    private static final byte[] BYTES = "thirty-two bytes, which is enough".getBytes(StandardCharsets.UTF_8);
    static final String SECRET = Base64.getEncoder().encodeToString(BYTES);

    private Proxy() {}

    static String signed(String tenant) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(BYTES, "HmacSHA256"));
            return tenant + ";" + HexFormat.of().formatHex(mac.doFinal(tenant.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
