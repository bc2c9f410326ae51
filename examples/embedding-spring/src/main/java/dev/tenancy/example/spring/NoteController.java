package dev.tenancy.example.spring;

import dev.tenancy.example.notes.Feed;
import dev.tenancy.example.notes.Note;
import dev.tenancy.example.notes.NotesApp;
import dev.tenancy.ratelimit.Budgets;
import dev.tenancy.ratelimit.Reservation;
import dev.tenancy.servlet.TenancyFilter;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.ResponseBodyEmitter;

/** The application over HTTP. It knows nothing of tenants. */
@RestController
class NoteController {
    private final NoteService notes;
    private final Feed feed;
    private final Budgets budgets;

    NoteController(NoteService notes, Feed feed, Budgets budgets) {
        this.notes = notes;
        this.feed = feed;
        this.budgets = budgets;
    }

    @PostMapping("/notes")
    @ResponseStatus(HttpStatus.CREATED)
    Note add(@RequestBody Note.Draft draft) {
        Note note = notes.add(draft);
        feed.publish(note);
        return note;
    }

    @GetMapping("/notes")
    List<Note> list() {
        return notes.list();
    }

    @GetMapping("/notes/{id}")
    Note require(@PathVariable long id) {
        return notes.require(id);
    }

    @GetMapping("/slow-notes")
    CompletableFuture<List<Note>> listSlowly() {
        return notes.listSlowly();
    }

    @GetMapping("/stream")
    ResponseBodyEmitter stream(@RequestParam(defaultValue = "1") long notes, HttpServletRequest request)
            throws IOException {
        Reservation reservation = TenancyFilter.admitted(request)
                .flatMap(admitted -> admitted.attachment(Reservation.class))
                .orElseThrow();
        ResponseBodyEmitter emitter = new ResponseBodyEmitter();
        CompletionStage<Void> told = feed.follow(
                notes,
                reservation,
                line -> emitter.send(new String(line, StandardCharsets.UTF_8), MediaType.TEXT_PLAIN));
        told.thenRun(emitter::complete);
        return emitter;
    }

    @GetMapping("/spent")
    NotesApp.Spent spent() {
        Budgets.Usage usage = budgets.usage(TenancyConfiguration.BUDGET);
        return new NotesApp.Spent(usage.spent(), usage.reserved());
    }

    @GetMapping("/counted")
    long counted() {
        return notes.counted();
    }
}
