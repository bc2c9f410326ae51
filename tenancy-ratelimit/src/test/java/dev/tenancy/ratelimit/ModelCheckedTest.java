package dev.tenancy.ratelimit;

import static org.jetbrains.lincheck.datastructures.ManagedStrategyGuaranteeKt.forClasses;

import dev.tenancy.TenantId;
import dev.tenancy.UnavailableException;
import java.util.List;
import java.util.stream.Stream;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.ManagedStrategyGuarantee;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.junit.jupiter.api.Test;

/**
 * Interleavings of a few calls, step by step, by a model checker: what they answer must be what they would answer one
 * after the other, in some order. Time stands still, so that only what is taken counts.
 */
class ModelCheckedTest {
    private static final int TIMES = Integer.getInteger("tenancy.test.times", 1);
    /** More rounds than any loop makes here. */
    private static final int LONGEST_LOOP = 1_000;

    /** It changes no cell, and waits by a clock that does not stand still. */
    private static final ManagedStrategyGuarantee LETTING_OTHERS_TAKE =
            forClasses(Cell.class.getName()).methods("letOthersTake").ignore();

    private static final TenantId ACME = TenantId.of("acme");
    private static final List<TenantId> TENANTS = List.of(ACME, TenantId.of("globex"));
    private static final RateLimits FIVE = limits("5/1h");
    private static final RateLimits THREE = limits("3/1h");
    private static final RateLimits FIVE_AND_FOUR = limits("5/1h", "4/1d");

    private static RateLimits limits(String... texts) {
        return RateLimits.of(Stream.of(texts).map(RateLimit::parse).toArray(RateLimit[]::new));
    }

    private static InMemoryBucketStore store(int tenants) {
        return InMemoryBucketStore.builder()
                .maxTenants(tenants)
                .nanoTime(() -> 0)
                .build();
    }

    private static void check(Class<?> calls, int scenarios, int interleavings) {
        check(calls, 2, 1, scenarios, interleavings);
    }

    private static void check(Class<?> calls, int atOnce, int after, int scenarios, int interleavings) {
        new ModelCheckingOptions()
                .threads(2)
                .actorsPerThread(atOnce)
                .actorsBefore(0)
                .actorsAfter(after)
                .iterations(scenarios * TIMES)
                .invocationsPerIteration(interleavings * TIMES)
                .loopBound(LONGEST_LOOP)
                .addGuarantee(LETTING_OTHERS_TAKE)
                .check(calls);
    }

    @Test
    void oneLimit() {
        check(OneLimit.class, 4, 80);
    }

    @Test
    void severalLimits() {
        check(SeveralLimits.class, 4, 80);
    }

    @Test
    void limitsThatChange() {
        check(LimitsThatChange.class, 2, 50);
    }

    @Test
    void tenantsThatMakeRoom() {
        check(TenantsThatMakeRoom.class, 4, 150);
    }

    @Test
    void anEviction() {
        check(Eviction.class, 1, 0, 2, 2_000);
    }

    /** A cell: of five permits no more are granted. */
    @Param(name = "permits", gen = IntGen.class, conf = "1:4")
    public static class OneLimit {
        private final InMemoryBucketStore store = store(10);

        @Operation
        public boolean take(@Param(name = "permits") int permits) {
            return store.tryAcquire(ACME, FIVE, permits) == 0;
        }

        @Operation
        public long left() {
            return store.standing(BucketKey.of(ACME), FIVE).get(0).remaining();
        }
    }

    /** All or none: who is refused by the second limit has taken nothing of the first. */
    @Param(name = "permits", gen = IntGen.class, conf = "1:4")
    public static class SeveralLimits {
        private final InMemoryBucketStore store = store(10);

        @Operation
        public boolean take(@Param(name = "permits") int permits) {
            return store.tryAcquire(ACME, FIVE_AND_FOUR, permits) == 0;
        }
    }

    /** A change of limits forgets nothing that was taken. */
    @Param(name = "permits", gen = IntGen.class, conf = "1:2")
    public static class LimitsThatChange {
        private final InMemoryBucketStore store = store(10);

        @Operation
        public boolean takeOfFive(@Param(name = "permits") int permits) {
            return store.tryAcquire(ACME, FIVE, permits) == 0;
        }

        @Operation
        public boolean takeOfThree(@Param(name = "permits") int permits) {
            return store.tryAcquire(ACME, THREE, permits) == 0;
        }
    }

    /** Room for one: who owes is never forgotten for a newcomer. */
    @Param(name = "tenant", gen = IntGen.class, conf = "0:1")
    public static class TenantsThatMakeRoom {
        private final InMemoryBucketStore store = store(1);

        /** One has the room, and has given back what it took. */
        public TenantsThatMakeRoom() {
            store.giveBack(store.acquire(BucketKey.of(ACME), FIVE, 1));
        }

        @Operation
        public String take(@Param(name = "tenant") int tenant) {
            return ModelCheckedTest.take(store, TENANTS.get(tenant));
        }
    }

    /** Room for one: either who is there takes something, or the newcomer has the room. */
    public static class Eviction {
        private final InMemoryBucketStore store = store(1);

        /** One has the room, and has given back what it took. */
        public Eviction() {
            store.giveBack(store.acquire(BucketKey.of(ACME), FIVE, 1));
        }

        @Operation(runOnce = true)
        public String whoIsThere() {
            return ModelCheckedTest.take(store, ACME);
        }

        @Operation(runOnce = true)
        public String newcomer() {
            return ModelCheckedTest.take(store, TENANTS.get(1));
        }
    }

    private static String take(InMemoryBucketStore store, TenantId tenant) {
        try {
            return store.tryAcquire(tenant, FIVE, 4) == 0 ? "granted" : "denied";
        } catch (UnavailableException noRoom) {
            return "no room";
        }
    }
}
