package dev.tenancy.example.notes;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.tenancy.Admitted;
import dev.tenancy.Tenancy;
import dev.tenancy.TenancyConfig;
import dev.tenancy.TenantContext;
import dev.tenancy.TenantRequest;
import dev.tenancy.catalog.PropertiesTenantCatalog;
import dev.tenancy.jdbc.TenantDataSource;
import dev.tenancy.ratelimit.Budget;
import dev.tenancy.ratelimit.BudgetGuard;
import dev.tenancy.ratelimit.BudgetPlan;
import dev.tenancy.ratelimit.Budgets;
import dev.tenancy.ratelimit.Expense;
import dev.tenancy.ratelimit.InMemoryBudgetLedger;
import dev.tenancy.ratelimit.RateLimit;
import dev.tenancy.ratelimit.RateLimitGuard;
import dev.tenancy.ratelimit.Reservation;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** The application, which any server can be put in front of. */
public final class NotesApp implements AutoCloseable {
    private static final Budget BUDGET = Budget.parse("1000000/1d");
    /** Streams over HTTP, and over gRPC. */
    private static final Set<String> STREAMS = Set.of("/stream", "/notes.Notes/Follow");

    private static final long CONNECT_MILLIS = 1_000;
    private static final int WORKERS = 4;

    private final TenantDataSource source;
    private final Tenancy tenancy;
    private final Notes notes;
    private final Feed feed = new Feed();
    private final Budgets budgets = Budgets.in(InMemoryBudgetLedger.create());
    private final ExecutorService workers = TenantContext.wrap(Executors.newFixedThreadPool(WORKERS));

    private NotesApp(TenantDataSource source, TenancyConfig config, Path tenants) {
        this.source = source;
        this.notes = new Notes(source);
        this.tenancy = Tenancy.load(config)
                .catalog(PropertiesTenantCatalog.of(tenants))
                .guard(RateLimitGuard.builder()
                        .defaultLimit(RateLimit.parse("100000/1m"))
                        .build())
                .guard(BudgetGuard.of(budgets, NotesApp::expense).withDefault(BudgetPlan.of(BUDGET)))
                .build();
    }

    /**
     * {@return the application that environment variables describe}
     *
     * @param variables {@code NOTES_JDBC_URL} of the database, {@code NOTES_TENANTS}, the file of the catalog, and
     *     those of the library, {@code TENANCY_RESOLVERS} for example
     */
    public static NotesApp of(Map<String, String> variables) {
        HikariConfig pool = new HikariConfig();
        pool.setJdbcUrl(required(variables, "NOTES_JDBC_URL"));
        pool.setConnectionTimeout(CONNECT_MILLIS);
        pool.setInitializationFailTimeout(-1); // a server whose database is down starts, and answers 503
        return new NotesApp(
                TenantDataSource.wrap(new HikariDataSource(pool)),
                TenancyConfig.builder().environment(variables).build(),
                Path.of(required(variables, "NOTES_TENANTS")));
    }

    private static String required(Map<String, String> variables, String name) {
        return Optional.ofNullable(variables.get(name))
                .orElseThrow(() -> new IllegalArgumentException("the environment variable " + name + " is not set"));
    }

    private static Optional<Expense> expense(TenantRequest request) {
        return STREAMS.contains(request.rawPath()) ? Optional.of(Expense.of(Feed.MOST)) : Optional.empty();
    }

    /** {@return what admits requests} */
    public Tenancy tenancy() {
        return tenancy;
    }

    /** Writes a note, and tells those who follow. */
    public Note add(Note.Draft draft) throws SQLException {
        Note note = notes.add(draft);
        feed.publish(note);
        return note;
    }

    /** {@return all notes} */
    public List<Note> list() throws SQLException {
        return notes.list();
    }

    /** {@return the note of that id} */
    public Note require(long id) throws SQLException {
        return notes.require(id);
    }

    /** {@return all notes, found on another thread} */
    public CompletableFuture<List<Note>> listSlowly() {
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return notes.list();
                    } catch (SQLException failure) {
                        throw new CompletionException(failure);
                    }
                },
                workers);
    }

    /** Follows the next notes: see {@link Feed#follow}. */
    public CompletableFuture<Void> follow(Admitted admitted, long count, Feed.Lines lines) throws IOException {
        return feed.follow(count, admitted.attachment(Reservation.class).orElseThrow(), lines);
    }

    /** {@return what the tenant's streams have cost so far} */
    public Spent spent() {
        Budgets.Usage usage = budgets.usage(BUDGET);
        return new Spent(usage.spent(), usage.reserved());
    }

    /**
     * What streams have cost.
     *
     * @param spent settled
     * @param reserved by those that are not over
     */
    public record Spent(long spent, long reserved) {}

    /** Ends the streams, which a server that stops would wait for. */
    public void endStreams() {
        feed.close();
    }

    /** Ends it, when its server has answered all that it took. */
    @Override
    public void close() {
        endStreams();
        workers.shutdown();
        tenancy.close();
        source.close();
    }
}
