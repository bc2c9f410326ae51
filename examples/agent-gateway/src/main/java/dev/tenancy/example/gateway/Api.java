package dev.tenancy.example.gateway;

import dev.tenancy.Problem;
import dev.tenancy.TenancyException;
import io.javalin.config.JavalinConfig;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import io.javalin.http.HttpResponseException;
import io.javalin.json.JavalinJackson;
import io.javalin.router.InternalRouter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.stream.Collectors;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How the server speaks HTTP: JSON, and problem details for everything that goes wrong. */
final class Api {
    private static final Logger LOG = LoggerFactory.getLogger(Api.class);
    private static final String LOOPBACK = "127.0.0.1";
    private static final long STOP_MILLIS = 5_000;

    private Api() {}

    static void configure(JavalinConfig config, int port) {
        config.jetty.host = LOOPBACK;
        config.jetty.port = port;
        config.startup.showJavalinBanner = false;
        config.startup.showOldJavalinVersionWarning = false;
        config.router.ignoreTrailingSlashes = false; // a path is where a credential may stand, or is not
        config.jsonMapper(new JavalinJackson(Json.MAPPER, false));
        config.jetty.modifyServer(server -> {
            server.setErrorHandler(new ProblemErrorHandler());
            server.setStopTimeout(STOP_MILLIS);
            server.insertHandler(new GracefulHandler());
        });
        config.requestLogger.http(RequestLog::answered);
        config.routes.before(ctx -> refuseDisguises(ctx, config.unsafe.internalRouter));
        answerFailures(config.routes);
    }

    /** The method that is routed must be the one that was sent, and one that a handler stands behind. */
    private static void refuseDisguises(Context ctx, InternalRouter router) {
        if (ctx.req().getHeader("X-HTTP-Method-Override") != null) {
            throw new MalformedRequestException("X-HTTP-Method-Override is not taken.");
        }
        if (ctx.req().getMethod().equals("HEAD")) {
            ctx.header("Allow", methodsOf(ctx.path(), router));
            throw new HttpResponseException(405, "HEAD");
        }
    }

    private static String methodsOf(String path, InternalRouter router) {
        return HandlerType.commonHttp().stream()
                .filter(method -> router.hasHttpHandlerEntry(method, path))
                .map(HandlerType::name)
                .collect(Collectors.joining(", "));
    }

    private static void answerFailures(RoutesConfig routes) {
        routes.exception(TenancyException.class, (refused, ctx) -> Gate.answer(ctx, refused.problem()));
        routes.exception(SQLException.class, (failure, ctx) -> {
            LOG.error("{} {} failed", ctx.method(), ctx.path(), failure);
            Gate.answer(ctx, Problem.unavailable());
        });
        routes.exception(HttpResponseException.class, (refused, ctx) -> Gate.answer(ctx, problemOf(refused)));
        routes.exception(Exception.class, (failure, ctx) -> {
            LOG.error("{} {} failed", ctx.method(), ctx.path(), failure);
            Gate.answer(ctx, Problem.internal());
        });
    }

    private static Problem problemOf(HttpResponseException refused) {
        return problemOf(refused.getStatus());
    }

    private static Problem problemOf(int status) {
        return switch (status) {
            case 404 -> Problem.notFound();
            case 500 -> Problem.internal();
            default -> Problem.of("http", Math.max(status, 400), "Refused", "The server does not take this request.");
        };
    }

    /** What is refused before Javalin sees it: a path that cannot be decoded, a header that is too large. */
    private static final class ProblemErrorHandler extends ErrorHandler {
        @Override
        protected void generateResponse(
                Request request, Response response, int code, String message, Throwable cause, Callback callback) {
            response.getHeaders().put(HttpHeader.CONTENT_TYPE, Problem.MEDIA_TYPE);
            byte[] body = problemOf(code).toJson().getBytes(StandardCharsets.UTF_8);
            response.write(true, ByteBuffer.wrap(body), callback);
        }
    }
}
