package dev.tenancy.jwt;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;

/** Tokens and key sets that are put together by hand, so that nothing of what is tested makes them. */
final class HandMade {
    static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");
    static final String CLAIMS = claims("https://issuer.test", "acme");

    private HandMade() {}

    static String claims(String issuer, String tenant) {
        return "{\"iss\":\"" + issuer + "\",\"aud\":\"api\",\"exp\":" + (NOW.getEpochSecond() + 300) + ",\"org_id\":\""
                + tenant + "\",\"sub\":\"u1\",\"jti\":\"j1\"}";
    }

    static KeyPair rsa(int bits) throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(bits);
        return generator.generateKeyPair();
    }

    static KeyPair ec(String curve) throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec(curve));
        return generator.generateKeyPair();
    }

    static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    static String base64(String text) {
        return base64(text.getBytes(StandardCharsets.UTF_8));
    }

    static String signed(String header, String claims, byte[] signature) {
        return base64(header) + "." + base64(claims) + "." + base64(signature);
    }

    static String rs256(String header, String claims, PrivateKey key) throws GeneralSecurityException {
        return signed(header, claims, sign("SHA256withRSA", header, claims, key));
    }

    static String es256(String header, String claims, PrivateKey key) throws GeneralSecurityException {
        return signed(header, claims, sign("SHA256withECDSAinP1363Format", header, claims, key));
    }

    static byte[] sign(String algorithm, String header, String claims, PrivateKey key) throws GeneralSecurityException {
        Signature signature = Signature.getInstance(algorithm);
        signature.initSign(key);
        signature.update((base64(header) + "." + base64(claims)).getBytes(StandardCharsets.US_ASCII));
        return signature.sign();
    }

    /** Signs as RFC 7518 section 3 says for {@code algorithm}, which is one of its names. */
    static byte[] signature(String algorithm, byte[] text, PrivateKey key) throws GeneralSecurityException {
        String bits = algorithm.substring(2);
        Signature signature = Signature.getInstance(
                switch (algorithm.substring(0, 2)) {
                    case "RS" -> "SHA" + bits + "withRSA";
                    case "PS" -> "RSASSA-PSS";
                    default -> "SHA" + bits + "withECDSAinP1363Format";
                });
        if (algorithm.startsWith("PS")) {
            String hash = "SHA-" + bits;
            MGF1ParameterSpec mask = new MGF1ParameterSpec(hash);
            signature.setParameter(new PSSParameterSpec(hash, "MGF1", mask, Integer.parseInt(bits) / 8, 1));
        }
        signature.initSign(key);
        signature.update(text);
        return signature.sign();
    }

    static String jwk(String kid, KeyPair pair, String more) {
        if (pair.getPublic() instanceof RSAPublicKey rsa) {
            return "{\"kty\":\"RSA\",\"kid\":\"" + kid + "\",\"n\":\"" + base64(unsigned(rsa.getModulus(), 0))
                    + "\",\"e\":\"" + base64(unsigned(rsa.getPublicExponent(), 0)) + "\"" + more + "}";
        }
        ECPublicKey ec = (ECPublicKey) pair.getPublic();
        int length = (ec.getParams().getOrder().bitLength() + 7) / 8;
        String curve = "P-" + ec.getParams().getCurve().getField().getFieldSize();
        return "{\"kty\":\"EC\",\"kid\":\"" + kid + "\",\"crv\":\"" + curve + "\",\"x\":\""
                + base64(unsigned(ec.getW().getAffineX(), length)) + "\",\"y\":\""
                + base64(unsigned(ec.getW().getAffineY(), length)) + "\"" + more + "}";
    }

    static String jwks(String... keys) {
        return "{\"keys\":[" + String.join(",", keys) + "]}";
    }

    private static byte[] unsigned(BigInteger number, int length) {
        byte[] bytes = number.toByteArray();
        byte[] bare = bytes[0] == 0 ? Arrays.copyOfRange(bytes, 1, bytes.length) : bytes;
        byte[] padded = new byte[Math.max(length, bare.length)];
        System.arraycopy(bare, 0, padded, padded.length - bare.length, bare.length);
        return padded;
    }
}
