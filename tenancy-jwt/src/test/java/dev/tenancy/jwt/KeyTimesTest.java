package dev.tenancy.jwt;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class KeyTimesTest {

    @Test
    void keysAreReadAgainAfterFourFifthsOfTheirLifetimeAndUsedThroughAnOutage() {
        KeyTimes times = KeyTimes.DEFAULT.withLifetime(Duration.ofSeconds(100)).withOutage(Duration.ofSeconds(7));

        assertThat(times.aheadMillis()).isEqualTo(80_000);
        assertThat(times.lastMillis()).isEqualTo(107_000);
    }

    @Test
    void thePauseIsASecondAtMostWhileThereAreNoKeys() {
        assertThat(pause(Duration.ofSeconds(10), true)).isEqualTo(10_000);
        assertThat(pause(Duration.ofSeconds(10), false)).isEqualTo(1_000);
        assertThat(pause(Duration.ofSeconds(1), false)).isEqualTo(1_000);
        assertThat(pause(Duration.ofMillis(999), false)).isEqualTo(999);
        assertThat(pause(Duration.ofMillis(999), true)).isEqualTo(999);
    }

    private static long pause(Duration pause, boolean haveKeys) {
        return KeyTimes.DEFAULT.withPause(pause).pauseMillis(haveKeys);
    }

    @Test
    void aReadIsAwaitedAsLongAsTwoDocumentsThatAreTriedTwiceMayTake() {
        assertThat(KeyTimes.DEFAULT.withTimeout(Duration.ofMillis(300)).waitMillis())
                .isEqualTo(1_500);
    }

    @Test
    void theDefaultHasNoFault() {
        assertThat(KeyTimes.DEFAULT.faults()).isEmpty();
    }

    @Test
    void allFaultsAreNamedWithWhatIsAllowed() {
        Duration tooLong = Duration.ofDays(30);

        assertThat(new KeyTimes(tooLong, tooLong, tooLong, tooLong).faults())
                .containsExactly(
                        "keyLifetime is PT720H; allowed: PT1S to PT24H",
                        "keyOutageTolerance is PT720H; allowed: PT0S to PT168H",
                        "keyRefreshPause is PT720H; allowed: PT1S to PT1H",
                        "keyServerTimeout is PT720H; allowed: PT0.05S to PT30S");
    }
}
