package dev.tenancy.project;

import java.io.InputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A token that is put together by hand, and the key set of its issuer, with what such issuers put into theirs.
 *
 * @param text the token
 * @param keySet the document with the keys
 */
record HandMadeToken(String text, String keySet) {
    private static final char[] PASSWORD = "of a file for a test".toCharArray();
    private static final Pattern KEY_ID = Pattern.compile("\"kid\": \"([^\"]*)\"");
    private static final Map<String, KeyPair> PAIRS = new ConcurrentHashMap<>();

    static HandMadeToken of(String issuer, String header, String claims) throws Exception {
        String signed =
                base64(header.getBytes(StandardCharsets.UTF_8)) + "." + base64(claims.getBytes(StandardCharsets.UTF_8));
        String id = KEY_ID.matcher(header).results().findFirst().orElseThrow().group(1);
        return switch (issuer) {
            case "Supabase" -> {
                KeyPair pair = pair("EC", 256);
                String more = ",\"alg\":\"ES256\",\"ext\":true,\"key_ops\":[\"verify\"]";
                yield new HandMadeToken(
                        token(signed, "SHA256withECDSAinP1363Format", pair.getPrivate()),
                        "{\"keys\":[" + ec((ECPublicKey) pair.getPublic(), id, more) + "]}");
            }
            case "Keycloak", "Entra ID" -> {
                Certified key = Certified.once();
                String certificate = ",\"x5c\":[\"" + key.certificate + "\"]";
                String more = issuer.equals("Keycloak")
                        ? ",\"alg\":\"RS256\"" + certificate
                        : certificate + ",\"issuer\":\"https://login.microsoftonline.com/{tenantid}/v2.0\"";
                String encrypting =
                        rsa((RSAPublicKey) pair("RSA", 2048).getPublic(), "enc-1", "enc", ",\"alg\":\"RSA-OAEP\"");
                yield new HandMadeToken(
                        token(signed, "SHA256withRSA", key.privateKey),
                        "{\"keys\":[" + encrypting + "," + rsa(key.publicKey, id, "sig", more) + "]}");
            }
            default -> {
                KeyPair pair = pair("RSA", 2048);
                yield new HandMadeToken(
                        token(signed, "SHA256withRSA", pair.getPrivate()),
                        "{\"keys\":[" + rsa((RSAPublicKey) pair.getPublic(), id, "sig", ",\"alg\":\"RS256\"") + "]}");
            }
        };
    }

    /** The same claims, as if they had been issued just now. */
    static String validNow(String claims) {
        long now = Instant.now().getEpochSecond();
        return claims.replaceAll("\"exp\": \\d+", "\"exp\": " + (now + 300))
                .replaceAll("\"(iat|nbf|auth_time)\": \\d+", "\"$1\": " + now);
    }

    private static String token(String signed, String algorithm, PrivateKey key) throws Exception {
        Signature signature = Signature.getInstance(algorithm);
        signature.initSign(key);
        signature.update(signed.getBytes(StandardCharsets.US_ASCII));
        return signed + "." + base64(signature.sign());
    }

    private static KeyPair pair(String kind, int bits) throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance(kind);
        generator.initialize(bits);
        return PAIRS.computeIfAbsent(kind, absent -> generator.generateKeyPair());
    }

    private static String rsa(RSAPublicKey key, String id, String use, String more) {
        return "{\"kty\":\"RSA\",\"use\":\"" + use + "\",\"kid\":\"" + id + "\",\"n\":\""
                + base64(unsigned(key.getModulus())) + "\",\"e\":\"" + base64(unsigned(key.getPublicExponent())) + "\""
                + more + "}";
    }

    private static String ec(ECPublicKey key, String id, String more) {
        return "{\"kty\":\"EC\",\"crv\":\"P-256\",\"use\":\"sig\",\"kid\":\"" + id + "\",\"x\":\""
                + base64(coordinate(key.getW().getAffineX())) + "\",\"y\":\""
                + base64(coordinate(key.getW().getAffineY())) + "\"" + more + "}";
    }

    private static byte[] coordinate(BigInteger number) {
        byte[] bytes = unsigned(number);
        byte[] padded = new byte[32];
        System.arraycopy(bytes, 0, padded, padded.length - bytes.length, bytes.length);
        return padded;
    }

    private static byte[] unsigned(BigInteger number) {
        byte[] bytes = number.toByteArray();
        return bytes[0] == 0 ? Arrays.copyOfRange(bytes, 1, bytes.length) : bytes;
    }

    private static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** A key with a certificate, which only the JDK's own tool makes. */
    private record Certified(PrivateKey privateKey, RSAPublicKey publicKey, String certificate) {
        private static @Nullable Certified made;

        static synchronized Certified once() throws Exception {
            Certified key = made != null ? made : create();
            made = key;
            return key;
        }

        private static Certified create() throws Exception {
            Path directory = Files.createTempDirectory("certified");
            Path file = directory.resolve("key.p12");
            try {
                Process keytool = new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "keytool")
                                        .toString(),
                                "-genkeypair",
                                "-keyalg",
                                "RSA",
                                "-keysize",
                                "2048",
                                "-dname",
                                "CN=test",
                                "-alias",
                                "key",
                                "-keystore",
                                file.toString(),
                                "-storepass",
                                new String(PASSWORD))
                        .redirectErrorStream(true)
                        .start();
                String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                if (keytool.waitFor() != 0) {
                    throw new IllegalStateException("keytool: " + said);
                }
                return of(file);
            } finally {
                Files.deleteIfExists(file);
                Files.deleteIfExists(directory);
            }
        }

        private static Certified of(Path file) throws Exception {
            KeyStore store = KeyStore.getInstance("PKCS12");
            try (InputStream in = Files.newInputStream(file)) {
                store.load(in, PASSWORD);
            }
            Certificate certificate = store.getCertificate("key");
            return new Certified(
                    (PrivateKey) store.getKey("key", PASSWORD),
                    (RSAPublicKey) certificate.getPublicKey(),
                    Base64.getEncoder().encodeToString(certificate.getEncoded()));
        }
    }
}
