package dev.tenancy.jdbc.poison;

import static dev.tenancy.jdbc.Tenants.A;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tenancy.jdbc.NotesDatabase;
import dev.tenancy.jdbc.poison.Poison.Effect;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the same attacks do to a pool whose connections are only told their tenant: or they would prove nothing. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class UnprotectedSessionIT {
    private static final Logger LOG = LoggerFactory.getLogger(UnprotectedSessionIT.class);

    private static HostDatabase database;

    @BeforeAll
    static void makeDatabase() throws SQLException {
        database = new HostDatabase();
    }

    @AfterAll
    static void closeDatabase() throws SQLException {
        database.close();
    }

    @ParameterizedTest
    @MethodSource({"dev.tenancy.jdbc.poison.Poison#all", "dev.tenancy.jdbc.poison.SettingPoisons#all"})
    void theNextTenantIsHarmed(Poison poison) throws SQLException {
        String seen = "nothing";
        for (boolean autoCommit : List.of(true, false)) {
            Optional<Throwable> harm = harmOf(poison, autoCommit);
            if (harm.isPresent()) {
                seen = "autoCommit=" + autoCommit + ": " + harm.get();
                break;
            }
        }
        LOG.info("{}: {}", poison, seen);
        switch (poison.effect()) {
            case HARMS -> assertThat(seen).as("what happens to B").isNotEqualTo("nothing");
            case DENIED -> assertThat(seen).as("what happens to B").isEqualTo("nothing");
            case MAY_HARM -> assertThat(seen).isNotEmpty();
        }
    }

    @Test
    void unlessItIsAttackedNobodyIsHarmed() throws SQLException {
        Poison none = new Poison("none", Effect.MAY_HARM, connection -> {});

        assertThat(harmOf(none, true)).isEmpty();
        assertThat(harmOf(none, false)).isEmpty();
    }

    private static Optional<Throwable> harmOf(Poison poison, boolean autoCommit) throws SQLException {
        database.makeNew();
        try (Host host = Host.unprotected(NotesDatabase.poolOfOne(database.appUrl(), autoCommit))) {
            assertThat(Attempt.as(A, host, poison.earlier())).isEmpty();
            HostWork work = new HostWork(database, host);
            Surroundings clean = work.begin();
            Optional<SQLException> refusal = Attempt.as(A, host, poison.attack());
            if (poison.effect() == Effect.DENIED) {
                assertThat(refusal).as("a refusal").isPresent();
            }
            return harmOf(work, clean);
        }
    }

    private static Optional<Throwable> harmOf(HostWork work, Surroundings clean) {
        try {
            work.goOn(Task.READ, clean);
            return Optional.empty();
        } catch (SQLException | AssertionError harm) {
            return Optional.of(harm);
        }
    }
}
