package dev.tenancy.resource;

import dev.tenancy.TenantContext;
import dev.tenancy.TenantIdentity;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Closes resources, each once, in the context of whom it was made for. Throws nothing: whoever happens to cause it has
 * nothing to do with it.
 *
 * @param <T> the resource
 */
final class Disposal<T> {
    private static final Logger LOG = LoggerFactory.getLogger(TenantResources.class);

    private final ResourceCloser<? super T> closer;
    private final Executor executor;

    Disposal(ResourceCloser<? super T> closer, Executor executor) {
        this.closer = closer;
        this.executor = executor;
    }

    /** Closes the resource of a slot, if it has one. */
    void close(Slot<T> slot) {
        T resource = slot.resource;
        if (resource == null) {
            return;
        }
        Runnable task = () -> {
            if (slot.isMineToClose()) {
                close(slot.identity, resource);
            }
        };
        try {
            executor.execute(task);
        } catch (Throwable refused) {
            LOG.warn("the executor does not close resources, so this thread does", refused);
            task.run();
        }
    }

    private void close(TenantIdentity identity, T resource) {
        try (TenantContext.Scope scope = TenantContext.open(identity)) {
            closeContained(identity, resource);
        } catch (IllegalStateException leftOpen) {
            LOG.error("closing a resource of tenant {} left a scope open", identity.tenantId(), leftOpen);
        }
    }

    private void closeContained(TenantIdentity identity, T resource) {
        try {
            closer.close(resource);
        } catch (Throwable failure) {
            if (failure instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
            LOG.error("a resource of tenant {} failed to close", identity.tenantId(), failure);
        }
    }
}
