package dev.tenancy.example.gateway;

import dev.tenancy.jdbc.jdbi.TenantAssociation;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import java.util.UUID;
import java.util.function.BiConsumer;

/** What is attached to an agent: policies, or controls. */
final class Attachments {
    private final String path;
    private final AuditTrail audit;
    private final TenantAssociation<NamedThings.Thing> pairs;

    Attachments(String path, TenantAssociation<NamedThings.Thing> pairs, AuditTrail audit) {
        this.path = path;
        this.pairs = pairs;
        this.audit = audit;
    }

    void addTo(RoutesConfig routes, Gate gate) {
        routes.get(path, gate.to((ctx, admitted) -> ctx.json(Page.of(pairs.childrenOf(Body.idInPath(ctx, "id"))))));
        routes.put(path + "/{childId}", gate.to((ctx, admitted) -> change(ctx, "attach", pairs::associate)));
        routes.delete(path + "/{childId}", gate.to((ctx, admitted) -> change(ctx, "detach", pairs::dissociate)));
    }

    private void change(Context ctx, String action, BiConsumer<Object, Object> change) {
        UUID agent = Body.idInPath(ctx, "id");
        UUID child = Body.idInPath(ctx, "childId");
        audit.recorded(action, ctx.path(), () -> {
            change.accept(agent, child);
            return child;
        });
        ctx.status(HttpStatus.NO_CONTENT);
    }
}
