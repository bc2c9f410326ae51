package dev.tenancy.jwt;

import static dev.tenancy.jwt.HandMade.NOW;
import static dev.tenancy.jwt.HandMade.jwk;
import static dev.tenancy.jwt.RefreshedKeysTest.awaitUninterruptibly;
import static dev.tenancy.jwt.RefreshedKeysTest.id;
import static dev.tenancy.jwt.SignatureAlgorithm.RS256;
import static dev.tenancy.jwt.TestKeys.OTHER_RSA;
import static dev.tenancy.jwt.TestKeys.RSA;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenancy.testservers.SettableClock;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What happens when a token names a key that is not known, and when two ask at once. */
@Timeout(60)
class SoughtKeysTest {
    private static final Duration PAUSE = KeyTimes.DEFAULT.pause();
    private static final Duration MILLI = Duration.ofMillis(1);
    private static final String FIRST = HandMade.jwks(jwk("first", RSA, ""));
    private static final String SECOND = HandMade.jwks(jwk("second", OTHER_RSA, ""));

    private final SettableClock clock = new SettableClock(NOW);
    private final SettableDocument document = new SettableDocument(FIRST);
    private final RefreshedKeys keys =
            new RefreshedKeys("https://issuer.test", document, new Jca(null), Set.of(RS256), KeyTimes.DEFAULT, clock);

    @Test
    void aKeyThatIsNotThereIsSoughtOnceAPause() throws KeysUnavailableException {
        KeySet first = keys.current();

        assertThat(keys.beyond(first)).isSameAs(first);
        assertThat(document.readsThatEnded()).isEqualTo(2);
        document.set(SECOND);
        clock.pass(PAUSE.minus(MILLI));
        assertThat(keys.beyond(first)).isSameAs(first);
        assertThat(document.readsThatEnded()).isEqualTo(2);
        clock.pass(MILLI);
        assertThat(id(keys.beyond(first))).isEqualTo("second");
        assertThat(document.readsThatEnded()).isEqualTo(3);
    }

    @Test
    void whoSoughtInOlderKeysGetsTheNewOnesWithoutARead() throws KeysUnavailableException {
        KeySet first = keys.current();
        document.set(SECOND);
        KeySet second = keys.beyond(first);

        assertThat(keys.beyond(first)).isSameAs(second);
        assertThat(document.readsThatEnded()).isEqualTo(2);
    }

    @Test
    void aKeyThatIsSoughtInAnOutageMayBeANewOne() throws KeysUnavailableException {
        KeySet first = keys.current();
        document.takeAway();

        assertThatThrownBy(() -> keys.beyond(first))
                .isInstanceOf(KeysUnavailableException.class)
                .hasMessageContaining("may be a new one");
        assertThatThrownBy(() -> keys.beyond(first)).isInstanceOf(KeysUnavailableException.class);
        assertThat(document.readsThatEnded()).isEqualTo(2);
        assertThat(keys.current()).isSameAs(first);
    }

    @Test
    void whatIsSoughtInAKeySetThatHasBecomeEmptyIsAnOutage() throws KeysUnavailableException {
        KeySet first = keys.current();
        document.set("{\"keys\":[]}");

        assertThatThrownBy(() -> keys.beyond(first))
                .isInstanceOf(KeysUnavailableException.class)
                .hasMessageContaining("no key that can be used");
    }

    @Test
    void whatIsUnderWayIsJoinedAndThenReadAnewSinceItMayBeOlderThanTheKey() throws KeysUnavailableException {
        KeySet first = keys.current();
        CountDownLatch held = new CountDownLatch(1);
        document.set(() -> {
            awaitUninterruptibly(held);
            document.set(SECOND);
            return StrictJsonTest.read(FIRST);
        });
        clock.pass(KeyTimes.DEFAULT.lifetime().minusSeconds(1));
        assertThat(keys.current()).isSameAs(first);
        whenWaiting(Thread.currentThread(), held::countDown);

        assertThat(id(keys.beyond(first))).isEqualTo("second");
        assertThat(document.readsThatEnded()).isEqualTo(3);
    }

    @Test
    void whatIsUnderWayIsJoinedAndMayHaveTheKey() throws KeysUnavailableException {
        KeySet first = keys.current();
        CountDownLatch held = new CountDownLatch(1);
        document.set(() -> {
            awaitUninterruptibly(held);
            return StrictJsonTest.read(SECOND);
        });
        clock.pass(KeyTimes.DEFAULT.lifetime().minusSeconds(1));
        assertThat(keys.current()).isSameAs(first);
        whenWaiting(Thread.currentThread(), held::countDown);

        assertThat(id(keys.beyond(first))).isEqualTo("second");
        assertThat(document.readsThatEnded()).isEqualTo(2);
    }

    private static void whenWaiting(Thread waiting, Runnable action) {
        Thread watching = new Thread(() -> {
            while (waiting.getState() != Thread.State.TIMED_WAITING) {
                Thread.onSpinWait();
            }
            action.run();
        });
        watching.setDaemon(true);
        watching.start();
    }

    @Test
    void whoComesAfterAReadThatEndedMeanwhileTakesWhatItFound() throws KeysUnavailableException {
        InterruptingClock interrupting = new InterruptingClock(clock);
        RefreshedKeys contended = new RefreshedKeys(
                "https://issuer.test", document, new Jca(null), Set.of(RS256), KeyTimes.DEFAULT, interrupting);
        interrupting.atNextLook(() -> {
            try {
                contended.current();
            } catch (KeysUnavailableException down) {
                throw new IllegalStateException(down);
            }
        });

        assertThat(id(contended.current())).isEqualTo("first");
        assertThat(document.readsThatEnded()).isEqualTo(1);

        document.set(SECOND);
        clock.pass(KeyTimes.DEFAULT.lifetime());
        assertThat(id(contended.current())).isEqualTo("second");
    }
}
