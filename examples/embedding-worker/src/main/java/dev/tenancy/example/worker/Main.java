package dev.tenancy.example.worker;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.tenancy.example.notes.Note;
import dev.tenancy.example.notes.NotesApp;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes the notes that messages ask for. */
final class Main {
    private static final Logger LOG = LoggerFactory.getLogger(Main.class);
    private static final long POLL_MILLIS = 200;

    private Main() {}

    public static void main(String[] arguments) throws InterruptedException {
        Map<String, String> variables = System.getenv();
        CountDownLatch stopping = new CountDownLatch(1);
        CountDownLatch stopped = new CountDownLatch(1);
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            stopping.countDown();
                            awaitEnd(stopped);
                        },
                        "stop"));
        HikariConfig pool = new HikariConfig();
        pool.setJdbcUrl(variables.get("NOTES_JDBC_URL"));
        pool.setInitializationFailTimeout(-1);
        try (HikariDataSource ofQueue = new HikariDataSource(pool);
                NotesApp app = NotesApp.of(variables)) {
            System.out.println("notes from the queue");
            work(new Queue(ofQueue), new Gate(app.tenancy()), app, stopping);
        } finally {
            stopped.countDown();
        }
    }

    private static void work(Queue queue, Gate gate, NotesApp app, CountDownLatch stopping)
            throws InterruptedException {
        boolean goOn = true;
        while (goOn) {
            Optional<Gate.Outcome> outcome;
            try {
                outcome = queue.take(message -> gate.pass(message, handled -> app.add(new Note.Draft(handled.text()))));
            } catch (SQLException down) {
                LOG.error("the queue cannot be reached", down);
                outcome = Optional.empty();
            }
            boolean pause = outcome.isEmpty() || outcome.get() == Gate.Outcome.AGAIN;
            goOn = !stopping.await(pause ? POLL_MILLIS : 0, TimeUnit.MILLISECONDS);
        }
    }

    private static void awaitEnd(CountDownLatch stopped) {
        try {
            stopped.await();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
