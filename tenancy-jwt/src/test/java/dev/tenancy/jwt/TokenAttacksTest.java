package dev.tenancy.jwt;

import static dev.tenancy.jwt.HandMade.CLAIMS;
import static dev.tenancy.jwt.HandMade.NOW;
import static dev.tenancy.jwt.HandMade.base64;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.jwk.JWKSet;
import dev.tenancy.Resolution;
import dev.tenancy.TenantRequest;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.interfaces.ECPublicKey;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The classic attacks, with tokens made by hand; each beside a token that differs in that only, and is good. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TokenAttacksTest {
    private static final String RSA_HEADER = "{\"alg\":\"RS256\",\"kid\":\"r1\"}";
    private static final String EC_HEADER = "{\"alg\":\"ES256\",\"kid\":\"e1\"}";

    private KeyPair rsa;
    private KeyPair ec;
    private KeyPair foreign;
    private JwtTenantResolver resolver;

    @BeforeAll
    void makeKeys() throws GeneralSecurityException, ParseException {
        rsa = HandMade.rsa(2048);
        ec = HandMade.ec("secp256r1");
        foreign = HandMade.rsa(2048);
        resolver = resolver(HandMade.jwks(HandMade.jwk("r1", rsa, ""), HandMade.jwk("e1", ec, "")));
    }

    private static JwtTenantResolver resolver(String jwks) throws ParseException {
        return JwtTenantResolver.builder()
                .issuer("https://issuer.test")
                .audience("api")
                .keySet(JWKSet.parse(jwks))
                .clock(Clock.fixed(NOW, ZoneOffset.UTC))
                .cache(100, Duration.ofMinutes(1))
                .build();
    }

    private static Resolution resolve(JwtTenantResolver resolver, String token) {
        return resolver.resolve(TenantRequest.builder()
                .header("Authorization", "Bearer " + token)
                .build());
    }

    private void assertGood(String token) {
        assertThat(resolve(resolver, token)).isInstanceOf(Resolution.Resolved.class);
    }

    private void assertRejected(String token) {
        assertThat(resolve(resolver, token)).as(token).isInstanceOf(Resolution.Rejected.class);
    }

    private String rs256(String header, String claims) throws GeneralSecurityException {
        return HandMade.rs256(header, claims, rsa.getPrivate());
    }

    @Test
    void goodTokensAreGood() throws GeneralSecurityException {
        assertGood(rs256(RSA_HEADER, CLAIMS));
        assertGood(HandMade.es256(EC_HEADER, CLAIMS, ec.getPrivate()));
        assertGood(rs256("{\"alg\":\"RS256\"}", CLAIMS));
        assertGood(rs256(" {\"typ\":\"JWT\",\"alg\":\"RS256\",\"kid\":\"r1\"} ", CLAIMS));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "none", "None", "NONE", "nOnE", "", " none", "none ", "RS256 ", "rs256", "HS256", "HS384", "HS512",
                "RS1", "EdDSA", "ES256K"
            })
    void noOtherAlgorithmIsTakenWhateverSignsIt(String algorithm) throws GeneralSecurityException {
        String header = "{\"alg\":\"" + algorithm + "\",\"kid\":\"r1\"}";
        assertRejected(HandMade.signed(header, CLAIMS, new byte[0]));
        assertRejected(rs256(header, CLAIMS));
        assertRejected(base64(header) + "." + base64(CLAIMS) + ".");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"kid\":\"r1\"}",
                "{\"alg\":null,\"kid\":\"r1\"}",
                "{\"alg\":[\"RS256\"],\"kid\":\"r1\"}",
                "{\"alg\":256,\"kid\":\"r1\"}"
            })
    void anAlgorithmThatIsNoTextIsNone(String header) throws GeneralSecurityException {
        assertRejected(rs256(header, CLAIMS));
    }

    @Test
    void aPublicKeyIsNoSharedSecret() throws GeneralSecurityException {
        String header = "{\"alg\":\"HS256\",\"kid\":\"r1\"}";
        byte[] der = rsa.getPublic().getEncoded();
        String pem = "-----BEGIN PUBLIC KEY-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der) + "\n-----END PUBLIC KEY-----\n";
        for (byte[] secret : new byte[][] {der, pem.getBytes(StandardCharsets.US_ASCII)}) {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret, "HmacSHA256"));
            byte[] signature = mac.doFinal((base64(header) + "." + base64(CLAIMS)).getBytes(StandardCharsets.US_ASCII));
            assertRejected(HandMade.signed(header, CLAIMS, signature));
        }
    }

    @Test
    void signaturesThatAreNoneAreRefused() throws GeneralSecurityException {
        byte[] zeros = new byte[64];
        assertRejected(HandMade.signed(EC_HEADER, CLAIMS, zeros));
        byte[] good = HandMade.sign("SHA256withECDSAinP1363Format", EC_HEADER, CLAIMS, ec.getPrivate());
        byte[] rIsZero = good.clone();
        Arrays.fill(rIsZero, 0, 32, (byte) 0);
        byte[] sIsZero = good.clone();
        Arrays.fill(sIsZero, 32, 64, (byte) 0);
        byte[] order = ((ECPublicKey) ec.getPublic()).getParams().getOrder().toByteArray();
        byte[] sIsOrder = good.clone();
        System.arraycopy(order, order.length - 32, sIsOrder, 32, 32);
        for (byte[] bad : new byte[][] {
            rIsZero,
            sIsZero,
            sIsOrder,
            new byte[0],
            Arrays.copyOf(good, 63),
            Arrays.copyOf(good, 65),
            Arrays.copyOf(good, 128),
            HandMade.sign("SHA256withECDSA", EC_HEADER, CLAIMS, ec.getPrivate())
        }) {
            assertRejected(HandMade.signed(EC_HEADER, CLAIMS, bad));
        }
        byte[] rsaSignature = HandMade.sign("SHA256withRSA", RSA_HEADER, CLAIMS, rsa.getPrivate());
        assertRejected(HandMade.signed(RSA_HEADER, CLAIMS, Arrays.copyOf(rsaSignature, 257)));
        byte[] longer = new byte[257];
        System.arraycopy(rsaSignature, 0, longer, 1, 256);
        assertRejected(HandMade.signed(RSA_HEADER, CLAIMS, longer));
        assertRejected(HandMade.signed(
                RSA_HEADER, CLAIMS, HandMade.sign("SHA1withRSA", RSA_HEADER, CLAIMS, rsa.getPrivate())));
        assertRejected(HandMade.signed(
                RSA_HEADER, CLAIMS, HandMade.sign("SHA512withRSA", RSA_HEADER, CLAIMS, rsa.getPrivate())));
    }

    @Test
    void everyBitOfATokenCounts() throws GeneralSecurityException {
        for (String token :
                new String[] {rs256(RSA_HEADER, CLAIMS), HandMade.es256(EC_HEADER, CLAIMS, ec.getPrivate())}) {
            for (int at = 0; at < token.length(); at++) {
                char changed = token.charAt(at) == 'A' ? 'B' : 'A';
                String other = token.substring(0, at) + changed + token.substring(at + 1);
                assertThat(resolve(resolver, other)).as(other).isNotInstanceOf(Resolution.Resolved.class);
            }
        }
    }

    @Test
    void aTokenHasOneSpelling() throws GeneralSecurityException {
        String token = rs256(RSA_HEADER, CLAIMS);
        String unpadded = token.substring(0, token.length() - 1);
        String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        int last = alphabet.indexOf(token.charAt(token.length() - 1));
        assertRejected(unpadded + alphabet.charAt(last + 1));
        assertRejected(token + "==");
        assertRejected(token.replace('-', '+').replace('_', '/') + "=");
        for (String none : new String[] {token + ".", token + "." + token, token + "\u00e9", "." + token}) {
            assertThat(resolve(resolver, none)).isNotInstanceOf(Resolution.Resolved.class);
        }
    }

    @Test
    void noTokenBringsItsKeyOrItsRules() throws GeneralSecurityException {
        PrivateKey theirs = foreign.getPrivate();
        for (String more : new String[] {
            "\"jwk\":" + HandMade.jwk("f", foreign, ""),
            "\"jku\":\"https://evil.test/keys\"",
            "\"x5u\":\"https://evil.test/cert\"",
            "\"x5c\":[\"MIIB\"]",
            "\"crit\":[\"exp\"]",
            "\"crit\":[]",
            "\"b64\":false,\"crit\":[\"b64\"]",
            "\"b64\":true",
            "\"zip\":\"DEF\"",
            "\"cty\":\"JWT\"",
            "\"typ\":\"dpop+jwt\"",
            "\"kid\":\"r1\""
        }) {
            String header = "{\"alg\":\"RS256\"," + more + "}";
            assertRejected(HandMade.rs256(header, CLAIMS, theirs));
            if (!more.startsWith("\"kid\"")) {
                assertRejected(rs256(header, CLAIMS));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../../etc/passwd",
                "r1' OR '1'='1",
                "/dev/null",
                "r1\\u0000",
                "",
                "R1",
                "e1",
                "https://evil.test/"
            })
    void aKeyIdIsANameAndNothingElse(String kid) throws GeneralSecurityException {
        assertRejected(rs256("{\"alg\":\"RS256\",\"kid\":\"" + kid + "\"}", CLAIMS));
    }

    @Test
    void keysThatAreWeakAmbiguousOrForSomethingElseAreLeftOut() throws GeneralSecurityException, ParseException {
        KeyPair weak = HandMade.rsa(1024);
        KeyPair other = HandMade.rsa(2048);
        KeyPair p384 = HandMade.ec("secp384r1");
        JwtTenantResolver strict = resolver(HandMade.jwks(
                HandMade.jwk("good", rsa, ""),
                HandMade.jwk("weak", weak, ""),
                HandMade.jwk("enc", other, ",\"use\":\"enc\""),
                HandMade.jwk("ops", other, ",\"key_ops\":[\"encrypt\"]"),
                HandMade.jwk("alg", other, ",\"alg\":\"RS512\""),
                HandMade.jwk("p384", p384, ""),
                HandMade.jwk("twice", other, ""),
                HandMade.jwk("twice", foreign, ""),
                "{\"kty\":\"oct\",\"kid\":\"oct\",\"k\":\"" + base64(new byte[32]) + "\"}"));
        assertThat(resolve(strict, rs256("{\"alg\":\"RS256\",\"kid\":\"good\"}", CLAIMS)))
                .isInstanceOf(Resolution.Resolved.class);
        assertLeftOut(strict, "weak", weak);
        for (String kid : new String[] {"enc", "ops", "alg", "twice"}) {
            assertLeftOut(strict, kid, other);
        }
        assertLeftOut(strict, "twice", foreign);
        assertThat(resolve(strict, HandMade.es256("{\"alg\":\"ES256\",\"kid\":\"p384\"}", CLAIMS, p384.getPrivate())))
                .isInstanceOf(Resolution.Rejected.class);
    }

    private static void assertLeftOut(JwtTenantResolver strict, String kid, KeyPair pair)
            throws GeneralSecurityException {
        assertThat(resolve(
                        strict,
                        HandMade.rs256("{\"alg\":\"RS256\",\"kid\":\"" + kid + "\"}", CLAIMS, pair.getPrivate())))
                .as(kid)
                .isInstanceOf(Resolution.Rejected.class);
    }
}
