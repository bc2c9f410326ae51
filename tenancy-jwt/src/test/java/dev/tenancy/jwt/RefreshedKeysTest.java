package dev.tenancy.jwt;

import static dev.tenancy.jwt.HandMade.NOW;
import static dev.tenancy.jwt.HandMade.jwk;
import static dev.tenancy.jwt.SignatureAlgorithm.RS256;
import static dev.tenancy.jwt.TestKeys.OTHER_RSA;
import static dev.tenancy.jwt.TestKeys.RSA;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenancy.testservers.SettableClock;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** When keys are read, by a clock that is set by hand, and what is used meanwhile. */
@Timeout(60)
class RefreshedKeysTest {
    private static final Duration LIFETIME = Duration.ofSeconds(100);
    private static final Duration AHEAD = Duration.ofSeconds(80);
    private static final Duration OUTAGE = Duration.ofSeconds(1_000);
    private static final Duration PAUSE = Duration.ofSeconds(10);
    private static final Duration MILLI = Duration.ofMillis(1);
    private static final KeyTimes TIMES = new KeyTimes(LIFETIME, OUTAGE, PAUSE, Duration.ofSeconds(5));
    private static final String FIRST = HandMade.jwks(jwk("first", RSA, ""));
    private static final String SECOND = HandMade.jwks(jwk("second", OTHER_RSA, ""));

    private final SettableClock clock = new SettableClock(NOW);
    private final SettableDocument document = new SettableDocument(FIRST);
    private final RefreshedKeys keys =
            new RefreshedKeys("https://issuer.test", document, new Jca(null), Set.of(RS256), TIMES, clock);

    static @Nullable String id(KeySet keys) {
        return keys.keys().get(0).id();
    }

    /** Reads until what is read in the background is there. */
    private void awaitKey(String id) throws KeysUnavailableException {
        while (!id.equals(id(keys.current()))) {
            Thread.onSpinWait();
        }
    }

    private void assertUnavailable(String why) {
        assertThatThrownBy(keys::current)
                .isInstanceOf(KeysUnavailableException.class)
                .hasMessageContaining(why)
                .hasMessageContaining("https://issuer.test");
    }

    @Test
    void keysAreReadOnceUntilTheyAreDue() throws KeysUnavailableException {
        KeySet first = keys.current();
        document.set(SECOND);
        clock.pass(AHEAD.minus(MILLI));

        assertThat(id(first)).isEqualTo("first");
        assertThat(keys.current()).isSameAs(first);
        assertThat(document.readsThatEnded()).isEqualTo(1);
    }

    @Test
    void theyAreReadAheadOfTheirEndAndNobodyWaitsForIt() throws KeysUnavailableException {
        keys.current();
        CountDownLatch held = new CountDownLatch(1);
        document.set(() -> {
            awaitUninterruptibly(held);
            return StrictJsonTest.read(SECOND);
        });
        clock.pass(AHEAD);

        assertThat(id(currentWithoutWaiting())).isEqualTo("first");
        assertThat(id(currentWithoutWaiting())).isEqualTo("first");
        held.countDown();
        awaitKey("second");
        assertThat(document.readsThatEnded()).isEqualTo(2);
    }

