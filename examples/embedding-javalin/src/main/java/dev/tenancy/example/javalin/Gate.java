package dev.tenancy.example.javalin;

import dev.tenancy.Admitted;
import dev.tenancy.Problem;
import dev.tenancy.Problems;
import dev.tenancy.Tenancy;
import dev.tenancy.servlet.ServletTenantRequest;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import java.util.concurrent.CompletionStage;

// region adapter
/** Lets requests through to handlers as the library says: the whole adapter between it and Javalin. */
record Gate(Tenancy tenancy) {

    /** Handles a request of a proven tenant, whose context is open. */
    interface TenantHandler {
        void handle(Context ctx, Admitted admitted) throws Exception;
    }

    /** A handler that runs in the context of the request's tenant, or not at all. */
    Handler to(TenantHandler handler) {
        return ctx -> tenancy.handle(
                ServletTenantRequest.of(ctx.req()),
                admitted -> {
                    admitted.headers().forEach(ctx::header);
                    handler.handle(ctx, admitted);
                    return ctx;
                },
                problem -> answer(ctx, problem));
    }

    /** Handles a request of a proven tenant, whose context is open. The request is over when the stage ends. */
    interface AsyncTenantHandler {
        CompletionStage<Context> handle(Context ctx, Admitted admitted) throws Exception;
    }

    /** As {@link #to}, for a handler that returns before it is done. */
    Handler toAsync(AsyncTenantHandler handler) {
        return ctx -> ctx.future(() -> tenancy.handleAsync(
                ServletTenantRequest.of(ctx.req()),
                admitted -> {
                    admitted.headers().forEach(ctx::header);
                    return handler.handle(ctx, admitted);
                },
                problem -> answer(ctx, problem)));
    }

    static Context answer(Context ctx, Problem problem) {
        problem.sendTo(ctx::header, (status, body) -> ctx.status(status).result(body));
        return ctx;
    }

    /** What handlers throw that has no answer of its own. */
    static void answerFailures(RoutesConfig routes) {
        routes.exception(Exception.class, (failure, ctx) -> answer(ctx, Problems.answerTo(failure)));
    }
}
// endregion
