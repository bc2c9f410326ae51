package dev.tenancy.jwt;

import static dev.tenancy.jwt.HandMade.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tenancy.Resolution;
import dev.tenancy.TenantRequest;
import dev.tenancy.testservers.SettableClock;
import dev.tenancy.testservers.TestHttpServer;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A key server that rotates, goes away, is slow or answers nonsense; what comes of it, and how often it is asked. */
@Timeout(60)
class KeyServerTest {
    private static final Duration LIFETIME = Duration.ofMinutes(5);
    private static final Duration OUTAGE = Duration.ofHours(1);
    private static final Duration PAUSE = Duration.ofSeconds(10);

    private final SettableClock clock = new SettableClock(NOW);
    private final TestHttpServer server = TestHttpServer.start();
    private KeyPair first;
    private KeyPair second;
    private JwtTenantResolver resolver;

    @BeforeEach
    void start() throws GeneralSecurityException {
        first = HandMade.rsa(2048);
        second = HandMade.rsa(2048);
        resolver = JwtTenantResolver.builder()
                .issuer(JwtIssuer.builder("https://issuer.test")
                        .audience("api")
                        .jwksUri(server.uri("/keys"))
                        .keyLifetime(LIFETIME)
                        .keyOutageTolerance(OUTAGE)
                        .keyRefreshPause(PAUSE)
                        .keyServerTimeout(Duration.ofMillis(500))
                        .build())
                .clock(clock)
                .build();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private static String keys(String kid, KeyPair pair) {
        return HandMade.jwks(HandMade.jwk(kid, pair, ""));
    }

    private Resolution resolve(String kid, KeyPair pair) throws GeneralSecurityException {
        String claims = "{\"iss\":\"https://issuer.test\",\"aud\":\"api\",\"exp\":"
                + (clock.instant().getEpochSecond() + 300) + ",\"org_id\":\"acme\"}";
        return resolver.resolve(TenantRequest.builder()
                .header(
                        "Authorization",
                        "Bearer "
                                + HandMade.rs256(
                                        "{\"alg\":\"RS256\",\"kid\":\"" + kid + "\"}", claims, pair.getPrivate()))
                .build());
    }

    private void assertGood(String kid, KeyPair pair) throws GeneralSecurityException {
        assertThat(resolve(kid, pair)).isInstanceOf(Resolution.Resolved.class);
    }

    @Test
    void keysAreReadOnceForManyTokens() throws GeneralSecurityException {
        server.answer(keys("k1", first));
        for (int i = 0; i < 20; i++) {
            assertGood("k1", first);
        }
        assertThat(server.requests()).isEqualTo(1);
    }

    @Test
    void manyAtOnceOnAColdStartAreOneRequest() throws Exception {
        server.answer(keys("k1", first));
        ExecutorService threads = Executors.newFixedThreadPool(16);
        try {
            List<Callable<Resolution>> all = new ArrayList<>();
            for (int i = 0; i < 64; i++) {
                all.add(() -> resolve("k1", first));
            }
            for (Future<Resolution> each : threads.invokeAll(all)) {
                assertThat(each.get()).isInstanceOf(Resolution.Resolved.class);
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(server.requests()).isEqualTo(1);
    }

    @Test
    void aKeyThatIsNewIsFoundAtOnceAndAFloodOfUnknownOnesAsksOnceAPause() throws GeneralSecurityException {
        server.answer(keys("k1", first));
        assertGood("k1", first);
        server.answer(keys("k2", second));
        assertGood("k2", second);
        assertThat(server.requests()).isEqualTo(2);
        for (int i = 0; i < 100; i++) {
            assertThat(resolve("unknown-" + i, second)).isInstanceOf(Resolution.Rejected.class);
        }
        assertThat(server.requests()).isEqualTo(2);
        clock.pass(PAUSE);
        for (int i = 0; i < 100; i++) {
            assertThat(resolve("unknown-" + i, second)).isInstanceOf(Resolution.Rejected.class);
        }
        assertThat(server.requests()).isEqualTo(3);
        assertThat(resolve("k1", first)).isInstanceOf(Resolution.Rejected.class);
    }

    @Test
    void aColdStartWithoutTheServerIsAnOutageAndNoRefusal() throws GeneralSecurityException {
        assertThat(resolve("k1", first)).isInstanceOf(Resolution.Unavailable.class);
        int asked = server.requests();
        assertThat(asked).isBetween(1, 2);
        for (int i = 0; i < 50; i++) {
            assertThat(resolve("k1", first)).isInstanceOf(Resolution.Unavailable.class);
        }
        assertThat(server.requests()).isEqualTo(asked);
        server.answer(keys("k1", first));
        clock.pass(Duration.ofSeconds(1));
        assertGood("k1", first);
    }

    @Test
    void anOutageIsToleratedForItsTimeAndNoLonger() throws GeneralSecurityException {
        server.answer(keys("k1", first));
        assertGood("k1", first);
        server.refuse(500);
        clock.pass(LIFETIME.plusSeconds(1));
        assertGood("k1", first);
        clock.pass(OUTAGE.minusSeconds(2));
        assertGood("k1", first);
        clock.pass(Duration.ofSeconds(20));
        assertThat(resolve("k1", first)).isInstanceOf(Resolution.Unavailable.class);
        server.answer(keys("k1", first));
        clock.pass(PAUSE);
        assertGood("k1", first);
    }

    @Test
    void anUnknownKeyInAnOutageMayBeANewOne() throws GeneralSecurityException {
        server.answer(keys("k1", first));
        assertGood("k1", first);
        server.refuse(500);
        assertThat(resolve("k2", second)).isInstanceOf(Resolution.Unavailable.class);
        assertGood("k1", first);
    }

    @Test
    void nonsenseIsNoKeySet() throws GeneralSecurityException {
        String good = keys("k1", first);
        List<Runnable> nonsense = List.of(
                () -> server.answer("garbage"),
                () -> server.answer(""),
                () -> server.answer("[]"),
                () -> server.answer("{}"),
                () -> server.answer("{\"keys\":{}}"),
                () -> server.answer("{\"keys\":[]}"),
                () -> server.answer("{\"keys\":[],\"keys\":[]}"),
                () -> server.answer("<html>" + good),
                () -> server.answer(good.replace("]}", "],\"pad\":\"" + "x".repeat(10_000_000) + "\"}")),
                () -> server.sendTo(server.origin() + "/elsewhere"),
                () -> server.refuse(204),
                server::breakOff,
                server::hangUp);
        for (Runnable each : nonsense) {
            each.run();
            clock.pass(Duration.ofSeconds(2));
            int before = server.requests();
            assertThat(resolve("k1", first)).isInstanceOf(Resolution.Unavailable.class);
            assertThat(server.requests() - before).isBetween(1, 2);
        }
        server.answer(keys("k1", first));
        clock.pass(Duration.ofSeconds(2));
        assertGood("k1", first);
    }

    @Test
    void aServerThatDoesNotAnswerIsNotWaitedForLong() throws GeneralSecurityException {
        server.stayBusy();
        assertThat(resolve("k1", first)).isInstanceOf(Resolution.Unavailable.class);
        assertThat(server.requests()).isEqualTo(1);
    }

    @Test
    void noReasonHasTheAddress() throws GeneralSecurityException {
        assertThat(resolve("k1", first))
                .isInstanceOfSatisfying(
                        Resolution.Unavailable.class,
                        down -> assertThat(down.toString())
                                .doesNotContain("127.0.0.1")
                                .doesNotContain("/keys"));
    }

    @Test
    void discoveryFindsTheKeysOfItsOwnIssuerOnly() throws GeneralSecurityException {
        String issuer = server.origin();
        JwtTenantResolver discovering = JwtTenantResolver.builder()
                .issuer(JwtIssuer.builder(issuer).audience("api").discovery().build())
                .clock(clock)
                .build();
        String token = HandMade.rs256(
                "{\"alg\":\"RS256\",\"kid\":\"k1\"}", HandMade.claims(issuer, "acme"), first.getPrivate());
        TenantRequest request = TenantRequest.builder()
                .header("Authorization", "Bearer " + token)
                .build();
        String keySet = HandMade.jwks(HandMade.jwk("k1", first, ""));

        for (String metadata : List.of(
                "{\"issuer\":\"https://other.test\",\"jwks_uri\":\"" + server.uri("/keys") + "\"}",
                "{\"issuer\":\"" + issuer + "\",\"jwks_uri\":\"http://example.test/keys\"}",
                "{\"issuer\":\"" + issuer + "\",\"jwks_uri\":\"file:///etc/passwd\"}",
                "{\"issuer\":\"" + issuer + "\"}")) {
            server.answerByPath(path -> path.contains(".well-known") ? metadata : keySet);
            clock.pass(Duration.ofSeconds(2));
            assertThat(discovering.resolve(request)).as(metadata).isInstanceOf(Resolution.Unavailable.class);
        }
        String good = "{\"issuer\":\"" + issuer + "\",\"jwks_uri\":\"" + server.uri("/keys") + "\"}";
        server.answerByPath(path -> path.contains(".well-known") ? good : keySet);
        clock.pass(Duration.ofSeconds(2));
        assertThat(discovering.resolve(request)).isInstanceOf(Resolution.Resolved.class);
    }
}
