package dev.tenancy.example.gateway;

import dev.tenancy.Admitted;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import java.util.List;

/** Takes in work that is done in the background. */
final class Jobs {
    private static final int MAX_KIND = 100;

    private final JobRows jobs;
    private final JobQueue queue;

    Jobs(JobRows jobs, JobQueue queue) {
        this.jobs = jobs;
        this.queue = queue;
    }

    void addTo(RoutesConfig routes, Gate gate) {
        routes.post("/jobs", gate.to(this::create));
        routes.get("/jobs", gate.to((ctx, admitted) -> ctx.json(Page.of(jobs.list()))));
        routes.get("/jobs/{id}", gate.to((ctx, admitted) -> ctx.json(jobs.require(Body.idInPath(ctx, "id")))));
        routes.post("/jobs/{id}/cancel", gate.to((ctx, admitted) -> ctx.json(jobs.cancel(Body.idInPath(ctx, "id")))));
    }

    private void create(Context ctx, Admitted admitted) {
        Body body = Body.of(ctx);
        JobKind kind = JobKind.of(body.text("kind", MAX_KIND))
                .orElseThrow(
                        () -> new MalformedRequestException("kind is not one of " + List.of(JobKind.values()) + "."));
        Job job = queue.submit(id -> jobs.insert(id, kind, body.value("payload")));
        ctx.status(HttpStatus.CREATED).json(job);
    }
}
