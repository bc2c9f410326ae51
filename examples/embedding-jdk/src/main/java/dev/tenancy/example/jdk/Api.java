package dev.tenancy.example.jdk;

import com.sun.net.httpserver.HttpExchange;
import dev.tenancy.Admitted;
import dev.tenancy.Problem;
import dev.tenancy.example.notes.Json;
import dev.tenancy.example.notes.NotesApp;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The application over HTTP. */
record Api(NotesApp app) {
    private static final String NOTE = "GET /notes/";

    CompletionStage<HttpExchange> handle(HttpExchange exchange, Admitted admitted) throws Exception {
        String call =
                exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath();
        return switch (call) {
            case "GET /notes" -> done(send(exchange, 200, app.list()));
            case "POST /notes" -> done(send(exchange, 201, app.add(Json.readDraft(exchange.getRequestBody()))));
            case "GET /slow-notes" -> app.listSlowly().thenApply(notes -> send(exchange, 200, notes));
            case "GET /stream" -> stream(exchange, admitted);
            case "GET /spent" -> done(send(exchange, 200, app.spent()));
            default ->
                done(
                        call.startsWith(NOTE)
                                ? send(exchange, 200, app.require(Json.readId(call.substring(NOTE.length()))))
                                : Gate.answer(exchange, Problem.notFound()));
        };
    }

    private CompletionStage<HttpExchange> stream(HttpExchange exchange, Admitted admitted) throws IOException {
        String query = exchange.getRequestURI().getRawQuery();
        long notes = query == null ? 1 : Json.readId(query.replaceFirst("notes=", ""));
        exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=utf-8");
        exchange.sendResponseHeaders(200, 0);
        OutputStream out = exchange.getResponseBody();
        return app.follow(admitted, notes, line -> {
                    out.write(line);
                    out.flush();
                })
                .thenApply(over -> exchange);
    }

    private static HttpExchange send(HttpExchange exchange, int status, Object body) {
        try {
            exchange.getResponseHeaders().set("Content-Type", Json.MEDIA_TYPE);
            Gate.send(exchange, status, Json.write(body));
            return exchange;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static CompletionStage<HttpExchange> done(HttpExchange exchange) {
        return CompletableFuture.completedFuture(exchange);
    }
}
