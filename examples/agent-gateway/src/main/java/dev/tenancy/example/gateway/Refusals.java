package dev.tenancy.example.gateway;

import dev.tenancy.Problem;
import dev.tenancy.Problems;
import dev.tenancy.TenancyListener;
import dev.tenancy.TenantCatalog;
import dev.tenancy.TenantContext;
import dev.tenancy.TenantId;
import dev.tenancy.TenantIdentity;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records refusals in the audit trail once a second: a flood of them must not become a flood of rows. Those of a tenant
 * that is gone, or going, are not: they would be what is left of it.
 */
final class Refusals implements TenancyListener, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Refusals.class);

    private final AuditTrail audit;
    private final TenantCatalog catalog;
    private final Work work;
    private final Map<Kind, Refused> pending = new ConcurrentHashMap<>();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "refusals");
        thread.setDaemon(true);
        return thread;
    });

    private final ScheduledFuture<?> writing;

    Refusals(AuditTrail audit, TenantCatalog catalog, Work work) {
        this.audit = audit;
        this.catalog = catalog;
        this.work = work;
        this.writing = timer.scheduleWithFixedDelay(this::write, 1, 1, TimeUnit.SECONDS);
    }

    private record Kind(TenantId tenant, String problem) {}

    private record Refused(TenantIdentity last, long times) {}

    @Override
    public void refused(TenantIdentity identity, Problem problem) {
        String type = problem.type().getPath();
        Kind kind = new Kind(identity.tenantId(), type.substring(type.lastIndexOf('/') + 1));
        pending.merge(kind, new Refused(identity, 1), (before, one) -> new Refused(identity, before.times + 1));
    }

    private void write() {
        for (Kind kind : List.copyOf(pending.keySet())) {
            Refused refused = pending.remove(kind);
            if (refused != null) {
                writeUnlessGoing(kind, refused);
            }
        }
    }

    private void writeUnlessGoing(Kind kind, Refused refused) {
        if (work.begin(kind.tenant)) {
            try {
                write(kind, refused);
            } finally {
                work.end(kind.tenant);
            }
        }
    }

    private void write(Kind kind, Refused refused) {
        try {
            if (catalog.find(kind.tenant).isPresent()) {
                TenantContext.run(refused.last, () -> audit.record("refused", kind.problem, refused.times));
            }
        } catch (RuntimeException failure) {
            if (Problems.of(failure).isEmpty()) {
                LOG.error("refusals cannot be recorded", failure);
                return;
            }
            pending.merge(kind, refused, (newer, older) -> new Refused(newer.last, newer.times + older.times));
            LOG.warn("refusals cannot be recorded now; they are kept", failure);
        }
    }

    /** Records what is pending. */
    @Override
    public void close() {
        writing.cancel(false);
        timer.shutdown();
        write();
    }
}
