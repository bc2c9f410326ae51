package dev.tenancy.catalog;

import dev.tenancy.Tenant;
import dev.tenancy.TenantCatalog;
import dev.tenancy.TenantContext;
import dev.tenancy.TenantId;
import dev.tenancy.TenantSnapshot;
import dev.tenancy.UnavailableException;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/** Asks a catalog, once at a time for each tenant, and remembers what it says. */
final class TenantLoads {
    private final TenantCatalog source;
    private final TenantMemory memory;
    private final ConcurrentMap<TenantId, Load> running = new ConcurrentHashMap<>();

    /** Whom this thread asks the source for. A source that asks this in turn could wait for itself, or in a circle. */
    @SuppressWarnings("ThreadLocalUsage") // one cache may be the source of another
    private final ThreadLocal<@Nullable TenantId> asking = new ThreadLocal<>();

    TenantLoads(TenantCatalog source, TenantMemory memory) {
        this.source = source;
        this.memory = memory;
    }

    /**
     * What the catalog says, asked now on this thread, or by another thread that is asking already.
     *
     * @throws UnavailableException if that fails
     */
    Optional<Tenant> load(TenantId id) {
        if (asking.get() != null) {
            throw new IllegalStateException("the source of a cached catalog asks that catalog for tenant " + id);
        }
        Load mine = new Load(new CompletableFuture<>());
        Load other = running.putIfAbsent(id, mine);
        if (other == null) {
            run(id, mine);
            return await(id, mine);
        }
        return await(id, other);
    }

    /** Forgets what is remembered of a tenant; what is being asked now will not be remembered. */
    void forget(TenantId id) {
        running.compute(id, (same, load) -> {
            memory.forget(id);
            return null;
        });
    }

    /** Forgets all; what is being asked now will not be remembered. */
    void forgetAll() {
        running.clear();
        memory.forgetAll();
    }

    private void run(TenantId id, Load load) {
        try {
            // Another thread may have been told between this one's look at the memory and its turn.
            Optional<Answer> remembered = memory.find(id);
            Answer answer = remembered.orElseGet(() -> ask(id));
            // What was remembered already is not put back: it may have been forgotten since.
            end(id, load, () -> {
                if (remembered.isEmpty()) {
                    memory.put(id, answer);
                }
            });
            load.answer.complete(answer.tenant());
        } catch (Throwable failure) { // also an error, or those who wait would wait for ever
            end(id, load, () -> {});
            load.answer.completeExceptionally(failure);
        }
    }

    /** In one step with {@link #forget}: what was forgotten meanwhile does not come back. */
    private void end(TenantId id, Load load, Runnable remembering) {
        running.computeIfPresent(id, (same, current) -> {
            if (!current.equals(load)) {
                return current;
            }
            remembering.run();
            return null;
        });
    }

    @SuppressWarnings("NullAway") // a catalog from outside may return null against its contract
    private Answer ask(TenantId id) {
        long askedAt = memory.now();
        Optional<Tenant> tenant;
        asking.set(id);
        try (TenantContext.Scope scope = TenantSnapshot.nobody().open()) {
            tenant = Objects.requireNonNull(source.find(id), "the catalog returned null");
        } finally {
            asking.remove();
        }
        if (tenant.isPresent() && !tenant.get().id().equals(id)) {
            throw new IllegalStateException(
                    "the catalog gave tenant " + tenant.get().id());
        }
        return new Answer(tenant, askedAt);
    }

    private static Optional<Tenant> await(TenantId id, Load load) {
        try {
            return load.answer.get();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new UnavailableException("interrupted while the catalog was asked for tenant " + id, interrupted);
        } catch (CancellationException cancelled) {
            throw new UnavailableException("the catalog was cancelled while it was asked for tenant " + id, cancelled);
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof Error error) {
                throw error;
            }
            throw new UnavailableException("the catalog cannot be asked for tenant " + id, failed.getCause());
        }
    }

    private record Load(CompletableFuture<Optional<Tenant>> answer) {}
}
