package dev.tenancy.jdbc.poison;

import static dev.tenancy.jdbc.Tenants.A;
import static dev.tenancy.jdbc.Tenants.B;
import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** B's business on a host, and the books of what it must find. Its methods throw if B is harmed in any way. */
final class HostWork {
    private final HostDatabase database;
    private final Host host;
    private final List<String> notes = new ArrayList<>(List.of("of B"));

    HostWork(HostDatabase database, Host host) {
        this.database = database;
        this.host = host;
    }

    /** Works so often that the driver has the server keep B's statements, and looks what B's surroundings are. */
    Surroundings begin() throws SQLException {
        Surroundings[] seen = new Surroundings[1];
        for (int day = 0; day < 10; day++) {
            host.as(B, Task::everyDay);
        }
        host.as(B, connection -> seen[0] = Surroundings.of(connection));
        return seen[0];
    }

    /** Does everything that B has to do, this first, and looks from all sides what came of it. */
    void goOn(Task first, Surroundings expected) throws SQLException {
        List<Task> tasks = new ArrayList<>(List.of(Task.values()));
        Collections.rotate(tasks, -tasks.indexOf(first));
        host.as(B, connection -> {
            for (Task task : tasks) {
                task.done(connection, this);
            }
            assertThat(Surroundings.of(connection).changedSince(expected)).isEmpty();
            assertThat(database.isLockFree(SessionPoisons.LOCK)).isTrue();
        });
        host.as(B, connection -> {
            Task.READ.done(connection, this);
            assertThat(SessionPoisons.physical(connection).getNotifications()).isNullOrEmpty();
        });
        assertThat(database.storedFor("tenant-b")).isEqualTo(notesOfB());
        assertThat(database.storedFor("tenant-a")).containsExactly("of A");
        assertThat(database.stashed()).doesNotContainAnyElementsOf(notesOfB());
        host.as(
                A,
                connection -> assertThat(Rows.of(connection, "SELECT body FROM public.notes"))
                        .containsExactly("of A"));
    }

    List<String> notesOfB() {
        return notes.stream().sorted().toList();
    }

    /** The number of the next note. */
    int next() {
        return notes.size();
    }

    /** The next note is written. */
    void added() {
        notes.add("note " + next());
    }

    boolean isPredictable(double random) {
        return database.isPredictable(random);
    }
}
