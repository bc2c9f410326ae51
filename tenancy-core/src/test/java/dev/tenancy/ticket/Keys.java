package dev.tenancy.ticket;

import dev.tenancy.Resolution;
import dev.tenancy.TenantIdentity;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;

/** The keys, the time and the purpose of these tests. */
final class Keys {
    static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");
    static final String PURPOSE = "invoices.render";
    static final byte[] SECRET_1 = secret(1);
    static final byte[] SECRET_2 = secret(2);
    static final Duration MINUTE = Duration.ofMinutes(1);

    private Keys() {}

    static byte[] secret(int number) {
        byte[] secret = new byte[32];
        Arrays.fill(secret, (byte) number);
        return secret;
    }

    /** Tickets under key {@code k1} at {@link #NOW}. */
    static TenantTickets tickets() {
        return at(NOW);
    }

    static TenantTickets at(Instant now) {
        return keysAt(now).build();
    }

    static TenantTickets.Builder keysAt(Instant now) {
        return TenantTickets.builder().signWith("k1", SECRET_1).clock(Clock.fixed(now, ZoneOffset.UTC));
    }

    static TenantIdentity opened(Resolution resolution) {
        if (resolution instanceof Resolution.Resolved resolved) {
            return resolved.identity();
        }
        throw new AssertionError("not resolved: " + resolution);
    }
}
