package dev.tenancy.example.gateway;

import dev.tenancy.Problem;
import io.javalin.config.JavalinConfig;
import io.javalin.config.RoutesConfig;
import io.javalin.http.HttpResponseException;
import io.javalin.json.JavalinJackson;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How the server speaks HTTP: JSON, and problem details for everything that goes wrong. */
final class Api {
    private static final Logger LOG = LoggerFactory.getLogger(Api.class);
    private static final String LOOPBACK = "127.0.0.1";

    private Api() {}

    static void configure(JavalinConfig config, int port) {
        config.jetty.host = LOOPBACK;
        config.jetty.port = port;
        config.startup.showJavalinBanner = false;
        config.startup.showOldJavalinVersionWarning = false;
        config.jsonMapper(new JavalinJackson(Json.MAPPER, false));
        answerFailures(config.routes);
    }

    private static void answerFailures(RoutesConfig routes) {
        routes.exception(MalformedRequestException.class, (malformed, ctx) -> Gate.answer(ctx, malformed.problem()));
        routes.exception(HttpResponseException.class, (refused, ctx) -> Gate.answer(ctx, problemOf(refused)));
        routes.exception(Exception.class, (failure, ctx) -> {
            LOG.error("{} {} failed", ctx.method(), ctx.path(), failure);
            Gate.answer(ctx, Problem.of("internal", 500, "Internal error", "The request failed."));
        });
    }

    private static Problem problemOf(HttpResponseException refused) {
        return refused.getStatus() == 404
                ? Problem.notFound()
                : Problem.of(
                        "http",
                        Math.max(refused.getStatus(), 400),
                        "Refused",
                        "The server does not take this request.");
    }
}
