package dev.tenancy.example.gateway;

import dev.tenancy.TenantContext;
import dev.tenancy.TenantIdentity;
import dev.tenancy.jdbc.jdbi.TenantScopedRepository;
import io.javalin.config.RoutesConfig;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jspecify.annotations.Nullable;

/** What happened to a tenant's data, for that tenant to read. */
final class AuditTrail {
    private static final String NEWEST_FIRST = "SELECT * FROM audit_records ORDER BY id DESC LIMIT 500";

    private static final RowMapper<Entry> ENTRY = (row, context) -> new Entry(
            row.getLong("id"),
            row.getTimestamp("at").toInstant().toString(),
            row.getString("action"),
            row.getString("target"),
            row.getString("subject"),
            row.getLong("times"),
            row.getString("tenant_id"));

    private final Jdbi jdbi;
    private final TenantScopedRepository<Entry> entries;
    private final Consumer<Entry> listener;

    /** A trail whose listener is told of every write, in its tenant's context, when it is committed. */
    AuditTrail(Jdbi jdbi, Consumer<Entry> listener) {
        this.jdbi = jdbi;
        this.listener = listener;
        this.entries = TenantScopedRepository.of(jdbi, "audit_records", ENTRY);
    }

    /** One thing that happened, or the same thing several times. */
    record Entry(
            long id,
            String at,
            String action,
            String target,
            @Nullable String subject,
            long times,
            String tenantId) {}

    void addTo(RoutesConfig routes, Gate gate) {
        routes.get(
                "/audit",
                gate.to((ctx, admitted) -> ctx.json(new Page<>(newestFirst(), Math.toIntExact(entries.count())))));
    }

    /** Does {@code work} and records it: both or neither are stored. */
    <R> R recorded(String action, String target, Supplier<R> work) {
        Recorded<R> recorded = jdbi.inTransaction(handle -> new Recorded<>(work.get(), record(action, target, 1)));
        listener.accept(recorded.entry);
        return recorded.result;
    }

    private record Recorded<R>(R result, Entry entry) {}

    /** Records something that happened to the current tenant. */
    Entry record(String action, String target, long times) {
        TenantIdentity who = TenantContext.require();
        Map<String, @Nullable Object> values = new HashMap<>();
        values.put("action", action);
        values.put("target", target);
        values.put("subject", who.subject().orElse(null));
        values.put("times", times);
        return entries.insert(values);
    }

    private List<Entry> newestFirst() {
        return jdbi.withHandle(
                handle -> handle.createQuery(NEWEST_FIRST).map(ENTRY).list());
    }
}
