package dev.tenancy.micrometer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.tenancy.CapturedLog;
import dev.tenancy.TenantContext;
import dev.tenancy.TenantId;
import dev.tenancy.TenantIdentity;
import io.micrometer.context.ContextExecutorService;
import io.micrometer.context.ContextRegistry;
import io.micrometer.context.ContextSnapshot;
import io.micrometer.context.ContextSnapshotFactory;
import java.lang.reflect.Field;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.MDC;

class TenantContextAccessorTest {
    private static final TenantIdentity A = TenantIdentity.of(TenantId.of("tenant-a"), "test");
    private static final TenantIdentity B = TenantIdentity.of(TenantId.of("tenant-b"), "test");
    private static final TenantIdentity C = TenantIdentity.of(TenantId.of("tenant-c"), "test");

    private final TenantContextAccessor accessor = new TenantContextAccessor();
    private final ContextRegistry registry = new ContextRegistry().registerThreadLocalAccessor(accessor);
    private final ContextSnapshotFactory snapshots = ContextSnapshotFactory.builder()
            .contextRegistry(registry)
            .clearMissing(false)
            .build();
    private final ExecutorService pool = Executors.newSingleThreadExecutor();
    private final CapturedLog log = CapturedLog.of(TenantContextAccessor.class.getName());

    @AfterEach
    void bothThreadsAreClean() throws Exception {
        log.close();
        assertNobody();
        pool.submit(TenantContextAccessorTest::assertNobody).get();
        pool.shutdownNow();
    }

    private static void assertNobody() {
        assertThat(TenantContext.current()).isEmpty();
        assertThat(MDC.get(TenantContext.MDC_KEY)).isNull();
        assertThat(kept()).as("what the thread keeps").isNull();
    }

    /** An empty scope left on a thread looks like none, and would keep others alive. */
    static @Nullable Object kept() {
        try {
            Field innermost = Position.class.getDeclaredField("INNERMOST");
            innermost.setAccessible(true);
            return ((ThreadLocal<?>) innermost.get(null)).get();
        } catch (ReflectiveOperationException renamed) {
            throw new LinkageError("INNERMOST", renamed);
        }
    }

