package dev.tenancy.example.benchmarks.valkey;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.bucket4j.BucketConfiguration;
import io.github.bucket4j.distributed.BucketProxy;
import io.github.bucket4j.distributed.ExpirationAfterWriteStrategy;
import io.github.bucket4j.distributed.proxy.ProxyManager;
import io.github.bucket4j.redis.lettuce.Bucket4jLettuce;
import io.lettuce.core.RedisClient;
import io.lettuce.core.event.command.CommandListener;
import io.lettuce.core.event.command.CommandStartedEvent;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

/** bucket4j on Lettuce, as its documentation shows it, with one proxy made for each tenant in advance. */
final class Peer implements Limiter {
    static final String NAME = "bucket4j-lettuce";

    private final RedisClient client;
    private final BucketProxy[] buckets;

    private Peer(RedisClient client, int tenants, long permits) {
        this.client = client;
        ProxyManager<byte[]> manager = Bucket4jLettuce.casBasedBuilder(client)
                .expirationAfterWrite(
                        ExpirationAfterWriteStrategy.basedOnTimeForRefillingBucketUpToMax(Duration.ofSeconds(10)))
                .build();
        BucketConfiguration configuration = BucketConfiguration.builder()
                .addLimit(limit -> limit.capacity(permits).refillGreedy(permits, Duration.ofSeconds(1)))
                .build();
        this.buckets = IntStream.range(0, tenants)
                .mapToObj(tenant -> manager.getProxy(("bucket4j-" + tenant).getBytes(UTF_8), () -> configuration))
                .toArray(BucketProxy[]::new);
    }

    static Limiter on(String uri, int tenants, long permits) {
        return new Peer(RedisClient.create(uri), tenants, permits);
    }

    /** The same, with what it sends counted, which takes some time. */
    static Limiter counted(String uri, int tenants, long permits, AtomicLong sent) {
        RedisClient client = RedisClient.create(uri);
        client.addListener(new CommandListener() {
            @Override
            public void commandStarted(CommandStartedEvent event) {
                sent.incrementAndGet();
            }
        });
        return new Peer(client, tenants, permits);
    }

    @Override
    public boolean tryAcquire(int tenant) {
        return buckets[tenant].tryConsume(1);
    }

    @Override
    public void close() {
        client.shutdown(Duration.ZERO, Duration.ofSeconds(1));
    }
}
