package dev.tenancy.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenancy.TenantId;
import dev.tenancy.UnavailableException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Who makes room for whom, to the key and to the nanosecond. */
class BucketTableTest {
    private static final List<RateLimit> TEN_A_MINUTE = List.of(RateLimit.parse("10/1m"));
    private static final long A_MINUTE = Duration.ofMinutes(1).toNanos();
    private static final BucketKey ACME = BucketKey.of(TenantId.of("acme"));
    private static final BucketKey GLOBEX = BucketKey.of(TenantId.of("globex"));

    private final AtomicLong now = new AtomicLong();
    private final AtomicInteger timesAsked = new AtomicInteger();

    @Test
    void someAreEvictedAtOnceAndNoMore() {
        BucketTable<BucketKey> table = table(100, 100);
        take(table, ACME, 0, 100);
        now.addAndGet(A_MINUTE);

        take(table, GLOBEX, 0, 1);
        assertThat(table.size()).isEqualTo(100 - 16 + 1);
        take(table, GLOBEX, 1, 16);
        assertThat(table.size()).isEqualTo(100);
        take(table, GLOBEX, 16, 17);
        assertThat(table.size()).isEqualTo(100 - 16 + 1);
    }

    @Test
    void whoHasItsShareMakesRoomOfItsOwnAndIsCountedRight() {
        BucketTable<BucketKey> table = table(100, 20);
        take(table, GLOBEX, 0, 20);
        take(table, ACME, 0, 20);
        now.addAndGet(A_MINUTE);

        for (int round = 0; round < 3; round++) {
            take(table, ACME, 20, 40);
            assertThat(table.size()).as("nothing of the other's is evicted").isEqualTo(40);
            assertNoRoom(table, ACME.withSubject("another"));
            now.addAndGet(A_MINUTE);
            take(table, ACME, 40, 60);
            assertThat(table.size()).isEqualTo(40);
            now.addAndGet(A_MINUTE);
        }
    }

    @Test
    void aTenantOfWhichAllIsEvictedMayComeBackWithAsMany() {
        BucketTable<BucketKey> table = table(16, 10);
        take(table, ACME, 0, 10);
        now.addAndGet(A_MINUTE);
        take(table, GLOBEX, 0, 10);
        assertThat(table.size()).as("all of acme's were evicted").isEqualTo(10);

        take(table, ACME, 0, 6);
        assertThat(table.size()).isEqualTo(16);
        now.addAndGet(A_MINUTE);
        take(table, ACME, 6, 10);
        take(table, ACME, 0, 10);
        assertNoRoom(table, ACME.withSubject("another"));
    }

    @Test
    void aNewcomerIsAdmittedAtTheVeryTimeAtWhichThereIsRoom() {
        BucketTable<BucketKey> table = table(3, 3);
        for (int permits = 2; permits <= 4; permits++) {
            table.open(ACME.withSubject("u" + permits), TEN_A_MINUTE).take(permits, now::get);
        }

        assertNoRoom(table, GLOBEX);
        now.addAndGet(2 * A_MINUTE / 10 - 1);
        assertNoRoom(table, GLOBEX);
        now.addAndGet(1);
        take(table, GLOBEX, 0, 1);
    }

    @Test
    void whereNoneCanBeEvictedNobodyLooksAgainBeforeOneCan() {
        BucketTable<BucketKey> table = table(1_000, 1_000);
        take(table, ACME, 0, 1_000);

        assertNoRoom(table, GLOBEX);
        assertThat(timesAsked.getAndSet(0)).isGreaterThanOrEqualTo(1_000);
        for (int i = 0; i < 10; i++) {
            assertNoRoom(table, GLOBEX);
        }
        assertThat(timesAsked.getAndSet(0)).isLessThan(100);
        now.addAndGet(A_MINUTE / 10);
        table.open(GLOBEX, TEN_A_MINUTE);
        assertThat(timesAsked.get()).as("sixteen are found soon").isLessThan(100);
    }

    @Test
    void whatIsGivenBackMakesRoomInASecond() {
        InMemoryBucketStore store =
                InMemoryBucketStore.builder().maxTenants(1).nanoTime(now::get).build();
        RateLimits limits = RateLimits.parse("1/1d");
        Acquisition taken = store.acquire(ACME, limits, 1);
        assertThatThrownBy(() -> store.acquire(GLOBEX, limits, 1)).hasMessageContaining("no room");
        store.giveBack(taken);
        now.addAndGet(Duration.ofSeconds(1).toNanos());

        assertThat(store.acquire(GLOBEX, limits, 1).isGranted()).isTrue();
    }

    @Test
    void aDebtorOfAYearStaysAndTheOtherMakesRoom() {
        BucketTable<BucketKey> table = table(2, 2);
        RateLimit once = RateLimit.parse("1/366d");
        table.open(ACME.withSubject("slow"), List.of(once)).take(1, now::get);
        take(table, ACME, 0, 1);

        assertNoRoom(table, GLOBEX);
        now.addAndGet(A_MINUTE);
        take(table, GLOBEX, 0, 1);
        assertThat(table.get(ACME.withSubject("slow"))).isNotNull();
        assertThat(table.get(ACME.withSubject("u0"))).isNull();
    }

    private BucketTable<BucketKey> table(int most, int mostOfOne) {
        return new BucketTable<>(BucketKey::tenant, most, mostOfOne, () -> {
            timesAsked.incrementAndGet();
            return now.get();
        });
    }

    private void take(BucketTable<BucketKey> table, BucketKey tenant, int from, int to) {
        for (int subject = from; subject < to; subject++) {
            assertThat(table.open(tenant.withSubject("u" + subject), TEN_A_MINUTE)
                            .take(1, now::get))
                    .isZero();
        }
        timesAsked.set(0);
    }

    private static void assertNoRoom(BucketTable<BucketKey> table, BucketKey newcomer) {
        assertThatThrownBy(() -> table.open(newcomer, TEN_A_MINUTE))
                .isInstanceOf(UnavailableException.class)
                .hasMessageContaining("no room");
    }
}
