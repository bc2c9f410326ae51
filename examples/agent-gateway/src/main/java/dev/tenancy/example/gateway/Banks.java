package dev.tenancy.example.gateway;

import dev.tenancy.Admitted;
import dev.tenancy.jdbc.jdbi.TenantScopedRepository;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import io.javalin.http.HttpStatus;
import java.util.Map;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.mapper.RowMapper;

/** Banks of texts, to find again what was retained: each tenant's in a schema of its own. */
final class Banks {
    private static final int MAX_NAME = 200;
    private static final int MAX_QUERY = 1_000;

    /** What has any of the words, the best first. */
    private static final String RECALL = """
            SELECT texts.* FROM bank_texts AS texts,
                (SELECT replace(plainto_tsquery('simple', :query)::text, '&', '|')::tsquery AS words) AS asked
            WHERE bank_id = :bank AND texts.words @@ asked.words
            ORDER BY ts_rank(texts.words, asked.words) DESC, id DESC LIMIT 50""";

    private static final RowMapper<Text> TEXT = (row, context) -> new Text(
            row.getLong("id"),
            row.getObject("bank_id", UUID.class),
            row.getString("text"),
            row.getTimestamp("retained_at").toInstant().toString(),
            row.getString("tenant_id"));

    private final BankSchemas schemas;
    private final Jdbi jdbi;
    private final AuditTrail audit;
    private final TenantScopedRepository<Bank> banks;
    private final TenantScopedRepository<Text> texts;

    /**
     * The banks of all tenants.
     *
     * @param jdbi whose connections are in the current tenant's schema
     * @param audit on the same
     */
    Banks(BankSchemas schemas, Jdbi jdbi, AuditTrail audit) {
        this.schemas = schemas;
        this.jdbi = jdbi;
        this.audit = audit;
        this.banks = TenantScopedRepository.of(
                jdbi,
                "banks",
                (row, context) ->
                        new Bank(row.getObject("id", UUID.class), row.getString("name"), row.getString("tenant_id")));
        this.texts = TenantScopedRepository.of(jdbi, "bank_texts", TEXT);
    }

    /** A bank. */
    record Bank(UUID id, String name, String tenantId) {}

    /** What a bank has retained. */
    record Text(long id, UUID bankId, String text, String retainedAt, String tenantId) {}

    void addTo(RoutesConfig routes, Gate gate) {
        routes.post("/banks", gate.to(withSchema(this::create)));
        routes.get("/banks", gate.to(withSchema((ctx, admitted) -> ctx.json(Page.of(banks.list())))));
        routes.post("/banks/{id}/retain", gate.to(withSchema(this::retain)));
        routes.post("/banks/{id}/recall", gate.to(withSchema(this::recall)));
    }

    /** Who has no schema has no banks. */
    private Gate.TenantHandler withSchema(Gate.TenantHandler handler) {
        return (ctx, admitted) -> {
            if (schemas.of(admitted.tenant().id()).isEmpty()) {
                throw new HttpResponseException(404, "banks");
            }
            handler.handle(ctx, admitted);
        };
    }

    private void create(Context ctx, Admitted admitted) {
        UUID id = UUID.randomUUID();
        String name = Body.of(ctx).text("name", MAX_NAME);
        Bank bank = audit.recorded("create", "/banks/" + id, () -> banks.insert(Map.of("id", id, "name", name)));
        ctx.status(HttpStatus.CREATED).json(bank);
    }

    private void retain(Context ctx, Admitted admitted) {
        UUID bank = Body.idInPath(ctx, "id");
        String text = Body.of(ctx).text("text", Body.MAX_TEXT);
        Text retained =
                audit.recorded("retain", "/banks/" + bank, () -> texts.insert(Map.of("bank_id", bank, "text", text)));
        ctx.status(HttpStatus.CREATED).json(retained);
    }

    private void recall(Context ctx, Admitted admitted) {
        UUID bank = Body.idInPath(ctx, "id");
        String query = Body.of(ctx).text("query", MAX_QUERY);
        banks.require(bank);
        ctx.json(Page.of(jdbi.withHandle(handle -> handle.createQuery(RECALL)
                .bind("query", query)
                .bind("bank", bank)
                .map(TEXT)
                .list())));
    }
}
