package dev.tenancy.ratelimit.lettuce;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class BreakerTest {
    private static final long PAUSE = Duration.ofSeconds(1).toNanos();

    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - PAUSE / 2);
    private final Breaker breaker = new Breaker(3, Duration.ofSeconds(1), now::get);

    @Test
    void itOpensAfterSomeFailuresInARow() {
        fail(2);
        assertThat(breaker.isClosed()).isTrue();
        breaker.succeeded();
        fail(2);
        assertThat(breaker.isClosed()).isTrue();
        fail(1);
        assertThat(breaker.isClosed()).isFalse();
    }

    @Test
    void oneCallIsLetThroughEachPause() {
        fail(3);
        for (int i = 0; i < 3; i++) {
            now.addAndGet(PAUSE - 1);
            assertThat(breaker.isClosed()).isFalse();
            now.addAndGet(1);
            assertThat(breaker.isClosed()).isTrue();
            assertThat(breaker.isClosed()).isFalse();
        }
    }

    @Test
    void aFailureOfTheOneDoesNotMakeThePauseLonger() {
        fail(3);
        now.addAndGet(PAUSE);
        assertThat(breaker.isClosed()).isTrue();
        now.addAndGet(PAUSE / 2);
        fail(1);
        now.addAndGet(PAUSE / 2);
        assertThat(breaker.isClosed()).isTrue();
    }

    @Test
    void itClosesWhenTheOneSucceeds() {
        fail(30);
        now.addAndGet(PAUSE);
        assertThat(breaker.isClosed()).isTrue();
        breaker.succeeded();
        fail(2);
        assertThat(breaker.isClosed()).isTrue();
        assertThat(breaker.isClosed()).isTrue();
    }

    private void fail(int times) {
        for (int i = 0; i < times; i++) {
            breaker.failed(new IllegalStateException("away"));
        }
    }
}
