package dev.tenancy.example.gateway;

import dev.tenancy.Admitted;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.mapper.RowMapper;

/**
 * What agents remember, in layers: the tenant's own above that of the tenants which it may read. It writes its own
 * only. Which rows are seen is for the policies of the table to say; what is said here is their order.
 */
final class Memory {
    private static final int MOST_FOUND = 100;
    private static final int LONGEST_QUERY = 200;
    private static final Pattern PATH = Pattern.compile("[A-Za-z0-9._/-]{1,200}");

    private static final String OWN_FIRST =
            " ORDER BY tenant_id = tenancy.current_tenant() DESC, path, tenant_id LIMIT ";
    private static final String PUT =
            "INSERT INTO memories (path, text) VALUES (?, ?) ON CONFLICT ON CONSTRAINT memories_pkey"
                    + " DO UPDATE SET text = excluded.text, updated_at = now() RETURNING *";
    private static final String GET = "SELECT * FROM memories WHERE path = ?" + OWN_FIRST + 1;
    private static final String MATCHING = " FROM memories WHERE position(lower(?) IN lower(path || ' ' || text)) > 0";
    private static final String SEARCH = "SELECT *" + MATCHING + OWN_FIRST + MOST_FOUND;
    private static final String COUNT = "SELECT count(*)" + MATCHING;

    private static final RowMapper<Memo> MEMO = (row, context) -> new Memo(
            row.getString("path"),
            row.getString("text"),
            row.getTimestamp("updated_at").toInstant().toString(),
            row.getString("tenant_id"));

    private final Jdbi jdbi;
    private final AuditTrail audit;

    Memory(Jdbi jdbi, AuditTrail audit) {
        this.jdbi = jdbi;
        this.audit = audit;
    }

    /** Something that is remembered. */
    record Memo(String path, String text, String updatedAt, String tenantId) {}

    void addTo(RoutesConfig routes, Gate gate) {
        routes.put("/memory/<path>", gate.to(this::put));
        routes.get("/memory/<path>", gate.to(this::get));
        routes.get("/memory", gate.to(this::search));
    }

    private void put(Context ctx, Admitted admitted) {
        String path = path(ctx);
        String text = Body.of(ctx).text("text", Body.MAX_TEXT);
        ctx.json(audit.recorded(
                "update",
                "/memory/" + path,
                () -> jdbi.withHandle(handle -> handle.createQuery(PUT)
                        .bind(0, path)
                        .bind(1, text)
                        .map(MEMO)
                        .one())));
    }

    private void get(Context ctx, Admitted admitted) {
        String path = path(ctx);
        Memo memo = found(GET, path).stream().findFirst().orElseThrow(() -> new HttpResponseException(404, "memory"));
        recordForeign(List.of(memo), "/memory/" + path, admitted);
        ctx.json(memo);
    }

    private void search(Context ctx, Admitted admitted) {
        String query = Optional.ofNullable(ctx.queryParam("query")).orElse("");
        if (query.length() > LONGEST_QUERY || query.indexOf(0) >= 0) {
            throw new MalformedRequestException(
                    "query has more than " + LONGEST_QUERY + " characters, or a NUL character.");
        }
        List<Memo> memos = found(SEARCH, query);
        recordForeign(memos, "/memory", admitted);
        ctx.json(new Page<>(memos, count(query)));
    }

    private List<Memo> found(String sql, String text) {
        return jdbi.withHandle(
                handle -> handle.createQuery(sql).bind(0, text).map(MEMO).list());
    }

    private int count(String query) {
        return jdbi.withHandle(handle ->
                handle.createQuery(COUNT).bind(0, query).mapTo(Integer.class).one());
    }

    /** That a tenant has read what is another's stands in its own trail. */
    private void recordForeign(List<Memo> memos, String target, Admitted admitted) {
        String own = admitted.tenant().id().value();
        memos.stream()
                .map(Memo::tenantId)
                .filter(tenant -> !tenant.equals(own))
                .distinct()
                .forEach(tenant -> audit.recorded("read of " + tenant, target, () -> tenant));
    }

    private static String path(Context ctx) {
        String path = ctx.pathParam("path");
        if (!PATH.matcher(path).matches()) {
            throw new MalformedRequestException("path is not 1 to 200 letters, digits and . _ / -");
        }
        return path;
    }
}
