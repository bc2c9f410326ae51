package dev.tenancy.jdbc.poison;

import static dev.tenancy.jdbc.Tenants.A;
import static dev.tenancy.jdbc.Tenants.B;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import com.zaxxer.hikari.HikariDataSource;
import dev.tenancy.TenantContext;
import dev.tenancy.TenantIdentity;
import dev.tenancy.jdbc.NotesDatabase;
import dev.tenancy.jdbc.TenantDataSource;
import dev.tenancy.jdbc.TenantDataSourceListener;
import dev.tenancy.jdbc.Way;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** A session that cannot be cleaned, or that nobody is to have again, goes; the pool goes on with others. */
@ParameterizedClass
@EnumSource(Way.class)
class DirtySessionIT {
    private static final String PID = "SELECT pg_backend_pid()";
    private static final String TRAP = "SELECT run('CREATE TEMP TABLE notes AS SELECT ''of A, for B'' AS body')";

    private final Way way;
    private final List<Throwable> discarded = new ArrayList<>();
    private HostDatabase database;
    private TenantDataSource source;

    DirtySessionIT(Way way) {
        this.way = way;
    }

    @BeforeEach
    void makePool() throws SQLException {
        database = new HostDatabase();
        database.makeNew();
        HikariDataSource pool = NotesDatabase.poolOfOne(database.appUrl(), true);
        source = TenantDataSource.builder(pool)
                .binding(way.binding())
                .listener(new TenantDataSourceListener() {
                    @Override
                    public void discarded(Throwable reason) {
                        discarded.add(reason);
                    }
                })
                .build();
    }

    @AfterEach
    void close() throws SQLException {
        source.close();
        database.close();
    }

    @Test
    void aSessionThatIsCleanStays() throws SQLException {
        try (SecurityLog log = new SecurityLog()) {
            Set<String> pids = new HashSet<>();
            for (int i = 0; i < 5; i++) {
                pids.addAll(asked(source, A, PID));
                pids.addAll(asked(source, B, PID));
            }

            assertThat(pids).hasSize(1);
            assertThat(discarded).isEmpty();
            assertThat(log.events()).isEmpty();
        }
    }

    @Test
    void aDirtySessionGoesIsLoggedAndTheNextTenantDoesNotNotice() throws SQLException {
        try (SecurityLog log = new SecurityLog()) {
            List<String> ofA = asked(source, A, PID);
            asked(source, A, TRAP);

            assertThat(asked(source, B, "SELECT body FROM notes")).containsExactly("of B");

            assertThat(asked(source, B, PID)).isNotEqualTo(ofA);
            assertThat(discarded).hasSize(1);
            assertThat(log.events()).hasSize(1).allSatisfy(event -> {
                assertThat(event.getLevel()).isEqualTo(Level.WARN);
                assertThat(event.getThrowableProxy().getMessage()).contains("former borrower");
            });
        }
    }

    /** S7: what one may read, another of the same tenant may not. */
    @Test
    void anotherSubjectOfTheSameTenantFindsNothingOfTheFormerOne() throws SQLException {
        asked(source, subject("clerk"), "SELECT set_config('host.customer', 'seen by the clerk', false)");

        assertThat(asked(source, subject("guest"), "SELECT coalesce(current_setting('host.customer', true), '')"))
                .containsExactly("");
    }

    private static TenantIdentity subject(String name) {
        return TenantIdentity.builder(A.tenantId(), "test").subject(name).build();
    }

    /** What takes the traces away may be undone with everything else that was done, and they are there once more. */
    @Test
    void whatWasLeftIsNotForgottenBecauseSomebodyWasThereSince() throws SQLException {
        asked(source, A, "SELECT set_config('host.customer', 'of A', false)");
        TenantContext.run(B, () -> {
            try (Connection connection = source.getConnection()) {
                connection.setAutoCommit(false);
                Rows.of(connection, "SELECT pg_advisory_lock(43) FROM notes");
                connection.rollback();
            }
        });

        assertThat(asked(
                        source,
                        A,
                        "SELECT count(*) FROM pg_locks WHERE pid = pg_backend_pid() AND locktype = 'advisory'"))
                .as("locks of B")
                .containsExactly("0");
        assertThat(asked(source, B, "SELECT coalesce(current_setting('host.customer', true), '')"))
                .containsExactly("");
    }

    @Test
    void aSessionThatRanUntrustedTextIsNeverPassedOn() throws SQLException {
        DataSource untrusted = source.untrusted();
        Set<String> pids = new HashSet<>();
        for (int i = 0; i < 4; i++) {
            pids.addAll(asked(untrusted, A, PID));
            asked(untrusted, A, TRAP);
            pids.addAll(asked(untrusted, B, PID));
        }

        assertThat(pids).hasSize(8);
        assertThat(asked(source, B, PID)).doesNotContainAnyElementsOf(pids);
        assertThat(asked(source, B, "SELECT body FROM notes")).containsExactly("of B");
    }

    @Test
    void untrustedTextGetsASessionWithoutTracesToo() throws SQLException {
        asked(source, A, TRAP);

        assertThat(asked(source.untrusted(), B, "SELECT body FROM notes")).containsExactly("of B");
    }

    private static List<String> asked(DataSource source, TenantIdentity tenant, String sql) throws SQLException {
        return TenantContext.call(tenant, () -> {
            try (Connection connection = source.getConnection()) {
                return Rows.of(connection, sql);
            }
        });
    }
}
