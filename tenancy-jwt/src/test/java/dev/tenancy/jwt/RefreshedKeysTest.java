package dev.tenancy.jwt;

import static dev.tenancy.jwt.HandMade.NOW;
import static dev.tenancy.jwt.HandMade.jwk;
import static dev.tenancy.jwt.SignatureAlgorithm.RS256;
import static dev.tenancy.jwt.TestKeys.OTHER_RSA;
import static dev.tenancy.jwt.TestKeys.RSA;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.text.ParseException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
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
        assertThat(document.reads()).isEqualTo(1);
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

        assertThat(id(keys.current())).isEqualTo("first");
        assertThat(id(keys.current())).isEqualTo("first");
        held.countDown();
        awaitKey("second");
        assertThat(document.reads()).isEqualTo(2);
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
        assertThat(document.reads()).isEqualTo(2);
    }

    @Test
    void theObjectStaysTheSameIfTheKeysDo() throws KeysUnavailableException {
        KeySet first = keys.current();
        document.set(HandMade.jwks(jwk("first", RSA, ",\"x5t\":\"AAAA\"")));
        clock.pass(LIFETIME);

        assertThat(keys.current()).isSameAs(first);
        assertThat(document.reads()).isEqualTo(2);
        clock.pass(AHEAD.minus(MILLI));
        keys.current();
        assertThat(document.reads()).as("and is as new as what was read").isEqualTo(2);
    }

    @Test
    void inAnOutageTheyAreUsedForItsTimeAndReadOnceAPause() throws KeysUnavailableException {
        KeySet first = keys.current();
        document.takeAway();
        clock.pass(LIFETIME);

        assertThat(keys.current()).isSameAs(first);
        assertThat(document.reads()).isEqualTo(2);
        clock.pass(PAUSE.minus(MILLI));
        assertThat(keys.current()).isSameAs(first);
        assertThat(document.reads()).isEqualTo(2);

        document.set(SECOND);
        clock.pass(MILLI);
        awaitKey("second");
        assertThat(document.reads()).isEqualTo(3);
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
        assertThat(document.reads()).isEqualTo(1);

        document.set(FIRST);
        clock.pass(MILLI);
        assertThat(id(keys.current())).isEqualTo("first");
        assertThat(document.reads()).isEqualTo(2);
    }

    @Test
    void aKeySetWithoutAKeyThatCanBeUsedIsAnOutage() throws KeysUnavailableException {
        document.set("{\"keys\":[]}");
        assertUnavailable("no key that can be used");
        assertUnavailable("no key that can be used");
        assertThat(document.reads()).isEqualTo(1);

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
        assertThat(document.reads()).isEqualTo(2);
    }

    @Test
    void aReadThatBreaksDownIsAFailureLikeOthers() throws KeysUnavailableException {
        KeySet first = keys.current();
        document.set(() -> {
            throw new IllegalStateException("broken");
        });
        clock.pass(LIFETIME);
        assertThat(keys.current()).isSameAs(first);

        document.set(() -> {
            throw new NoClassDefFoundError("broken");
        });
        clock.pass(LIFETIME);
        assertThat(keys.current()).isSameAs(first);

        document.set(SECOND);
        clock.pass(LIFETIME);
        awaitKey("second");
    }

    @Test
    void whoeverIsInterruptedDoesNotWait() {
        CountDownLatch held = new CountDownLatch(1);
        document.set(() -> {
            awaitUninterruptibly(held);
            return StrictJsonTest.read(FIRST);
        });
        Thread.currentThread().interrupt();
        try {
            assertThatThrownBy(keys::current)
                    .isInstanceOf(KeysUnavailableException.class)
                    .hasMessageContaining("interrupted");
        } finally {
            assertThat(Thread.interrupted()).isTrue();
            held.countDown();
        }
    }

    @Test
    void aReadThatTakesTooLongIsNotWaitedFor() {
        CountDownLatch held = new CountDownLatch(1);
        KeyTimes impatient = TIMES.withTimeout(Duration.ofMillis(50));
        RefreshedKeys slow = new RefreshedKeys(
                "https://issuer.test",
                () -> {
                    awaitUninterruptibly(held);
                    return document.read();
                },
                new Jca(null),
                Set.of(RS256),
                impatient,
                clock);
        try {
            assertThatThrownBy(slow::current)
                    .isInstanceOf(KeysUnavailableException.class)
                    .hasMessageContaining("cannot be read");
        } finally {
            held.countDown();
        }
    }

    @Test
    void aReadHasAThreadOfItsOwnThatKeepsNoServerAlive() throws KeysUnavailableException {
        List<Thread> threads = new CopyOnWriteArrayList<>();
        document.set(() -> {
            threads.add(Thread.currentThread());
            return StrictJsonTest.read(FIRST);
        });

        keys.current();

        assertThat(threads).singleElement().satisfies(thread -> {
            assertThat(thread).isNotSameAs(Thread.currentThread());
            assertThat(thread.isDaemon()).isTrue();
            assertThat(thread.getName()).isEqualTo("tenancy-jwt-keys");
        });
    }

    @Test
    void onlyMessagesOfOurOwnAreLogged() {
        assertThat(RefreshedKeys.described(new ParseException("no array", 0))).isEqualTo("ParseException: no array");
        assertThat(RefreshedKeys.described(new IOException("https://keys.test/?secret")))
                .isEqualTo("IOException");
        assertThat(RefreshedKeys.described(new IllegalStateException("secret"))).isEqualTo("IllegalStateException");
    }
}
