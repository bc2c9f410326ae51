package dev.tenancy.ratelimit.lettuce;

import dev.tenancy.ratelimit.RateLimitListener;
import dev.tenancy.ratelimit.WhenAway;
import io.lettuce.core.RedisURI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.LongSupplier;

/**
 * Collects the settings of a {@link ValkeyBucketStore}. Not thread-safe.
 *
 * @since 0.1
 */
public final class ValkeyBucketStoreBuilder {
    private static final Duration LONGEST_TIMEOUT = Duration.ofSeconds(10);

    final List<RateLimitListener> listeners = new ArrayList<>();
    List<RedisURI> uris = List.of();
    boolean isCluster;
    String keyPrefix = "tenancy:limit:";
    Duration timeout = Duration.ofMillis(50);
    int failures = 5;
    Duration pause = Duration.ofSeconds(1);
    int replicas = 1;
    long leasedPermits;
    Duration leaseTime = Duration.ofSeconds(1);
    LongSupplier nanoTime = System::nanoTime;

    ValkeyBucketStoreBuilder() {}

    /**
     * Sets the server.
     *
     * @param uri such as {@code redis://user:password@host:6379/0}, or {@code rediss://} for TLS
     * @throws IllegalArgumentException if it is no such URI
     */
    public ValkeyBucketStoreBuilder uri(String uri) {
        return servers(List.of(uri), false);
    }

    /**
     * Sets the cluster.
     *
     * @param seeds some of its nodes, as for {@link #uri}
     * @throws IllegalArgumentException if one is no such URI
     */
    public ValkeyBucketStoreBuilder cluster(List<String> seeds) {
        return servers(seeds, true);
    }

    private ValkeyBucketStoreBuilder servers(List<String> servers, boolean cluster) {
        this.uris = servers.stream().map(ValkeyBucketStoreBuilder::parsed).toList();
        this.isCluster = cluster;
        return this;
    }

    private static RedisURI parsed(String server) {
        RedisURI uri;
        try {
            uri = RedisURI.create(server);
        } catch (IllegalArgumentException malformed) {
            throw badUri();
        }
        // Lettuce takes a port that is no number for a part of the host; an IPv6 address has more colons than one.
        if (uri.getHost() != null
                && uri.getHost().indexOf(':') >= 0
                && uri.getHost().indexOf(':') == uri.getHost().lastIndexOf(':')) {
            throw badUri();
        }
        return uri;
    }

    /** Neither the text nor what was found wrong with it is shown: it may have a password in it. */
    private static IllegalArgumentException badUri() {
        return new IllegalArgumentException(
                "the URI of the server is bad; allowed: redis://user:password@host:port/database");
    }

    /** Sets with what all keys begin, for hosts that share a server; {@code tenancy:limit:} if not set. */
    public ValkeyBucketStoreBuilder keyPrefix(String prefix) {
        if (prefix.indexOf('{') >= 0 || prefix.indexOf('}') >= 0) {
            throw new IllegalArgumentException("keyPrefix has a brace; allowed: any other characters");
        }
        this.keyPrefix = prefix;
        return this;
    }

    /**
     * Sets how long a caller waits for the server; 50 ms if not set.
     *
     * @param longest 1 ms to 10 s
     */
    public ValkeyBucketStoreBuilder timeout(Duration longest) {
        this.timeout = within("timeout", longest, LONGEST_TIMEOUT);
        return this;
    }

    /**
     * Sets when the server counts as away: then it is not asked, but for one call in each pause. 5 failures and 1
     * second if not set.
     *
     * @param inARow failures, 1 or more
     * @param length 1 ms to 10 minutes
     */
    public ValkeyBucketStoreBuilder breaker(int inARow, Duration length) {
        this.failures = positive("failures in a row", inARow);
        this.pause = within("pause", length, Duration.ofMinutes(10));
        return this;
    }

    /**
     * Sets how many replicas of the host share the limits: what {@link WhenAway#SHARE} divides by. 1 if not set.
     *
     * @param number 1 or more
     */
    public ValkeyBucketStoreBuilder replicas(int number) {
        this.replicas = positive("replicas", number);
        return this;
    }

    /**
     * Lets this process take permits in advance, so that most decisions need no call. They count as taken when they are
     * leased: in all, never more is granted than the limit says, but within a time span as many more as were leased
     * before it. Nothing is leased where limits for each subject hold beside those of the tenant.
     *
     * @param permits at a time, 1 or more; best a small part of the burst
     * @param time after which what is left is given back, 1 ms to 1 minute
     */
    public ValkeyBucketStoreBuilder lease(int permits, Duration time) {
        this.leasedPermits = positive("leased permits", permits);
        this.leaseTime = within("lease time", time, Duration.ofMinutes(1));
        return this;
    }

    /** Adds a listener, which is told of {@link RateLimitListener#away} only. */
    public ValkeyBucketStoreBuilder listener(RateLimitListener listener) {
        listeners.add(Objects.requireNonNull(listener, "listener"));
        return this;
    }

    /** Sets the clock of this process; for tests. */
    ValkeyBucketStoreBuilder nanoTime(LongSupplier clock) {
        this.nanoTime = clock;
        return this;
    }

    /**
     * {@return the store, connected if the server could be reached within 2 seconds; if not, it is tried again when the
     * store is used}
     *
     * @throws IllegalArgumentException if no server was set
     */
    public ValkeyBucketStore build() {
        if (uris.isEmpty()) {
            throw new IllegalArgumentException("no server; allowed: uri or cluster");
        }
        return new ValkeyBucketStore(this);
    }

    private static int positive(String name, int number) {
        if (number < 1) {
            throw new IllegalArgumentException(name + " is " + number + "; allowed: 1 or more");
        }
        return number;
    }

    private static Duration within(String name, Duration value, Duration most) {
        if (value.compareTo(Duration.ofMillis(1)) < 0 || value.compareTo(most) > 0) {
            throw new IllegalArgumentException(name + " is " + value + "; allowed: PT0.001S to " + most);
        }
        return value;
    }
}