    @Test
    void aSnapshotCarriesTheTenantToAnotherThread() throws Exception {
        ContextSnapshot ofA = TenantContext.call(A, () -> snapshots.captureAll());

        Callable<String> task = ofA.wrap(() -> {
            assertThat(TenantContext.require()).isSameAs(A);
            return MDC.get(TenantContext.MDC_KEY);
        });

        assertThat(pool.submit(task).get()).isEqualTo("tenant-a");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void workOfNobodyRunsForNobodyEvenOnABusyThread(boolean clearMissing) throws Exception {
        ContextSnapshotFactory factory = ContextSnapshotFactory.builder()
                .contextRegistry(registry)
                .clearMissing(clearMissing)
                .build();
        Callable<Optional<TenantIdentity>> ofNobody = factory.captureAll().wrap(TenantContext::current);

        try (TenantContext.Scope busy = TenantContext.open(A)) {
            assertThat(ofNobody.call()).isEmpty();
            assertThat(TenantContext.require()).isSameAs(A);
        }
    }

    @Test
    void anExecutorTakesTheTenantOfWhoeverHandsItATask() throws Exception {
        ExecutorService executor = ContextExecutorService.wrap(pool, () -> snapshots.captureAll());

        assertThat(TenantContext.call(A, () -> executor.submit(TenantContext::current))
                        .get())
                .contains(A);
        assertThat(TenantContext.call(B, () -> executor.submit(TenantContext::current))
                        .get())
                .contains(B);
        assertThat(executor.submit(TenantContext::current).get()).isEmpty();
    }

    @Test
    void workAsTheSystemStaysThat() throws Exception {
        ContextSnapshot ofSystem = TenantContext.callAsSystem("a test", () -> snapshots.captureAll());
        Callable<Optional<String>> reason = ofSystem.wrap(TenantContext::systemReason);

        assertThat(pool.submit(reason).get()).contains("a test");
        assertThat(pool.submit(TenantContext::systemReason).get()).isEmpty();
        assertThat(TenantContext.call(A, reason::call)).contains("a test");
    }

    @Test
    void snapshotsNest() {
        ContextSnapshot ofA = TenantContext.call(A, () -> snapshots.captureAll());
        ContextSnapshot ofB = TenantContext.call(B, () -> snapshots.captureAll());

        try (TenantContext.Scope own = TenantContext.open(C)) {
            ofA.wrap((Runnable) () -> {
                        assertThat(TenantContext.require()).isSameAs(A);
                        ofB.wrap((Runnable) () ->
                                        assertThat(TenantContext.require()).isSameAs(B))
                                .run();
                        TenantContext.run(
                                C,
                                () -> ofA.wrap((Runnable) () -> assertThat(TenantContext.require())
                                                .isSameAs(A))
                                        .run());
                        assertThat(TenantContext.require()).isSameAs(A);
                        assertThat(MDC.get(TenantContext.MDC_KEY)).isEqualTo("tenant-a");
                    })
                    .run();
            assertThat(TenantContext.require()).isSameAs(C);
        } // is an error if a scope inside it were still open
        assertThat(log.messages()).isEmpty();
    }

    @Test
    void aFailureLeavesTheThreadClean() {
        ContextSnapshot ofA = TenantContext.call(A, () -> snapshots.captureAll());
        Runnable failing = ofA.wrap((Runnable) () -> {
            throw new IllegalArgumentException("expected");
        });

        assertThat(CompletableFuture.runAsync(failing, pool)
                        .handle((none, failure) -> failure.getCause())
                        .join())
                .hasMessage("expected");
    }

    @Test
    void anOuterScopeThatEndsFirstEndsTheInnerOnesAndTheseBringNothingBack() {
        ContextSnapshot.Scope outer = begin(A);
        ContextSnapshot.Scope inner = begin(B);
        ContextSnapshot.Scope innermost = begin(C);

        outer.close();
        assertNobody();
        innermost.close();
        inner.close();

        assertNobody();
        assertThat(log.messages()).isEmpty();
    }

    @Test
    void endingLateTakesNothingFromScopesThatCameMeanwhile() {
        ContextSnapshot.Scope outer = begin(A);
        ContextSnapshot.Scope inner = begin(B);
        ContextSnapshot.Scope innermost = begin(A);
        outer.close();

        try (ContextSnapshot.Scope later = begin(C)) {
            inner.close();
            innermost.close();
            assertThat(TenantContext.require()).isSameAs(C);
        }
    }

    @Test
    void aScopeInsideAnotherLeavesOnlyThatOne() {
        try (ContextSnapshot.Scope ofA = begin(A)) {
            Object kept = kept();
            begin(B).close();
            assertThat(kept()).isSameAs(kept);
            assertThat(kept).isNotNull();
        }
    }

    @Test
    void aScopeThatNobodyEndsGoesWithTheOneAroundIt() {
        try (TenantContext.Scope own = TenantContext.open(C)) {
            try (ContextSnapshot.Scope around = begin(A)) {
                begin(B);
                assertThat(TenantContext.require()).isSameAs(B);
            }
            assertThat(TenantContext.require()).isSameAs(C);
        }
    }

    @Test
    void endingTwiceTakesNothingFromLaterScopes() {
        ContextSnapshot.Scope ofA = begin(A);
        ofA.close();

        try (ContextSnapshot.Scope ofB = begin(B)) {
            ofA.close();
            assertThat(TenantContext.require()).isSameAs(B);
        }
    }

    @Test
    void endingOnAnotherThreadBringsNothingThereAndTakesNothing() throws Exception {
        ContextSnapshot.Scope outer = begin(A);
        ContextSnapshot.Scope inner = begin(B);

        pool.submit(inner::close).get();
        pool.submit(TenantContextAccessorTest::assertNobody).get();
        try (ContextSnapshot.Scope there =
                CompletableFuture.supplyAsync(() -> begin(C), pool).join()) {
            pool.submit(inner::close).get();
            assertThat(pool.submit(TenantContext::current).get()).contains(C);
            pool.submit(there::close).get();
        }

        assertThat(TenantContext.require()).isSameAs(B);
        inner.close();
        assertThat(TenantContext.require()).isSameAs(A);
        outer.close();
    }

    @Test
    void aTenantScopeLeftOpenInsideIsEndedAndReported() {
        ContextSnapshot.Scope ofA = begin(A);
        TenantContext.Scope leftOpen = TenantContext.open(B);

        ofA.close();

        assertNobody();
        assertThat(log.messages()).singleElement().asString().contains("left open");
        leftOpen.close();
        assertNobody();
    }

    @Test
    void aTenantScopeThatEndsEarlyTakesTheContextScopeInsideItAlong() {
        TenantContext.Scope own = TenantContext.open(C);
        ContextSnapshot.Scope ofA = begin(A);

        assertThat(catchThrowable(own::close)).isInstanceOf(IllegalStateException.class);
        assertThat(TenantContext.current()).isEmpty();
        assertThat(MDC.get(TenantContext.MDC_KEY)).isNull();
        ofA.close();

        assertNobody();
    }

    @Test
    void whatIsMissingIsSetToNobodyIfSoAskedAndComesBack() {
        try (TenantContext.Scope own = TenantContext.open(A)) {
            CarriedTenant before = accessor.getValue();
            accessor.setValue();
            assertThat(TenantContext.current()).isEmpty();
            accessor.restore(before);
            assertThat(TenantContext.require()).isSameAs(A);
        }
    }

    @Test
    void restoringToNothingEndsAllThatWasCarriedHere() {
        try (TenantContext.Scope own = TenantContext.open(A)) {
            accessor.setValue(CarriedTenant.of(B));
            accessor.setValue(CarriedTenant.of(C));
            accessor.restore();
            assertThat(TenantContext.require()).isSameAs(A);
        }
    }

    @Test
    void restoringToWhatNoThreadHadChangesNothing() {
        try (TenantContext.Scope own = TenantContext.open(A)) {
            accessor.restore(CarriedTenant.of(B));
            assertThat(TenantContext.require()).isSameAs(A);
        }
    }

    @Test
    void aCarriedTenantSaysWhoItIsAndNoMore() {
        TenantIdentity secretive = TenantIdentity.builder(TenantId.of("acme"), "test")
                .attributes(Map.of("claim", "secret"))
                .build();

        assertThat(CarriedTenant.of(secretive).snapshot().identity()).containsSame(secretive);
        assertThat(CarriedTenant.of(secretive).toString()).contains("acme").doesNotContain("secret");
        assertThat(accessor.getValue()).hasToString("CarriedTenant[nobody]");
        assertThat(accessor.key()).isEqualTo("dev.tenancy");
    }

    /** Begins a context scope on this thread. */
    private ContextSnapshot.Scope begin(TenantIdentity identity) {
        return TenantContext.call(identity, () -> snapshots.captureAll()).setThreadLocals();
    }
}
