package dev.tenancy.example.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tenancy.Admitted;
import dev.tenancy.jdbc.jdbi.TenantScopedRepository;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jspecify.annotations.Nullable;

/** Sessions of agents, with what was recorded in them: traces and feedback. */
final class Sessions {
    private static final String RECORDS = "SELECT * FROM session_records WHERE session_id = ? AND kind = ? ORDER BY id";

    private static final RowMapper<Entry> ENTRY = (row, context) -> new Entry(
            row.getLong("id"),
            row.getObject("session_id", UUID.class),
            Json.tree(row.getString("data")),
            instant(row),
            row.getString("tenant_id"));

    private final Jdbi jdbi;
    private final AuditTrail audit;
    private final TenantScopedRepository<Session> sessions;
    private final TenantScopedRepository<Entry> entries;

    Sessions(Jdbi jdbi, AuditTrail audit) {
        this.jdbi = jdbi;
        this.audit = audit;
        this.sessions = TenantScopedRepository.of(
                jdbi,
                "sessions",
                (row, context) -> new Session(
                        row.getObject("id", UUID.class),
                        row.getObject("agent_id", UUID.class),
                        instant(row),
                        row.getString("tenant_id")));
        this.entries = TenantScopedRepository.of(jdbi, "session_records", ENTRY);
    }

    /** A session. */
    record Session(UUID id, @Nullable UUID agentId, String createdAt, String tenantId) {}

    /** A trace, or feedback. */
    record Entry(long id, UUID sessionId, JsonNode data, String createdAt, String tenantId) {}

    void addTo(RoutesConfig routes, Gate gate) {
        routes.post("/sessions", gate.to(this::create));
        routes.get("/sessions", gate.to((ctx, admitted) -> ctx.json(Page.of(sessions.list()))));
        routes.get("/sessions/{id}", gate.to((ctx, admitted) -> ctx.json(require(Body.idInPath(ctx, "id")))));
        for (String kind : List.of("traces", "feedback")) {
            routes.post("/sessions/{id}/" + kind, gate.to((ctx, admitted) -> add(ctx, kind)));
            routes.get("/sessions/{id}/" + kind, gate.to((ctx, admitted) -> list(ctx, kind)));
        }
    }

    /** The current tenant's session of this id, or 404. */
    Session require(UUID id) {
        return sessions.require(id);
    }

    private void create(Context ctx, Admitted admitted) {
        UUID id = UUID.randomUUID();
        Map<String, @Nullable Object> values = new HashMap<>();
        values.put("id", id);
        values.put("agent_id", Body.of(ctx).optionalId("agentId").orElse(null));
        Session session = audit.recorded("create", "/sessions/" + id, () -> sessions.insert(values));
        ctx.status(HttpStatus.CREATED).json(session);
    }

    private void add(Context ctx, String kind) {
        UUID session = Body.idInPath(ctx, "id");
        Map<String, Object> values =
                Map.of("session_id", session, "kind", kind, "data", Body.of(ctx).asText());
        Entry entry = audit.recorded("create", ctx.path(), () -> entries.insert(values));
        ctx.status(HttpStatus.CREATED).json(entry);
    }

    private void list(Context ctx, String kind) {
        UUID session = require(Body.idInPath(ctx, "id")).id();
        ctx.json(Page.of(jdbi.withHandle(handle -> handle.createQuery(RECORDS)
                .bind(0, session)
                .bind(1, kind)
                .map(ENTRY)
                .list())));
    }

    private static String instant(ResultSet row) throws SQLException {
        return row.getTimestamp("created_at").toInstant().toString();
    }
}
