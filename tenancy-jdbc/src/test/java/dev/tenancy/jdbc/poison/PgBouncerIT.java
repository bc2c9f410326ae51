package dev.tenancy.jdbc.poison;

import static dev.tenancy.jdbc.Tenants.A;
import static dev.tenancy.jdbc.Tenants.B;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.tenancy.TenantContext;
import dev.tenancy.jdbc.NotesDatabase;
import dev.tenancy.jdbc.TenantBinding;
import dev.tenancy.jdbc.TenantDataSource;
import dev.tenancy.testservers.TestPgBouncer;
import dev.tenancy.testservers.TestPgBouncer.PoolMode;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** S8: behind a pooler that hands a session from client to client after each transaction. */
class PgBouncerIT {
    private static final int CLIENTS = 8;
    private static final int SESSIONS = 2;
    private static final String NOTES = "SELECT body FROM notes";

    /** What PgBouncer before 1.21 does not know is which client prepared a statement in which session. */
    private static final String NEVER_NAMED = "&prepareThreshold=0";

    private static HostDatabase database;

    @BeforeAll
    static void makeDatabase() throws SQLException {
        assumeTrue(TestPgBouncer.isInstalled(), TestPgBouncer.NOT_INSTALLED);
        database = new HostDatabase();
    }

    @AfterAll
    static void closeDatabase() throws SQLException {
        if (database != null) {
            database.close();
        }
    }

    private static HikariDataSource pool(String url, boolean autoCommit) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setMaximumPoolSize(CLIENTS);
        config.setAutoCommit(autoCommit);
        return new HikariDataSource(config);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void manyClientsOnFewSessionsEachSeeAndWriteTheirOwnRowsOnly(boolean autoCommit) throws Exception {
        database.makeNew();
        try (TestPgBouncer bouncer = database.behindPgBouncer(PoolMode.TRANSACTION, SESSIONS);
                TenantDataSource source = TenantDataSource.wrap(
                        pool(bouncer.appUrl() + NEVER_NAMED, autoCommit), TenantBinding.transaction())) {
            Crowd crowd = new Crowd(source, 20_261_125L);

            crowd.work(CLIENTS, 300);

            assertThat(database.tenantsByNote()).isEqualTo(crowd.written());
        }
    }

    @Test
    void whatIsSetAtBorrowIsTheWrongTenantsSooner() throws SQLException {
        database.makeNew();
        try (TestPgBouncer bouncer = database.behindPgBouncer(PoolMode.TRANSACTION, 1);
                Connection ofA = DriverManager.getConnection(bouncer.appUrl() + NEVER_NAMED);
                Connection ofB = DriverManager.getConnection(bouncer.appUrl() + NEVER_NAMED)) {
            Rows.of(ofB, "SELECT set_config('tenancy.tenant_id', 'tenant-b', false)");
            Rows.of(ofA, "SELECT set_config('tenancy.tenant_id', 'tenant-a', false)");

            assertThat(Rows.of(ofB, NOTES)).containsExactly("of A");
        }
    }

    @Test
    void whatSomebodySetInASessionBindsNobody() throws SQLException {
        database.makeNew();
        try (TestPgBouncer bouncer = database.behindPgBouncer(PoolMode.TRANSACTION, 1);
                Connection careless = DriverManager.getConnection(bouncer.appUrl() + NEVER_NAMED);
                TenantDataSource source = TenantDataSource.wrap(
                        pool(bouncer.appUrl() + NEVER_NAMED, true), TenantBinding.transaction())) {
            assertThat(notesOfB(source)).containsExactly("of B");
            Rows.of(careless, "SELECT set_config('tenancy.tenant_id', 'tenant-a', false)");

            assertThat(notesOfB(source)).containsExactly("of B");
        }
    }

    /** The server has another client's statement under that name, or none: an error, and never another's rows. */
    @Test
    void namedStatementsAreRefusedByTheServerAndNeverGiveAnothersRows() throws SQLException {
        database.makeNew();
        try (TestPgBouncer bouncer = database.behindPgBouncer(PoolMode.TRANSACTION, 1);
                TenantDataSource ofA = TenantDataSource.wrap(
                        NotesDatabase.poolOfOne(bouncer.appUrl(), true), TenantBinding.transaction());
                TenantDataSource ofB = TenantDataSource.wrap(
                        NotesDatabase.poolOfOne(bouncer.appUrl(), true), TenantBinding.transaction())) {
            Optional<SQLException> refused = Optional.empty();
            for (int i = 0; i < 100 && refused.isEmpty(); i++) {
                refused = Attempt.as(
                        A,
                        new Host.Protected(ofA),
                        connection -> assertThat(Rows.of(connection, NOTES)).containsExactly("of A"));
                if (refused.isEmpty()) {
                    refused = Attempt.as(
                            B,
                            new Host.Protected(ofB),
                            connection -> assertThat(Rows.of(connection, NOTES)).containsExactly("of B"));
                }
            }

            assertThat(refused)
                    .hasValueSatisfying(
                            failure -> assertThat(failure.getSQLState()).isIn("42P05", "26000"));
        }
    }

    @Test
    void whatNeedsASessionOfItsOwnIsRefused() throws SQLException {
        database.makeNew();
        try (TestPgBouncer bouncer = database.behindPgBouncer(PoolMode.TRANSACTION, 1);
                TenantDataSource bySession =
                        TenantDataSource.wrap(pool(bouncer.appUrl() + NEVER_NAMED, true), TenantBinding.session());
                TenantDataSource byTransaction = TenantDataSource.wrap(
                        pool(bouncer.appUrl() + NEVER_NAMED, true), TenantBinding.transaction())) {
            for (DataSource refused : List.of(bySession, bySession.untrusted(), byTransaction.untrusted())) {
                assertThatThrownBy(() -> notesOfB(refused))
                        .isInstanceOfSatisfying(
                                SQLException.class,
                                failure -> assertThat(failure.getSQLState()).isEqualTo("08006"))
                        .rootCause()
                        .hasMessageContaining("pooler")
                        .hasMessageContaining("connect to PostgreSQL directly");
            }
            try (Connection raw = DriverManager.getConnection(bouncer.appUrl() + NEVER_NAMED)) {
                assertThat(Rows.of(raw, NOTES))
                        .as("left in the session by who was refused")
                        .isEmpty();
            }
        }
    }

    private static List<String> notesOfB(DataSource source) throws SQLException {
        return TenantContext.call(B, () -> {
            try (Connection connection = source.getConnection()) {
                return Rows.of(connection, NOTES);
            }
        });
    }
}
