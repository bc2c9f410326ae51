package dev.tenancy.ratelimit.lettuce;

import dev.tenancy.ratelimit.BucketStore;
import dev.tenancy.ratelimit.testing.BucketStoreContract;
import dev.tenancy.testservers.TestRedis;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class ValkeyBucketStoreContractIT extends BucketStoreContract {
    private static final AtomicInteger STORES = new AtomicInteger();
    private static TestRedis server;
    private static Redis redis;

    private final AtomicLong passed = new AtomicLong();
    private final String prefix = "contract" + STORES.incrementAndGet() + ":";

    @BeforeAll
    static void start() {
        server = TestRedis.start();
        redis = Redis.of(server);
    }

    @AfterAll
    static void stop() {
        redis.close();
        server.close();
    }

    @Override
    protected BucketStore newStore() {
        return ValkeyBucketStore.builder()
                .uri(server.uri())
                .keyPrefix(prefix)
                .timeout(Duration.ofSeconds(5))
                .nanoTime(() -> System.nanoTime() + passed.get())
                .build();
    }

    @Override
    protected Duration clockError() {
        return Duration.ofMillis(1);
    }

    @Override
    protected void pass(Duration time) {
        redis.pass(prefix, time);
        passed.addAndGet(time.toNanos());
    }
}
