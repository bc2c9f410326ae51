package dev.tenancy.example.jdk;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import dev.tenancy.Admitted;
import dev.tenancy.Problem;
import dev.tenancy.Problems;
import dev.tenancy.Tenancy;
import dev.tenancy.TenantRequest;
import java.io.Closeable;
import java.io.IOException;
import java.security.Principal;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

// region adapter
/** Lets requests through to handlers as the library says: the whole adapter between it and the server. */
record Gate(Tenancy tenancy) {
    private static final Logger LOG = LoggerFactory.getLogger(Gate.class);

    /** Handles a request of a proven tenant, whose context is open. The answer is sent when the stage ends. */
    interface TenantHandler {
        CompletionStage<HttpExchange> handle(HttpExchange exchange, Admitted admitted) throws Exception;
    }

    /** A handler that runs in the context of the request's tenant, or not at all. */
    HttpHandler to(TenantHandler handler) {
        return exchange -> {
            CompletionStage<HttpExchange> answered = tenancy.handleAsync(
                    request(exchange),
                    admitted -> {
                        admitted.headers().forEach(exchange.getResponseHeaders()::set);
                        return handler.handle(exchange, admitted);
                    },
                    problem -> answer(exchange, problem));
            answered.whenComplete((sent, failure) -> end(exchange, failure));
        };
    }

    private static TenantRequest request(HttpExchange exchange) {
        TenantRequest.Builder request = TenantRequest.builder()
                .method(exchange.getRequestMethod())
                .target(exchange.getRequestURI())
                .headers(exchange.getRequestHeaders());
        Optional.ofNullable(exchange.getPrincipal()).ifPresent(user -> request.attribute(Principal.class, user));
        return request.build();
    }

    static HttpExchange answer(HttpExchange exchange, Problem problem) throws IOException {
        problem.sendTo(exchange.getResponseHeaders()::set, (status, body) -> send(exchange, status, body));
        return exchange;
    }

    static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
        boolean bodiless = exchange.getRequestMethod().equals("HEAD");
        exchange.sendResponseHeaders(status, bodiless ? -1 : body.length);
        exchange.getResponseBody().write(bodiless ? new byte[0] : body);
    }

    /** What has begun to be answered cannot be answered otherwise. */
    private static void end(HttpExchange exchange, @Nullable Throwable failure) {
        try (Closeable closing = exchange::close) {
            if (failure != null) {
                Problem problem = Problems.answerTo(failure);
                if (exchange.getResponseCode() == -1) {
                    answer(exchange, problem);
                }
            }
        } catch (IOException gone) {
            LOG.debug("the client has gone away", gone);
        }
    }
}
// endregion
