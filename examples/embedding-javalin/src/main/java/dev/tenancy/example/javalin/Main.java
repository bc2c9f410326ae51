package dev.tenancy.example.javalin;

import dev.tenancy.Admitted;
import dev.tenancy.example.notes.Json;
import dev.tenancy.example.notes.NotesApp;
import io.javalin.Javalin;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.eclipse.jetty.server.handler.GracefulHandler;

/** Notes behind Javalin. */
final class Main {
    private static final long STOP_MILLIS = 5_000;

    private Main() {}

    public static void main(String[] arguments) {
        Map<String, String> variables = System.getenv();
        NotesApp app = NotesApp.of(variables);
        Javalin server = Javalin.create(config -> {
            config.jetty.host = "127.0.0.1";
            config.jetty.port = Integer.parseInt(variables.getOrDefault("NOTES_PORT", "8080"));
            config.jetty.modifyServer(jetty -> {
                jetty.setStopTimeout(STOP_MILLIS);
                jetty.insertHandler(new GracefulHandler());
            });
            config.startup.showJavalinBanner = false;
            addTo(config.routes, new Gate(app.tenancy()), app);
        });
        server.start();
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            app.endStreams();
                            server.stop(); // waits for what is being answered
                            app.close();
                        },
                        "stop"));
        System.out.println("notes on port " + server.port());
    }

    private static void addTo(RoutesConfig routes, Gate gate, NotesApp app) {
        Gate.answerFailures(routes);
        routes.post("/notes", gate.to((ctx, admitted) -> {
            send(ctx.status(201), app.add(Json.readDraft(ctx.bodyInputStream())));
        }));
        routes.get("/notes", gate.to((ctx, admitted) -> send(ctx, app.list())));
        routes.get("/notes/{id}", gate.to((ctx, admitted) -> send(ctx, app.require(Json.readId(ctx.pathParam("id"))))));
        routes.get(
                "/slow-notes", gate.toAsync((ctx, admitted) -> app.listSlowly().thenApply(notes -> send(ctx, notes))));
        routes.get("/stream", gate.toAsync((ctx, admitted) -> stream(app, ctx, admitted)));
        routes.get("/spent", gate.to((ctx, admitted) -> send(ctx, app.spent())));
    }

    private static CompletionStage<Context> stream(NotesApp app, Context ctx, Admitted admitted) throws IOException {
        long notes = Json.readId(Optional.ofNullable(ctx.queryParam("notes")).orElse("1"));
        ctx.contentType("text/plain; charset=utf-8");
        OutputStream out = ctx.res().getOutputStream();
        return app.follow(admitted, notes, line -> {
                    out.write(line);
                    out.flush();
                })
                .thenApply(over -> ctx);
    }

    private static Context send(Context ctx, Object body) {
        return ctx.contentType(Json.MEDIA_TYPE).result(Json.write(body));
    }
}
