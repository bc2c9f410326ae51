package dev.tenancy.jdbc.poison;

import static dev.tenancy.jdbc.Tenants.A;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.tenancy.jdbc.NotesDatabase;
import dev.tenancy.jdbc.TenantBinding;
import java.sql.SQLException;
import java.util.List;

/**
 * Two phases on one session: B works there, A poisons it, B works there again.
 *
 * @param prepareThreshold how often the driver executes a statement before it has the server keep it
 */
record Ambush(HostDatabase database, TenantBinding binding, boolean autoCommit, int prepareThreshold) {

    /** Asserts that B is not harmed, whatever it begins with; that differs from poison to poison. */
    void holds(Poison poison) throws SQLException {
        List<Task> tasks = List.of(Task.values());
        holds(poison, tasks.get(Math.floorMod(poison.name().hashCode(), tasks.size())));
    }

    void holds(Poison poison, Task first) throws SQLException {
        database.makeNew();
        String url = database.appUrl() + "&prepareThreshold=" + prepareThreshold;
        try (Host host = Host.protectedBy(binding, NotesDatabase.poolOfOne(url, autoCommit))) {
            Attempt.as(A, host, poison.earlier());
            HostWork work = new HostWork(database, host);
            Surroundings clean = work.begin();

            Attempt.as(A, host, poison.attack());

            assertThatCode(() -> work.goOn(first, clean))
                    .as("B begins with %s after %s", first, poison)
                    .doesNotThrowAnyException();
        }
    }
}
