package dev.tenancy.jwt;

import static dev.tenancy.jwt.HandMade.CLAIMS;
import static dev.tenancy.jwt.HandMade.NOW;
import static dev.tenancy.jwt.HandMade.jwk;
import static dev.tenancy.jwt.SignatureAlgorithm.RS256;
import static dev.tenancy.jwt.TestKeys.OTHER_RSA;
import static dev.tenancy.jwt.TestKeys.RSA;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.jwk.JWKSet;
import dev.tenancy.testservers.SettableClock;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A remembered token is as good as one that is verified now, and no longer. */
class TokenCacheTest {
    private static final Duration LEEWAY = Duration.ofSeconds(30);
    private static final Duration MOST = Duration.ofMinutes(2);
    private static final Duration MILLI = Duration.ofMillis(1);
    private static final String HEADER = "{\"alg\":\"RS256\",\"kid\":\"k\"}";

    private final SettableClock clock = new SettableClock(NOW);
    private final SettableDocument document = new SettableDocument(HandMade.jwks(jwk("k", RSA, "")));
    private final RefreshedKeys keys =
            new RefreshedKeys("issuer", document, new Jca(null), Set.of(RS256), KeyTimes.DEFAULT, clock);
    private final TokenCache cache = new TokenCache(100, MOST, new Jca(null), LEEWAY, clock);
    private TrustedIssuer issuer;

    @BeforeEach
    void trust() {
        JwtIssuer described = JwtIssuer.builder("https://issuer.test")
                .audience("api")
                .keySet(new JWKSet())
                .build();
        issuer = new TrustedIssuer(described.rules(), keys, "jwt", LEEWAY, clock);
    }

    private TokenCache.Digest remember(String claims) throws Exception {
        String token = HandMade.rs256(HEADER, claims, RSA.getPrivate());
        TokenCache.Digest digest = cache.digestOf(token);
        cache.put(digest, issuer, issuer.verify(CompactJws.parse(token)));
        return digest;
    }

    private static String expiringIn(long seconds) {
        return CLAIMS.replace("" + (NOW.getEpochSecond() + 300), "" + (NOW.getEpochSecond() + seconds));
    }

    @Test
    void aTokenIsFoundByItsDigestOnly() throws Exception {
        TokenCache.Digest digest = remember(CLAIMS);

        assertThat(cache.find(digest))
                .hasValueSatisfying(token -> assertThat(token.id()).contains("j1"));
        assertThat(cache.find(cache.digestOf("another"))).isEmpty();
    }

    @Test
    void theDigestIsSha256() throws Exception {
        // RFC 6234 section 8.5: of "abc"
        assertThat(cache.digestOf("abc"))
                .isEqualTo(new TokenCache.Digest(
                        Long.reverseBytes(0xba7816bf8f01cfeaL),
                        Long.reverseBytes(0x414140de5dae2223L),
                        Long.reverseBytes(0xb00361a396177a9cL),
                        Long.reverseBytes(0xb410ff61f20015adL)));
        TokenCache without = new TokenCache(1, MOST, new Jca(new NoCryptography()), LEEWAY, clock);
        assertThatThrownBy(() -> without.digestOf("abc")).isInstanceOf(NoSuchAlgorithmException.class);
    }

    @Test
    void itIsRememberedForTheMaximumTime() throws Exception {
        TokenCache.Digest digest = remember(expiringIn(300));

        clock.pass(MOST.minus(MILLI));
        assertThat(cache.find(digest)).isPresent();
        clock.pass(MILLI);
        assertThat(cache.find(digest)).isEmpty();
    }

    @Test
    void itIsForgottenWhenItExpiresWithoutAnyLeeway() throws Exception {
        TokenCache.Digest digest = remember(expiringIn(60));

        clock.pass(Duration.ofSeconds(60).minus(MILLI));
        assertThat(cache.find(digest)).isPresent();
        clock.pass(MILLI);
        assertThat(cache.find(digest)).isEmpty();
    }

    @Test
    void inTheLeewayAfterItExpiredItIsVerifiedEachTime() throws Exception {
        assertThat(cache.find(remember(expiringIn(-1)))).isEmpty();
        assertThat(cache.find(remember(expiringIn(0)))).isEmpty();
    }

    @Test
    void whenTheClockIsSetBackBehindItsBeginningItIsNotGood() throws Exception {
        TokenCache.Digest digest = remember(CLAIMS.replace("}", ",\"nbf\":" + NOW.getEpochSecond() + "}"));

        clock.set(NOW.minus(LEEWAY));
        keys.current();
        assertThat(cache.find(digest)).isPresent();
        clock.set(NOW.minus(LEEWAY).minus(MILLI));
        assertThat(cache.find(digest)).isEmpty();
    }

    @Test
    void itIsForgottenWhenTheKeysOfItsIssuerChange() throws Exception {
        TokenCache.Digest digest = remember(CLAIMS);
        KeySet before = keys.current();

        clock.pass(Duration.ofSeconds(20));
        keys.beyond(before);
        assertThat(cache.find(digest)).as("read again, and the same").isPresent();
        document.set(HandMade.jwks(jwk("k", RSA, ""), jwk("new", OTHER_RSA, "")));
        clock.pass(Duration.ofSeconds(20));
        keys.beyond(before);
        assertThat(cache.find(digest)).as("read again, and others").isEmpty();
    }

    @Test
    void itIsNotGoodWithoutKeys() throws Exception {
        TokenCache longer = new TokenCache(100, Duration.ofHours(24), new Jca(null), LEEWAY, clock);
        String token = HandMade.rs256(HEADER, expiringIn(86_400), RSA.getPrivate());
        TokenCache.Digest digest = longer.digestOf(token);
        longer.put(digest, issuer, issuer.verify(CompactJws.parse(token)));
        assertThat(longer.find(digest)).isPresent();

        document.set("garbage");
        clock.pass(KeyTimes.DEFAULT.lifetime().plus(KeyTimes.DEFAULT.outage()));

        assertThatThrownBy(() -> longer.find(digest)).isInstanceOf(KeysUnavailableException.class);
    }
}
