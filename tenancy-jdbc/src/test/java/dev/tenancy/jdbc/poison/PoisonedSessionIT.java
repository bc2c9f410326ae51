package dev.tenancy.jdbc.poison;

import static dev.tenancy.jdbc.Tenants.A;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.tenancy.jdbc.NotesDatabase;
import dev.tenancy.jdbc.Way;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever A left in the only session of a pool, B finds a session as if nobody had been there. */
@ParameterizedClass(name = "{0}, autoCommit={1}, prepareThreshold={2}")
@CsvSource({
    "SESSION, true, 5",
    "SESSION, false, 1",
    "TRANSACTION, true, 5",
    "TRANSACTION, true, 1",
    "TRANSACTION, false, 5"
})
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class PoisonedSessionIT {
    private static HostDatabase database;

    private final Way way;
    private final boolean autoCommit;
    private final int prepareThreshold;

    PoisonedSessionIT(Way way, boolean autoCommit, int prepareThreshold) {
        this.way = way;
        this.autoCommit = autoCommit;
        this.prepareThreshold = prepareThreshold;
    }

    @BeforeAll
    static void makeDatabase() throws SQLException {
        database = new HostDatabase();
    }

    @AfterAll
    static void closeDatabase() throws SQLException {
        database.close();
    }

    static Stream<Poison> poisons() {
        return Poison.all();
    }

    @ParameterizedTest
    @MethodSource("poisons")
    void theNextTenantIsOnItsOwn(Poison poison) throws SQLException {
        List<Task> tasks = List.of(Task.values());
        Task first = tasks.get(Math.floorMod(poison.name().hashCode(), tasks.size()));
        database.makeNew();
        String url = database.appUrl() + "&prepareThreshold=" + prepareThreshold;
        try (Host host = Host.protectedBy(way.binding(), NotesDatabase.poolOfOne(url, autoCommit))) {
            Attempt.as(A, host, poison.earlier());
            HostWork work = new HostWork(database, host);
            Surroundings clean = work.begin();

            Attempt.as(A, host, poison.attack());

            assertThatCode(() -> work.goOn(first, clean))
                    .as("B begins with %s", first)
                    .doesNotThrowAnyException();
        }
    }
}
