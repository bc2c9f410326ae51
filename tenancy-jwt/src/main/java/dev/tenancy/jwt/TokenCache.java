package dev.tenancy.jwt;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;

/**
 * Remembers tokens that were verified, by their SHA-256: nobody finds a token in it, and nobody can choose two of the
 * same place. A token has one text, but for its signature, which the cache takes for a token of its own.
 */
final class TokenCache {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private final Cache<Digest, Entry> entries;
    private final Jca jca;
    private final long maximumAge;
    private final long skew;
    private final Clock clock;

    TokenCache(int maximumSize, Duration maximumAge, Jca jca, Duration skew, Clock clock) {
        this.entries = Caffeine.newBuilder()
                .maximumSize(maximumSize)
                .expireAfterWrite(maximumAge)
                .build();
        this.jca = jca;
        this.maximumAge = maximumAge.toMillis();
        this.skew = skew.toMillis();
        this.clock = clock;
    }

    /** SHA-256 of a token. */
    record Digest(long first, long second, long third, long fourth) {}

    /**
     * A token that was verified.
     *
     * @param issuer whose it is
     * @param with the keys that it was verified with; it is good as long as they are
     * @param from since when it is good, in milliseconds of the clock
     * @param until when it is to be verified anew
     */
    record Entry(TrustedIssuer issuer, KeySet with, long from, long until, VerifiedToken token) {}

    Digest digestOf(String token) throws GeneralSecurityException {
        MessageDigest sha256 = jca.sha256();
        byte[] digest = sha256.digest(token.getBytes(StandardCharsets.UTF_8));
        return new Digest((long) LONGS.get(digest, 0), (long) LONGS.get(digest, 8), (long) LONGS.get(digest, 16), (long)
                LONGS.get(digest, 24));
    }

    /**
     * The token with this digest, if it is still good.
     *
     * @throws KeysUnavailableException if the keys of its issuer are too old
     */
    @SuppressWarnings("ReferenceEquality") // key sets stay the same object until they change
    Optional<VerifiedToken> find(Digest digest) throws KeysUnavailableException {
        Entry entry = entries.getIfPresent(digest);
        if (entry == null) {
            return Optional.empty();
        }
        long now = clock.millis();
        return entry.with == entry.issuer.keys().current() && now >= entry.from && now < entry.until
                ? Optional.of(entry.token)
                : Optional.empty();
    }

    void put(Digest digest, TrustedIssuer issuer, TrustedIssuer.Verified verified) {
        long until = Math.min(verified.times().expires(), clock.millis() + maximumAge);
        long from = verified.times().begins() - skew;
        entries.put(digest, new Entry(issuer, verified.with(), from, until, verified.token()));
    }
}
