package dev.tenancy.example.gateway;

import dev.tenancy.ratelimit.BucketStore;
import dev.tenancy.ratelimit.InMemoryBucketStore;
import dev.tenancy.ratelimit.lettuce.ValkeyBucketStore;

/** Where limits are counted. */
final class Limits {
    private Limits() {}

    /** On the server that is configured, for all replicas together, or else in this process. */
    static BucketStore store(Settings settings, Metrics metrics) {
        return settings.redisUrl()
                .<BucketStore>map(url -> ValkeyBucketStore.builder()
                        .uri(url)
                        .listener(metrics.ofLimits())
                        .build())
                .orElseGet(InMemoryBucketStore::create);
    }
}