    /** Whoever is interrupted and waits gets no keys. */
    private KeySet currentWithoutWaiting() throws KeysUnavailableException {
        Thread.currentThread().interrupt();
        try {
            return keys.current();
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void afterTheirLifetimeTheyAreAwaited() throws KeysUnavailableException {
        keys.current();
        document.set(SECOND);
        clock.pass(LIFETIME);

        assertThat(id(keys.current())).isEqualTo("second");
        assertThat(document.readsThatEnded()).isEqualTo(2);
    }

    @Test
    void theObjectStaysTheSameIfTheKeysDo() throws KeysUnavailableException {
        KeySet first = keys.current();
        document.set(HandMade.jwks(jwk("first", RSA, ",\"x5t\":\"AAAA\"")));
        clock.pass(LIFETIME);

        assertThat(keys.current()).isSameAs(first);
        assertThat(document.readsThatEnded()).isEqualTo(2);
        clock.pass(AHEAD.minus(MILLI));
        keys.current();
        assertThat(document.readsThatEnded())
                .as("and is as new as what was read")
                .isEqualTo(2);
    }

    @Test
    void inAnOutageTheyAreUsedForItsTimeAndReadOnceAPause() throws KeysUnavailableException {
        KeySet first = keys.current();
        document.takeAway();
        clock.pass(LIFETIME);

        assertThat(keys.current()).isSameAs(first);
        assertThat(document.readsThatEnded()).isEqualTo(2);
        clock.pass(PAUSE.minus(MILLI));
        assertThat(keys.current()).isSameAs(first);
        assertThat(document.readsThatEnded()).isEqualTo(2);

        document.set(SECOND);
        clock.pass(MILLI);
        awaitKey("second");
        assertThat(document.readsThatEnded()).isEqualTo(3);
    }

    @Test
    void inAnOutageNobodyWaitsForTheNextRead() throws KeysUnavailableException {
        KeySet first = keys.current();
        document.takeAway();
        clock.pass(LIFETIME);
        keys.current();
        CountDownLatch held = new CountDownLatch(1);
        document.set(() -> {
            awaitUninterruptibly(held);
            return StrictJsonTest.read(SECOND);
        });
        clock.pass(PAUSE);

        assertThat(currentWithoutWaiting()).isSameAs(first);
        held.countDown();
        awaitKey("second");
    }

    @Test
    void theyAreReadWhenTheyAreDueHoweverLongThePauseIs() throws KeysUnavailableException {
        KeyTimes longPause = TIMES.withPause(Duration.ofMinutes(30));
        RefreshedKeys pausing =
                new RefreshedKeys("https://issuer.test", document, new Jca(null), Set.of(RS256), longPause, clock);
        pausing.current();
        document.set(SECOND);
        clock.pass(LIFETIME);

        assertThat(id(pausing.current())).isEqualTo("second");
    }

    @Test
    void anOutageEndsTheUseOfKeys() throws KeysUnavailableException {
        KeySet first = keys.current();
        document.takeAway();
        clock.pass(LIFETIME);
        assertThat(keys.current()).isSameAs(first);
        clock.pass(OUTAGE.minus(MILLI));
        assertThat(keys.current()).isSameAs(first);
        clock.pass(MILLI);

        assertUnavailable("cannot be read");
        clock.pass(PAUSE);
        assertUnavailable("cannot be read");
        document.set(SECOND);
        clock.pass(PAUSE);
        assertThat(id(keys.current())).isEqualTo("second");
    }

    @Test
    void whileThereAreNoKeysTheyAreReadOnceASecond() throws KeysUnavailableException {
        document.takeAway();

        assertUnavailable("cannot be read");
        assertUnavailable("cannot be read");
        clock.pass(Duration.ofMillis(999));
        assertUnavailable("cannot be read");
        assertThat(document.readsThatEnded()).isEqualTo(1);

        document.set(FIRST);
        clock.pass(MILLI);
        assertThat(id(keys.current())).isEqualTo("first");
        assertThat(document.readsThatEnded()).isEqualTo(2);
    }

    @Test
    void aKeySetWithoutAKeyThatCanBeUsedIsAnOutage() throws KeysUnavailableException {
        document.set("{\"keys\":[]}");
        assertUnavailable("no key that can be used");
        assertUnavailable("no key that can be used");
        assertThat(document.readsThatEnded()).isEqualTo(1);

        document.set(FIRST);
        clock.pass(Duration.ofSeconds(1));
        assertThat(id(keys.current())).isEqualTo("first");
    }

    @Test
    void aClockThatIsSetBackMakesThemDue() throws KeysUnavailableException {
        keys.current();
        document.set(SECOND);
        clock.set(NOW.minus(MILLI));

        awaitKey("second");
        assertThat(document.readsThatEnded()).isEqualTo(2);
    }
}
