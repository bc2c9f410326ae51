package dev.tenancy.ratelimit;

import dev.tenancy.ratelimit.testing.BucketStoreContract;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

class InMemoryBucketStoreContractTest extends BucketStoreContract {
    private final AtomicLong now = new AtomicLong();

    @Override
    protected BucketStore newStore() {
        return InMemoryBucketStore.builder().nanoTime(now::get).build();
    }

    @Override
    protected void pass(Duration time) {
        now.addAndGet(time.toNanos());
    }
}
