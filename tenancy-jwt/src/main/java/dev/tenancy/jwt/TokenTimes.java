package dev.tenancy.jwt;

import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * When a token is valid (RFC 7519 section 4.1), in milliseconds since 1970.
 *
 * @param expires what {@code exp} says
 * @param issued what {@code iat} says, if anything
 * @param begins from when on it is valid: the later of {@code nbf} and {@code iat}, or the beginning of time
 */
record TokenTimes(long expires, @Nullable Long issued, long begins) {

    /** 9999-12-31T23:59:59Z. */
    private static final double LAST_SECOND = 253_402_300_799d;

    private static final long MILLIS = 1000;

    static TokenTimes of(Map<String, @Nullable Object> claims) throws RefusedException {
        Long expires = millis(claims, "exp");
        Long issued = millis(claims, "iat");
        Long notBefore = millis(claims, "nbf");
        if (expires == null) {
            throw new RefusedException("it has no exp");
        }
        long begins = Math.max(issued == null ? 0 : issued, notBefore == null ? 0 : notBefore);
        return new TokenTimes(expires, issued, begins);
    }

    private static @Nullable Long millis(Map<String, @Nullable Object> claims, String name) throws RefusedException {
        Object time = claims.get(name);
        if (time == null && !claims.containsKey(name)) {
            return null;
        }
        if (time instanceof Number seconds && seconds.doubleValue() >= 0 && seconds.doubleValue() <= LAST_SECOND) {
            return (long) (seconds.doubleValue() * MILLIS);
        }
        throw new RefusedException("its " + name + " is not a number of seconds from 1970 to the year 9999");
    }

    void check(long now, Duration skew) throws RefusedException {
        if (now >= expires + skew.toMillis()) {
            throw new RefusedException("it has expired");
        }
        if (now + skew.toMillis() < begins) {
            throw new RefusedException("it is not valid yet, or was issued in the future");
        }
    }
}
