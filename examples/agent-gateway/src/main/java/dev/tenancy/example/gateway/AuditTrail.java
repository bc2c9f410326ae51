package dev.tenancy.example.gateway;

import dev.tenancy.TenantContext;
import dev.tenancy.TenantId;
import dev.tenancy.TenantIdentity;
import dev.tenancy.jdbc.jdbi.TenantScopedRepository;
import io.javalin.config.RoutesConfig;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jspecify.annotations.Nullable;

/**
 * What happened to a tenant's data, for that tenant to read. Each tenant's records are numbered without a gap in the
 * order in which they were committed: who has seen all up to a number misses nothing by asking for what comes after it.
 */
final class AuditTrail {
    /** The counter's row is locked until the transaction ends, so it is counted last. */
    private static final String RECORD = """
            WITH counted AS (
                INSERT INTO audit_counters AS counter (last) VALUES (1)
                ON CONFLICT (tenant_id) DO UPDATE SET last = counter.last + 1
                RETURNING last)
            INSERT INTO audit_records (id, action, target, subject, times)
            SELECT last, :action, :target, :subject, :times FROM counted RETURNING *""";

    private static final String AFTER = "SELECT * FROM audit_records WHERE id > :id ORDER BY id LIMIT :most";
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
    private final BiConsumer<TenantId, Long> listener;

    /** A trail whose listener is told the tenant and number of every record, when it is committed. */
    AuditTrail(Jdbi jdbi, BiConsumer<TenantId, Long> listener) {
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
        Recorded<R> recorded = jdbi.inTransaction(handle -> new Recorded<>(work.get(), insert(action, target, 1)));
        tell(recorded.entry);
        return recorded.result;
    }

    private record Recorded<R>(R result, Entry entry) {}

    /** Records something that happened to the current tenant. */
    void record(String action, String target, long times) {
        tell(insert(action, target, times));
    }

    private void tell(Entry entry) {
        listener.accept(TenantContext.require().tenantId(), entry.id());
    }

    private Entry insert(String action, String target, long times) {
        TenantIdentity who = TenantContext.require();
        return jdbi.withHandle(handle -> handle.createQuery(RECORD)
                .bind("action", action)
                .bind("target", target)
                .bind("subject", who.subject().orElse(null))
                .bind("times", times)
                .map(ENTRY)
                .one());
    }

    /** The number of the current tenant's newest record, 0 if it has none. */
    long newest() {
        return jdbi.withHandle(handle -> handle.createQuery("SELECT last FROM audit_counters")
                .mapTo(Long.class)
                .findOne()
                .orElse(0L));
    }

    /** The current tenant's records after that of a number, oldest first. */
    List<Entry> after(long id, int most) {
        return jdbi.withHandle(handle -> handle.createQuery(AFTER)
                .bind("id", id)
                .bind("most", most)
                .map(ENTRY)
                .list());
    }

    private List<Entry> newestFirst() {
        return jdbi.withHandle(
                handle -> handle.createQuery(NEWEST_FIRST).map(ENTRY).list());
    }
}
