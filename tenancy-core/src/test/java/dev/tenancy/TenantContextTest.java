package dev.tenancy;

import static dev.tenancy.Identities.A;
import static dev.tenancy.Identities.B;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;

class TenantContextTest {
    private final ExecutorService pool = Executors.newSingleThreadExecutor();

    @AfterEach
    void thisThreadIsClean() {
        pool.shutdownNow();
        assertThat(TenantContext.current()).isEmpty();
        assertThat(MDC.get(TenantContext.MDC_KEY)).isNull();
    }

    @Test
    void withoutAScopeThereIsNobody() {
        assertThat(TenantContext.current()).isEmpty();
        assertThatThrownBy(TenantContext::require)
                .isInstanceOfSatisfying(
                        NoTenantException.class,
                        none -> assertThat(none.problem().status()).isEqualTo(500))
                .hasMessageContaining("TenantContext.open");
    }

    @Test
    void scopesNest() {
        try (TenantContext.Scope outer = TenantContext.open(A)) {
            try (TenantContext.Scope inner = TenantContext.open(B)) {
                assertThat(TenantContext.require()).isSameAs(B);
                assertThat(MDC.get("tenant_id")).isEqualTo("tenant-b");
            }
            assertThat(TenantContext.require()).isSameAs(A);
            assertThat(MDC.get("tenant_id")).isEqualTo("tenant-a");
        }
    }

    @Test
    void whatTheHostHadInItsLogContextComesBack() {
        MDC.put("tenant_id", "of the host");
        TenantContext.run(A, () -> assertThat(MDC.get("tenant_id")).isEqualTo("tenant-a"));

        assertThat(MDC.get("tenant_id")).isEqualTo("of the host");
        MDC.remove("tenant_id");
    }

    @Test
    void closingTwiceDoesNothing() {
        TenantContext.Scope outer = TenantContext.open(A);
        TenantContext.Scope inner = TenantContext.open(B);
        inner.close();
        inner.close();
        assertThat(TenantContext.require()).isSameAs(A);
        outer.close();
    }

    @Test
    void closingOutOfOrderIsAnErrorThatNamesTheCulpritAndLeavesTheThreadClean() {
        TenantContext.Scope outer = TenantContext.open(A);
        TenantContext.Scope inner = TenantContext.open(B);

        assertThatThrownBy(outer::close)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("tenant-a")
                .cause()
                .satisfies(opened -> assertThat(opened.getStackTrace())
                        .anyMatch(frame -> frame.getClassName().equals(TenantContextTest.class.getName())));

        assertThat(TenantContext.current()).isEmpty();
        inner.close();
        assertThat(TenantContext.current()).isEmpty();
    }

    @Test
    void closingOnAnotherThreadIsAnErrorAndLeavesBothThreadsClean() {
        TenantContext.Scope outer = TenantContext.open(A);
        TenantContext.Scope inner = TenantContext.open(B);

        CompletableFuture<Optional<TenantIdentity>> there = CompletableFuture.supplyAsync(
                () -> {
                    assertThatThrownBy(inner::close)
                            .isInstanceOf(IllegalStateException.class)
                            .hasMessageContaining("thread");
                    return TenantContext.current();
                },
                pool);

        assertThat(there.join()).isEmpty();
        inner.close();
        assertThat(MDC.get("tenant_id")).as("the scope that is left").isEqualTo("tenant-a");
        assertThat(TenantContext.require()).isSameAs(A);
        outer.close();
    }

    @Test
    void closingAnOuterScopeOnAnotherThreadEndsTheInnerOneToo() {
        TenantContext.Scope outer = TenantContext.open(A);
        TenantContext.Scope inner = TenantContext.open(B);

        CompletableFuture.runAsync(
                        () -> assertThatThrownBy(outer::close).isInstanceOf(IllegalStateException.class), pool)
                .join();

        assertThat(TenantContext.current()).isEmpty();
        inner.close();
        outer.close();
    }

    @Test
    void aScopeThatAnotherThreadClosedLeavesNothingBehindOnItsOwn() {
        try (TenantContext.Scope scope = TenantContext.open(A)) {
            CompletableFuture.runAsync(
                            () -> assertThatThrownBy(scope::close).isInstanceOf(IllegalStateException.class), pool)
                    .join();
        }

        assertThat(MDC.get("tenant_id"))
                .as("before anybody asks who is current")
                .isNull();
    }

    @Test
    void aFailureEndsTheScope() {
        assertThatThrownBy(() -> TenantContext.run(A, () -> {
                    throw new IOException("expected");
                }))
                .isInstanceOf(IOException.class);
    }

    @Test
    void callsReturnTheirResult() {
        assertThat(TenantContext.<String, RuntimeException>call(
                        A, () -> TenantContext.require().tenantId().value()))
                .isEqualTo("tenant-a");
    }

    @Test
    void anotherThreadInheritsNothing() throws Exception {
        try (TenantContext.Scope scope = TenantContext.open(A)) {
            Thread[] started = new Thread[1];
            CompletableFuture<Optional<TenantIdentity>> seen = new CompletableFuture<>();
            started[0] = new Thread(() -> seen.complete(TenantContext.current()));
            started[0].start();
            assertThat(seen.join()).isEmpty();
            started[0].join();
        }
    }

    @Test
    void wrappedWorkCarriesTheTenantAndLeavesTheThreadClean() throws Exception {
        Callable<Optional<TenantIdentity>> ofA = TenantContext.call(
                A, () -> TenantContext.wrap((Callable<Optional<TenantIdentity>>) TenantContext::current));

        assertThat(pool.submit(ofA).get()).contains(A);
        assertThat(pool.submit(TenantContext::current).get()).isEmpty();
    }

    @Test
    void workWrappedByNobodyRunsForNobodyEvenOnABusyThread() {
        CompletableFuture<Optional<TenantIdentity>> seen = new CompletableFuture<>();
        Runnable task = () -> seen.complete(TenantContext.current());
        Runnable ofNobody = TenantContext.wrap(task);

        TenantContext.run(A, ofNobody::run);

        assertThat(seen.join()).isEmpty();
    }

    @Test
    void aWrappedExecutorTakesTheTenantOfWhoeverHandsItATask() {
        Executor executor = TenantContext.wrap(pool);
        CompletableFuture<Optional<TenantIdentity>> ofB = new CompletableFuture<>();

        TenantContext.run(B, () -> executor.execute(() -> ofB.complete(TenantContext.current())));

        assertThat(ofB.join()).contains(B);
    }
}
