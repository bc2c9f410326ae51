package dev.tenancy.example.micronaut;

import dev.tenancy.Admitted;
import dev.tenancy.example.notes.Json;
import dev.tenancy.example.notes.NotesApp;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.Produces;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.http.annotation.Status;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.sql.SQLException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Sinks;

/** The application over HTTP. It knows nothing of tenants. */
@Controller
@ExecuteOn(TaskExecutors.BLOCKING)
final class NotesController {
    private final NotesApp app;

    NotesController(NotesApp app) {
        this.app = app;
    }

    @Post("/notes")
    @Status(HttpStatus.CREATED)
    byte[] add(@Body byte[] body) throws IOException, SQLException {
        return Json.write(app.add(Json.readDraft(new ByteArrayInputStream(body))));
    }

    @Get("/notes")
    byte[] list() throws SQLException {
        return Json.write(app.list());
    }

    @Get("/notes/{id}")
    byte[] require(String id) throws SQLException {
        return Json.write(app.require(Json.readId(id)));
    }

    @Get("/slow-notes")
    CompletableFuture<byte[]> listSlowly() {
        return app.listSlowly().thenApply(Json::write);
    }

    @Get("/spent")
    byte[] spent() {
        return Json.write(app.spent());
    }

    @Get("/stream")
    @Produces(MediaType.TEXT_PLAIN)
    Publisher<byte[]> stream(HttpRequest<?> request, @QueryValue(defaultValue = "1") long notes) throws IOException {
        Sinks.Many<byte[]> lines = Sinks.many().unicast().onBackpressureBuffer();
        Admitted admitted =
                request.getAttribute(TenancyFilter.ADMITTED, Admitted.class).orElseThrow();
        CompletableFuture<Void> told =
                app.follow(admitted, notes, line -> lines.tryEmitNext(line).orThrow());
        CompletionStage<Void> over = told;
        over.thenRun(() -> lines.tryEmitComplete().orThrow());
        return lines.asFlux().doOnCancel(() -> told.cancel(false));
    }
}
