package dev.tenancy.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.benmanes.caffeine.cache.Cache;
import dev.tenancy.Tenant;
import dev.tenancy.TenantId;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** The one order of events in which something forgotten could come back, forced. */
class ForgettingRaceTest {
    private static final TenantId ACME = TenantId.of("acme");

    private volatile Runnable beforeForgetting = () -> {};
    private final AtomicReference<Runnable> onceRemembered = new AtomicReference<>(() -> {});
    private final TenantMemory memory = new TenantMemory(
            () -> {
                onceRemembered.getAndSet(() -> {}).run();
                return 0;
            },
            new TenantMemory.Kind(hooked(TenantMemory.Kind.of(10, 1).answers()), 1),
            TenantMemory.Kind.of(10, 1),
            0);
    private final TenantLoads loads = new TenantLoads(id -> Optional.of(Tenant.of(id)), memory);

    @Test
    void whatAQuestionFindsRememberedIsNotPutBackOnceAllIsForgotten() {
        Semaphore found = new Semaphore(0);
        Semaphore allIsForgotten = new Semaphore(0);
        AtomicReference<CompletableFuture<Optional<Tenant>>> question = new AtomicReference<>();
        loads.load(ACME);
        beforeForgetting = () -> {
            // The clock is read once the memory has been looked into.
            onceRemembered.set(() -> {
                found.release();
                allIsForgotten.acquireUninterruptibly();
            });
            question.set(CompletableFuture.supplyAsync(() -> loads.load(ACME), task -> new Thread(task).start()));
            found.acquireUninterruptibly();
        };

        loads.forgetAll();
        allIsForgotten.release();

        assertThat(question.get()).isNotNull().succeedsWithin(Duration.ofMinutes(1));
        assertThat(memory.find(ACME)).isEmpty();
    }

    @SuppressWarnings("unchecked") // it stands for a cache of the same answers
    private Cache<TenantId, Answer> hooked(Cache<TenantId, Answer> answers) {
        return (Cache<TenantId, Answer>) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {Cache.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("invalidateAll")) {
                        beforeForgetting.run();
                    }
                    return method.invoke(answers, arguments);
                });
    }
}
