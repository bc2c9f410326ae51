package dev.tenancy.example.spring;

import dev.tenancy.TenantContext;
import dev.tenancy.TenantId;
import dev.tenancy.TenantIdentity;
import dev.tenancy.example.notes.MalformedRequestException;
import dev.tenancy.example.notes.Note;
import dev.tenancy.jdbc.RowNotFoundException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Async;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** The notes in the database. Only scheduled work names tenants, since no request says whose it is. */
@Service
class NoteService {
    private static final long COUNT_MILLIS = 200;
    private static final List<TenantId> COUNTED = List.of(TenantId.of("acme"), TenantId.of("globex"));

    private final JdbcClient jdbc;
    private final Map<TenantId, Long> counted = new ConcurrentHashMap<>();

    NoteService(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    @Transactional
    Note add(Note.Draft draft) {
        long id = jdbc.sql("INSERT INTO notes (text) VALUES (?) RETURNING id")
                .param(draft.text())
                .query(Long.class)
                .single();
        if (draft.text().isBlank()) {
            throw new MalformedRequestException("A note is not blank.");
        }
        return new Note(id, draft.text());
    }

    List<Note> list() {
        return jdbc.sql("SELECT id, text FROM notes ORDER BY id")
                .query(Note.class)
                .list();
    }

    Note require(long id) {
        return jdbc.sql("SELECT id, text FROM notes WHERE id = ?")
                .param(id)
                .query(Note.class)
                .optional()
                .orElseThrow(() -> new RowNotFoundException("notes"));
    }

    @Async
    CompletableFuture<List<Note>> listSlowly() {
        return CompletableFuture.completedFuture(list());
    }

    @Scheduled(fixedDelay = COUNT_MILLIS)
    void count() {
        for (TenantId tenant : COUNTED) {
            TenantContext.run(
                    TenantIdentity.of(tenant, "scheduled"),
                    () -> counted.put(
                            tenant,
                            jdbc.sql("SELECT count(*) FROM notes")
                                    .query(Long.class)
                                    .single()));
        }
    }

    /** How many notes the current tenant had when they were last counted. */
    long counted() {
        return counted.getOrDefault(TenantContext.require().tenantId(), 0L);
    }
}
