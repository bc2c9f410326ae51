package dev.tenancy.jdbc.poison;

import static dev.tenancy.jdbc.Tenants.A;
import static dev.tenancy.jdbc.Tenants.B;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenancy.jdbc.NotesDatabase;
import dev.tenancy.jdbc.Way;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What one tenant can do to the next one all the same, so that nobody believes more than is true. */
@ParameterizedClass
@EnumSource(Way.class)
class LimitsIT {
    private static HostDatabase database;

    private final Way way;

    LimitsIT(Way way) {
        this.way = way;
    }

    @BeforeAll
    static void makeDatabase() throws SQLException {
        database = new HostDatabase();
    }

    @AfterAll
    static void closeDatabase() throws SQLException {
        database.close();
    }

    @BeforeEach
    void makeNew() throws SQLException {
        database.makeNew();
    }

    private Host host(String properties, boolean autoCommit) {
        return Host.protectedBy(way.binding(), NotesDatabase.poolOfOne(database.appUrl() + properties, autoCommit));
    }

    /** The driver asks for them under their names; it is refused, and prepares them again. */
    @ParameterizedTest
    @MethodSource("dev.tenancy.jdbc.poison.PreparedPoisons#thatTakeAwayUnseen")
    void statementsThatWereTakenAwayUnseenCostOneTransactionAndNeverGiveAnythingWrong(Poison thatTakeAwayUnseen)
            throws SQLException {
        try (Host host = host("", false)) {
            HostWork work = new HostWork(database, host);
            Surroundings clean = work.begin();
            Attempt.as(A, host, thatTakeAwayUnseen.attack());

            host.as(B, connection -> {
                try {
                    Task.everyDay(connection);
                } catch (SQLException refused) {
                    assertThat(refused.getSQLState()).isEqualTo("26000");
                    connection.rollback();
                }
            });

            work.goOn(Task.READ, clean);
        }
    }

    /** Where the application may create in a schema: the driver keeps for good what a name meant when it asked. */
    @Test
    void theDriverRemembersWhatATypesNameMeantForAnotherTenant() throws SQLException {
        try (Host host = host("", true)) {
            host.as(A, connection -> {
                connection.setAutoCommit(false);
                Poison.execute(
                        connection,
                        "CREATE TYPE workshop.mood AS ENUM ('glad')",
                        "CREATE FUNCTION workshop.cast(workshop.mood) RETURNS public.mood LANGUAGE sql AS"
                                + " $$ INSERT INTO public.stash SELECT body FROM public.notes; SELECT 'sad'::public.mood $$",
                        "CREATE CAST (workshop.mood AS public.mood) WITH FUNCTION workshop.cast(workshop.mood)",
                        "SELECT set_config('search_path', 'workshop, public', true)");
                connection.createArrayOf("mood", new String[] {"glad"}).free();
                connection.commit();
            });

            assertThatThrownBy(() ->
                            host.as(B, connection -> Task.ASK_FOR_TYPES.done(connection, new HostWork(database, host))))
                    .isInstanceOf(AssertionError.class);
            assertThat(database.stashed()).as("B's, by A's function").containsExactly("of B");
        }
    }

    /** P9: a role may change what its own later sessions begin with, and RESET ALL goes back to that. */
    @Test
    void whatARoleSetsForItselfReachesEveryLaterSession() throws SQLException {
        try (Host host = host("", true)) {
            host.as(A, connection -> Poison.execute(connection, "ALTER ROLE CURRENT_USER SET work_mem = '64kB'"));
            host.as(
                    B,
                    connection ->
                            assertThat(Rows.of(connection, "SHOW work_mem")).doesNotContain("64kB"));
        }
        try (Host later = host("", true)) {
            later.as(
                    B,
                    connection ->
                            assertThat(Rows.of(connection, "SHOW work_mem")).containsExactly("64kB"));
        }
    }

    /** But for the tenant itself: who finds one set in a new session lends it to nobody. */
    @Test
    void aRoleThatSetsTheTenantForItsLaterSessionsLocksEverybodyOut() throws SQLException {
        database.execute("ALTER ROLE " + database.app() + " SET tenancy.tenant_id = 'tenant-a'");
        try (Host later = host("", true)) {
            assertThatThrownBy(() -> later.as(B, connection -> Rows.of(connection, "SELECT body FROM notes")))
                    .isInstanceOf(SQLException.class)
                    .hasStackTraceContaining("ALTER ROLE");
        }
    }
}
