package dev.tenancy.ratelimit.lettuce;

import dev.tenancy.UnavailableException;
import dev.tenancy.ratelimit.Acquisition;
import dev.tenancy.ratelimit.BucketKey;
import dev.tenancy.ratelimit.BucketStore;
import dev.tenancy.ratelimit.InMemoryBucketStore;
import dev.tenancy.ratelimit.RateLimit;
import dev.tenancy.ratelimit.RateLimitListener;
import dev.tenancy.ratelimit.RateLimits;
import dev.tenancy.ratelimit.Standing;
import dev.tenancy.ratelimit.WhenAway;
import dev.tenancy.ratelimit.internal.Rate;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers while the server is away, as each limit says. */
final class Shares {
    private static final Logger LOG = LoggerFactory.getLogger(Shares.class);
    private static final int MOST = 10_000;

    private final BucketStore store = InMemoryBucketStore.create();
    private final ConcurrentMap<RateLimits, Optional<RateLimits>> shares = new ConcurrentHashMap<>();
    private final int replicas;
    private final List<RateLimitListener> listeners;

    Shares(int replicas, List<RateLimitListener> listeners) {
        this.replicas = replicas;
        this.listeners = List.copyOf(listeners);
    }

    /**
     * Counts what the server granted here, so that the share is not whole when the server goes away. It is granted also
     * where it cannot be counted.
     */
    void count(BucketKey key, RateLimits limits, long permits) {
        shareOf(limits).ifPresent(share -> {
            try {
                takeUpTo(key, share, permits);
            } catch (UnavailableException noRoom) {
                LOG.debug("what the server granted {} is not counted here", key, noRoom);
            }
        });
    }

    private void takeUpTo(BucketKey key, RateLimits share, long permits) {
        if (store.tryAcquire(key, share, permits) != 0) {
            long left = store.standing(key, share).stream()
                    .mapToLong(Standing::remaining)
                    .min()
                    .orElse(0);
            if (left > 0) {
                store.tryAcquire(key, share, left);
            }
        }
    }

    /**
     * What is answered instead of the server.
     *
     * @throws UnavailableException if one of the limits says that nobody passes
     */
    Acquisition answer(BucketKey key, RateLimits limits, long permits, @Nullable Throwable cause) {
        if (limits.all().stream().anyMatch(limit -> limit.whenAway() == WhenAway.DENY && !limit.isUnlimited())) {
            tell(key, WhenAway.DENY);
            throw new UnavailableException("limits of " + key + " cannot be counted: the server is away", cause);
        }
        Optional<RateLimits> share = shareOf(limits);
        tell(key, share.isPresent() ? WhenAway.SHARE : WhenAway.ALLOW);
        if (share.isEmpty()) {
            return Acquisition.of(key, limits, permits, 0, List.of());
        }
        Acquisition local = store.acquire(key, share.get(), permits);
        return Acquisition.of(key, limits, permits, local.waitNanos(), local.standings(), local);
    }

    void giveBack(Acquisition local) {
        store.giveBack(local);
    }

    private Optional<RateLimits> shareOf(RateLimits limits) {
        Optional<RateLimits> known = shares.get(limits);
        if (known != null) {
            return known;
        }
        if (shares.size() >= MOST) {
            shares.clear();
        }
        RateLimit[] parts = limits.all().stream()
                .filter(limit -> limit.whenAway() == WhenAway.SHARE && !limit.isUnlimited())
                .map(this::part)
                .toArray(RateLimit[]::new);
        Optional<RateLimits> share = parts.length == 0 ? Optional.empty() : Optional.of(RateLimits.of(parts));
        shares.put(limits, share);
        return share;
    }

    /** The parts of all replicas are no more than the whole. */
    private RateLimit part(RateLimit limit) {
        long permits = limit.burst() < replicas ? 0 : limit.permits() / replicas;
        long burst = permits == 0
                ? 0
                : Math.min(
                        limit.burst() / replicas,
                        Rate.mostBurst(permits, limit.period().toNanos()));
        RateLimit part = new RateLimit(permits, limit.period(), burst);
        return limit.isPerSubject() ? part.perSubject() : part;
    }

    private void tell(BucketKey key, WhenAway answer) {
        for (RateLimitListener listener : listeners) {
            try {
                listener.away(key.tenant(), answer);
            } catch (Throwable failure) { // an Error of a listener must not cost the request its answer
                LOG.error("listener {} failed", listener.getClass().getName(), failure);
            }
        }
    }
}
