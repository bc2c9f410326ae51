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
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Well-signed tokens that say something strange; each beside one that differs in that only, and is good. */
class ClaimAttacksTest {
    private static final String RSA_HEADER = "{\"alg\":\"RS256\",\"kid\":\"r1\"}";

    private JwtTenantResolver resolver;

    @BeforeEach
    void trust() throws ParseException {
        resolver = JwtTenantResolver.builder()
                .issuer("https://issuer.test")
                .audience("api")
                .keySet(JWKSet.parse(HandMade.jwks(HandMade.jwk("r1", TestKeys.RSA, ""))))
                .clock(Clock.fixed(NOW, ZoneOffset.UTC))
                .cache(100, Duration.ofMinutes(1))
                .build();
    }

    private Resolution resolve(String token) {
        return resolver.resolve(TenantRequest.builder()
                .header("Authorization", "Bearer " + token)
                .build());
    }

    private void assertGood(String token) {
        assertThat(resolve(token)).isInstanceOf(Resolution.Resolved.class);
    }

    private void assertRejected(String token) {
        assertThat(resolve(token)).as(token).isInstanceOf(Resolution.Rejected.class);
    }

    private static String rs256(String header, String claims) throws GeneralSecurityException {
        return HandMade.rs256(header, claims, TestKeys.RSA.getPrivate());
    }

    @Test
    void whatHasTwoReadingsHasNone() throws GeneralSecurityException {
        for (String claims : new String[] {
            CLAIMS.replace("\"sub\"", "\"org_id\":\"globex\",\"sub\""),
            CLAIMS.replace("{", "{\"org_id\":\"globex\","),
            CLAIMS.replace("{", "{\"org\\u005fid\":\"globex\","),
            CLAIMS.replace("}", ",\"x\":{\"a\":1,\"a\":2}}"),
            CLAIMS.replace("}", ",}"),
            CLAIMS + "{}",
            CLAIMS.replace("\"", "'"),
            "[" + CLAIMS + "]",
            CLAIMS.replace("}", ",\"x\":NaN}"),
            CLAIMS.replace("}", ",\"x\":01}"),
            CLAIMS.replace("}", ",\"x\":\"\\ud800\"}"),
            CLAIMS.replace("}", ",\"x\":" + "[".repeat(10_000) + "]".repeat(10_000) + "}"),
            "\ufeff" + CLAIMS,
            "{/*c*/" + CLAIMS.substring(1),
            ""
        }) {
            assertRejected(rs256(RSA_HEADER, claims));
        }
        assertRejected(rs256("{\"alg\":\"RS256\",\"alg\":\"none\",\"kid\":\"r1\"}", CLAIMS));
        String latin1 =
                base64(RSA_HEADER) + "." + base64(CLAIMS.replace("u1", "\u00e9").getBytes(StandardCharsets.ISO_8859_1));
        assertRejected(latin1 + "." + base64(new byte[256]));
    }

    @Test
    void timesAreNumbersThatCount() throws GeneralSecurityException {
        long now = NOW.getEpochSecond();
        String exp = "\"exp\":" + (now + 300);
        for (String bad : new String[] {
            "\"x\":1",
            "\"exp\":null",
            "\"exp\":\"" + (now + 300) + "\"",
            "\"exp\":" + (now - 31),
            "\"exp\":-1",
            "\"exp\":1e400",
            "\"exp\":99999999999999999999999",
            exp + ",\"nbf\":" + (now + 31),
            exp + ",\"nbf\":\"soon\"",
            exp + ",\"iat\":" + (now + 31),
            exp + ",\"iat\":true"
        }) {
            assertRejected(rs256(RSA_HEADER, CLAIMS.replace(exp, bad)));
        }
        for (String good : new String[] {
            "\"exp\":" + (now - 29),
            exp + ",\"nbf\":" + (now + 29),
            exp + ",\"iat\":" + (now + 29) + ".5",
            "\"exp\":" + (now + 300) + ".25"
        }) {
            assertGood(rs256(RSA_HEADER, CLAIMS.replace(exp, good)));
        }
    }

    @Test
    void whoseItIsAndForWhomIsSaidExactly() throws GeneralSecurityException {
        for (String bad : new String[] {
            CLAIMS.replace("https://issuer.test", "https://issuer.test/"),
            CLAIMS.replace("https://issuer.test", "HTTPS://issuer.test"),
            CLAIMS.replace("\"iss\":\"https://issuer.test\",", ""),
            CLAIMS.replace("\"iss\":\"https://issuer.test\"", "\"iss\":[\"https://issuer.test\"]"),
            CLAIMS.replace("\"aud\":\"api\",", ""),
            CLAIMS.replace("\"aud\":\"api\"", "\"aud\":\"API\""),
            CLAIMS.replace("\"aud\":\"api\"", "\"aud\":[]"),
            CLAIMS.replace("\"aud\":\"api\"", "\"aud\":[\"api\",1]"),
            CLAIMS.replace("\"aud\":\"api\"", "\"aud\":{\"api\":true}"),
            CLAIMS.replace("\"acme\"", "7"),
            CLAIMS.replace("\"acme\"", "true"),
            CLAIMS.replace("\"acme\"", "null"),
            CLAIMS.replace("\"acme\"", "\" \""),
            CLAIMS.replace("\"acme\"", "[]"),
            CLAIMS.replace("\"acme\"", "[\"acme\",\"globex\"]"),
            CLAIMS.replace("\"acme\"", "[[\"acme\"]]"),
            CLAIMS.replace("\"acme\"", "\"" + "a".repeat(2_000) + "\""),
            CLAIMS.replace("\"acme\"", "\"acme\\u0000\"")
        }) {
            assertRejected(rs256(RSA_HEADER, bad));
        }
        assertGood(rs256(RSA_HEADER, CLAIMS.replace("\"acme\"", "[\"acme\"]")));
        assertGood(rs256(RSA_HEADER, CLAIMS.replace("\"aud\":\"api\"", "\"aud\":[\"x\",\"api\"]")));
    }

    @Test
    void whatIsTooLongIsNotReadAtAll() throws GeneralSecurityException {
        assertRejected(rs256(RSA_HEADER, CLAIMS.replace("u1", "u".repeat(20_000))));
    }
}
