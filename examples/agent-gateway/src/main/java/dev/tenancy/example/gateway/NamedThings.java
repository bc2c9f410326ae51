package dev.tenancy.example.gateway;

import dev.tenancy.Admitted;
import dev.tenancy.jdbc.jdbi.TenantScopedRepository;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import java.util.Map;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;

/** Agents, policies or controls: things with a name. */
final class NamedThings {
    private static final int MAX_NAME = 200;

    private final String path;
    private final AuditTrail audit;
    private final TenantScopedRepository<Thing> rows;

    NamedThings(String table, Jdbi jdbi, AuditTrail audit) {
        this.path = "/" + table;
        this.audit = audit;
        this.rows = TenantScopedRepository.of(
                jdbi,
                table,
                (row, context) ->
                        new Thing(row.getObject("id", UUID.class), row.getString("name"), row.getString("tenant_id")));
    }

    /** One of them. */
    record Thing(UUID id, String name, String tenantId) {}

    /** The calls that attach {@code children} to these things, kept in a table of pairs. */
    Attachments attachments(NamedThings children, String pairTable, String childColumn) {
        return new Attachments(
                path + "/{id}" + children.path,
                rows.associationWith(children.rows, pairTable, "agent_id", childColumn),
                audit);
    }

    void addTo(RoutesConfig routes, Gate gate) {
        routes.post(path, gate.to(this::create));
        routes.get(path, gate.to((ctx, admitted) -> ctx.json(Page.of(rows.list()))));
        routes.get(path + "/{id}", gate.to((ctx, admitted) -> ctx.json(rows.require(Body.idInPath(ctx, "id")))));
        routes.patch(path + "/{id}", gate.to(this::rename));
        routes.delete(path + "/{id}", gate.to(this::delete));
    }

    private void create(Context ctx, Admitted admitted) {
        UUID id = UUID.randomUUID();
        String name = Body.of(ctx).text("name", MAX_NAME);
        Thing thing = audit.recorded("create", target(id), () -> rows.insert(Map.of("id", id, "name", name)));
        ctx.status(HttpStatus.CREATED).json(thing);
    }

    private void rename(Context ctx, Admitted admitted) {
        UUID id = Body.idInPath(ctx, "id");
        String name = Body.of(ctx).text("name", MAX_NAME);
        ctx.json(audit.recorded("update", target(id), () -> rows.update(id, Map.of("name", name))));
    }

    private void delete(Context ctx, Admitted admitted) {
        UUID id = Body.idInPath(ctx, "id");
        audit.recorded("delete", target(id), () -> {
            rows.delete(id);
            return id;
        });
        ctx.status(HttpStatus.NO_CONTENT);
    }

    private String target(UUID id) {
        return path + "/" + id;
    }
}
