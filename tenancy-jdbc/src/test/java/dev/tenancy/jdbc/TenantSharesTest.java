package dev.tenancy.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenancy.TenantId;
import java.sql.SQLException;
import java.sql.SQLTransientException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** How many connections a tenant may hold, and what is remembered of those who hold none. */
class TenantSharesTest {
    private static final TenantId A = TenantId.of("tenant-a");
    private static final TenantId B = TenantId.of("tenant-b");
    private static final Duration LONG = Duration.ofMinutes(5);

    @Test
    void aTenantThatHoldsItsShareIsRefusedAndOthersAreNot() throws SQLException {
        TenantShares shares = new TenantShares(2, Duration.ZERO);
        shares.take(A);
        shares.take(A);

        assertThatThrownBy(() -> shares.take(A))
                .isInstanceOfSatisfying(
                        SQLTransientException.class,
                        failure -> assertThat(failure.getSQLState()).isEqualTo("53300"))
                .hasMessageContaining("2 connections");
        shares.take(B);
        shares.giveBack(A);
        shares.take(A);
    }

    @Test
    void whoWaitsIsServedWhenOneComesBack() throws Exception {
        TenantShares shares = new TenantShares(1, LONG);
        shares.take(A);
        FutureTask<String> waiter = new FutureTask<>(() -> {
            shares.take(A);
            return "served";
        });
        Thread thread = start(waiter);
        awaitWaiting(thread);

        shares.giveBack(A);

        assertThat(waiter.get()).isEqualTo("served");
    }

    @Test
    void whoIsInterruptedStopsWaitingAndTakesNothing() throws Exception {
        TenantShares shares = new TenantShares(1, LONG);
        shares.take(A);
        List<Boolean> interrupted = new ArrayList<>();
        FutureTask<String> waiter = new FutureTask<>(() -> {
            try {
                shares.take(A);
                return "served";
            } finally {
                interrupted.add(Thread.currentThread().isInterrupted());
            }
        });
        Thread thread = start(waiter);
        awaitWaiting(thread);
        thread.interrupt();

        assertThatThrownBy(waiter::get)
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOf(SQLTransientException.class)
                .hasMessageContaining("interrupted");
        assertThat(interrupted).containsExactly(true);
        assertThat(shares.tenants()).isOne();
        shares.giveBack(A);
        assertThat(shares.tenants()).isZero();
        shares.take(A);
    }

    @Test
    void nothingIsKeptOfTenantsThatHoldNone() throws SQLException {
        TenantShares shares = new TenantShares(2, Duration.ZERO);
        for (int i = 0; i < 100_000; i++) {
            TenantId tenant = TenantId.of("tenant-" + i);
            shares.take(tenant);
            shares.giveBack(tenant);
        }

        assertThat(shares.tenants()).isZero();
    }

    @Test
    void nothingIsKeptOfRefusals() throws SQLException {
        TenantShares shares = new TenantShares(1, Duration.ZERO);
        shares.take(A);
        for (int i = 0; i < 100; i++) {
            assertThatThrownBy(() -> shares.take(A)).isInstanceOf(SQLTransientException.class);
        }
        shares.giveBack(A);

        assertThat(shares.tenants()).isZero();
    }

    @Test
    void neverMoreThanTheShareIsHeldHoweverManyCome() throws Exception {
        TenantShares shares = new TenantShares(3, LONG);
        AtomicInteger held = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        CountDownLatch go = new CountDownLatch(1);
        List<FutureTask<String>> all = new ArrayList<>();
        for (int user = 0; user < 8; user++) {
            FutureTask<String> task = new FutureTask<>(() -> {
                go.await();
                for (int i = 0; i < 2_000; i++) {
                    shares.take(A);
                    most.accumulateAndGet(held.incrementAndGet(), Math::max);
                    held.decrementAndGet();
                    shares.giveBack(A);
                }
                return "done";
            });
            all.add(task);
            start(task);
        }
        go.countDown();
        for (FutureTask<String> task : all) {
            assertThat(task.get()).isEqualTo("done");
        }

        assertThat(most.get()).isBetween(1, 3);
        assertThat(shares.tenants()).isZero();
    }

    private static Thread start(FutureTask<?> task) {
        Thread thread = new Thread(task);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private static void awaitWaiting(Thread thread) {
        while (thread.getState() != Thread.State.TIMED_WAITING) {
            Thread.onSpinWait();
        }
    }
}
