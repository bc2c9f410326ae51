package dev.tenancy.jwt;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * How long keys are used, and how often they are read.
 *
 * @param lifetime after this they are not used before they have been read again
 * @param outage for how long after that they are used nevertheless while reading fails
 * @param pause between two reads that an unknown key id causes, and between two that fail
 * @param timeout for the whole of one answer of the key server
 */
record KeyTimes(Duration lifetime, Duration outage, Duration pause, Duration timeout) {
    static final KeyTimes DEFAULT =
            new KeyTimes(Duration.ofMinutes(5), Duration.ofHours(1), Duration.ofSeconds(10), Duration.ofSeconds(2));

    /** Of the lifetime; then they are read again, and nobody waits for it. */
    private static final double AHEAD = 0.8;

    /** While there are no keys at all, every request fails. */
    private static final Duration LONGEST_PAUSE_WITHOUT_KEYS = Duration.ofSeconds(1);

    /** A document that is found by another one, each tried twice, and time to start with. */
    private static final int TIMEOUTS_TO_WAIT = 5;

    KeyTimes withLifetime(Duration value) {
        return new KeyTimes(value, outage, pause, timeout);
    }

    KeyTimes withOutage(Duration value) {
        return new KeyTimes(lifetime, value, pause, timeout);
    }

    KeyTimes withPause(Duration value) {
        return new KeyTimes(lifetime, outage, value, timeout);
    }

    KeyTimes withTimeout(Duration value) {
        return new KeyTimes(lifetime, outage, pause, value);
    }

    long aheadMillis() {
        return (long) (lifetime.toMillis() * AHEAD);
    }

    long lastMillis() {
        return lifetime.plus(outage).toMillis();
    }

    long pauseMillis(boolean haveKeys) {
        return haveKeys ? pause.toMillis() : Math.min(pause.toMillis(), LONGEST_PAUSE_WITHOUT_KEYS.toMillis());
    }

    long waitMillis() {
        return timeout.multipliedBy(TIMEOUTS_TO_WAIT).toMillis();
    }

    List<String> faults() {
        List<String> faults = new ArrayList<>();
        check("keyLifetime", lifetime, Duration.ofSeconds(1), Duration.ofHours(24), faults);
        check("keyOutageTolerance", outage, Duration.ZERO, Duration.ofDays(7), faults);
        check("keyRefreshPause", pause, Duration.ofSeconds(1), Duration.ofHours(1), faults);
        check("keyServerTimeout", timeout, Duration.ofMillis(50), Duration.ofSeconds(30), faults);
        return faults;
    }

    private static void check(String name, Duration value, Duration least, Duration most, List<String> faults) {
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            faults.add(name + " is " + value + "; allowed: " + least + " to " + most);
        }
    }
}
