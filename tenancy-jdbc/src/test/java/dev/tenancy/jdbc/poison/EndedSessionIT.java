package dev.tenancy.jdbc.poison;

import static dev.tenancy.jdbc.Tenants.A;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import dev.tenancy.jdbc.NotesDatabase;
import dev.tenancy.jdbc.TenantBinding;
import java.sql.SQLException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A session that a tenant has PostgreSQL end as soon as nobody uses it, which a pool does not notice at once. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class EndedSessionIT {
    private static HostDatabase database;

    @BeforeAll
    static void makeDatabase() throws SQLException {
        database = new HostDatabase();
    }

    @AfterAll
    static void closeDatabase() throws SQLException {
        database.close();
    }

    /** What is bound for the session is cleaned at return, and has no such end. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theNextTenantDoesNotNotice(boolean autoCommit) throws SQLException {
        database.makeNew();
        try (Host host = Host.protectedBy(TenantBinding.transaction(), pool(autoCommit))) {
            HostWork work = new HostWork(database, host);
            Surroundings clean = work.begin();
            haveTheSessionEnded(host);

            work.goOn(Task.READ, clean);
        }
    }

    @Test
    void withoutProtectionTheNextTenantFails() throws SQLException {
        database.makeNew();
        try (Host host = Host.unprotected(pool(true))) {
            HostWork work = new HostWork(database, host);
            Surroundings clean = work.begin();
            haveTheSessionEnded(host);

            assertThatThrownBy(() -> work.goOn(Task.READ, clean))
                    .isInstanceOfSatisfying(
                            SQLException.class,
                            failure -> assertThat(failure.getSQLState()).isEqualTo("57P05"));
        }
    }

    private static HikariDataSource pool(boolean autoCommit) {
        return NotesDatabase.poolOfOne(database.appUrl(), autoCommit);
    }

    private static void haveTheSessionEnded(Host host) throws SQLException {
        int[] pid = new int[1];
        host.as(A, connection -> {
            pid[0] = Integer.parseInt(
                    Rows.of(connection, "SELECT pg_backend_pid()").get(0));
            Poison.committing("SELECT set_config('idle_session_timeout', '1', false)")
                    .on(connection);
        });
        database.awaitEndOf(pid[0]);
    }
}
