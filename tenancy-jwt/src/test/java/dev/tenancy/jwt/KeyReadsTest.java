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
import java.io.IOException;
import java.text.ParseException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How keys are read, and what becomes of a read that breaks down or takes too long. */
@Timeout(60)
class KeyReadsTest {
    private static final Duration LIFETIME = KeyTimes.DEFAULT.lifetime();
    private static final String FIRST = HandMade.jwks(jwk("first", RSA, ""));
    private static final String SECOND = HandMade.jwks(jwk("second", OTHER_RSA, ""));

    private final SettableClock clock = new SettableClock(NOW);
    private final SettableDocument document = new SettableDocument(FIRST);
    private final RefreshedKeys keys = keys(KeyTimes.DEFAULT);

    private RefreshedKeys keys(KeyTimes times) {
        return new RefreshedKeys("https://issuer.test", document, new Jca(null), Set.of(RS256), times, clock);
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
        assertThat(document.readsThatEnded()).isEqualTo(3);

        document.set(SECOND);
        clock.pass(LIFETIME);
        keys.current();
        assertThat(document.readsThatEnded()).isEqualTo(4);
        assertThat(id(keys.current())).isEqualTo("second");
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
        RefreshedKeys slow = keys(KeyTimes.DEFAULT.withTimeout(Duration.ofMillis(50)));
        document.set(() -> {
            awaitUninterruptibly(held);
            return StrictJsonTest.read(FIRST);
        });
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
        assertThat(RefreshedKeys.described(HttpDocument.refusal(404))).isEqualTo("Failure: answered with status 404");
        assertThat(RefreshedKeys.described(new IOException("https://keys.test/?secret")))
                .isEqualTo("IOException");
        assertThat(RefreshedKeys.described(new IllegalStateException("secret"))).isEqualTo("IllegalStateException");
    }
}
