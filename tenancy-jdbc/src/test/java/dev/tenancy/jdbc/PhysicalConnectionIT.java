package dev.tenancy.jdbc;

import static dev.tenancy.jdbc.NotesDatabase.visibleOn;
import static dev.tenancy.jdbc.NotesDatabase.visibleTo;
import static dev.tenancy.jdbc.Tenants.A;
import static dev.tenancy.jdbc.Tenants.B;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import dev.tenancy.TenantContext;
import java.io.StringReader;
import java.io.StringWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.postgresql.jdbc.AutoSave;

/** What only the driver offers, and what becomes of a connection on which it was used. */
@ParameterizedClass
@EnumSource
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PhysicalConnectionIT {
    private final Way way;

    @AutoClose
    private NotesDatabase notes;

    private HikariDataSource pool;
    private TenantDataSource source;

    PhysicalConnectionIT(Way way) {
        this.way = way;
    }

    @BeforeEach
    void storeOneNoteOfEach() throws SQLException {
        notes = new NotesDatabase();
        pool = notes.poolOfOne(true);
        source = NotesDatabase.withANoteOfEach(pool, way.binding());
    }

    @AfterEach
    void close() {
        source.close();
    }

    @Test
    void copyShowsTheTenantsRowsAndBringsInNone() throws Exception {
        TenantContext.run(A, () -> {
            try (Connection connection = source.getConnection()) {
                connection.setAutoCommit(false);
                PGConnection driver = driver(connection);
                StringWriter copied = new StringWriter();
                driver.getCopyAPI().copyOut("COPY notes (body) TO STDOUT", copied);
                assertThat(copied).hasToString("of A\n");
                assertThatThrownBy(() -> driver.getCopyAPI()
                                .copyIn("COPY notes (body) FROM STDIN", new StringReader("planted\n")))
                        .isInstanceOf(SQLException.class)
                        .hasMessageContaining("COPY FROM not supported with row-level security");
            }
        });

        assertThat(visibleTo(source, B)).containsExactly("of B");
        assertThat(visibleTo(source, A)).containsExactly("of A");
    }

    @Test
    void notificationsReachWhoListensAndNobodyAfterwards() throws SQLException {
        TenantContext.run(A, () -> {
            try (Connection connection = source.getConnection();
                    Statement statement = connection.createStatement()) {
                statement.execute("LISTEN news");
                statement.execute("NOTIFY news, 'to A'");
                assertThat(driver(connection).getNotifications())
                        .extracting(PGNotification::getParameter)
                        .containsExactly("to A");
                statement.execute("NOTIFY news, 'nobody reads this'");
            }
        });

        TenantContext.run(B, () -> {
            try (Connection connection = source.getConnection();
                    Statement statement = connection.createStatement()) {
                assertThat(visibleOn(connection)).containsExactly("of B");
                statement.execute("NOTIFY news, 'to nobody'");
                assertThat(driver(connection).getNotifications()).isEmpty();
            }
        });
    }

    @Test
    void whatIsDoneOnItBehindTheWrappersBackUnbindsNothing() throws SQLException {
        TenantContext.run(A, () -> {
            try (Connection connection = source.getConnection()) {
                connection.setAutoCommit(false);
                assertThat(visibleOn(connection)).containsExactly("of A");
                Connection physical = connection.unwrap(TenantConnection.class).physicalConnection();
                assertThat(visibleOn(physical)).containsExactly("of A");
                physical.commit();
                try (Statement statement = physical.createStatement()) {
                    statement.execute("SELECT 1");
                }
                assertThat(visibleOn(connection))
                        .as("in a transaction begun on the other one")
                        .containsExactly("of A");
                connection.commit();
            }
        });

        assertThat(visibleTo(source, B)).containsExactly("of B");
    }

    @Test
    void aSessionThatWasChangedOnItIsCleanForTheNext() throws SQLException {
        TenantContext.run(A, () -> {
            try (Connection connection = source.getConnection();
                    Statement statement = connection
                            .unwrap(TenantConnection.class)
                            .physicalConnection()
                            .createStatement()) {
                statement.execute("SET tenancy.tenant_id = 'tenant-a'");
                statement.execute("SET search_path = nowhere");
            }
        });

        try (Connection raw = pool.getConnection()) {
            assertThat(visibleOn(raw)).as("on the pool itself").isEmpty();
        }
        assertThat(visibleTo(source, B)).containsExactly("of B");
    }

    @Test
    void howTheDriverWorksIsForTheNextWhatItWasForTheFirst() throws SQLException {
        TenantContext.run(A, () -> {
            try (Connection connection = source.getConnection()) {
                PGConnection driver = driver(connection);
                driver.setPrepareThreshold(-1);
                driver.setDefaultFetchSize(1);
                driver.setAdaptiveFetch(true);
                driver.setAutosave(AutoSave.ALWAYS);
            }
        });

        TenantContext.run(B, () -> {
            try (Connection connection = source.getConnection()) {
                assertThat(visibleOn(connection)).containsExactly("of B");
                PGConnection driver = driver(connection);
                assertThat(driver.getPrepareThreshold()).isEqualTo(5);
                assertThat(driver.getDefaultFetchSize()).isZero();
                assertThat(driver.getAdaptiveFetch()).isFalse();
                assertThat(driver.getAutosave()).isEqualTo(AutoSave.NEVER);
            }
        });
    }

    @Test
    void aCopyThatIsLeftOpenCostsTheSessionAndKeepsNobodyWaiting() throws SQLException {
        for (TenantDataSource each : List.of(source, source.untrusted())) {
            TenantContext.run(A, () -> {
                try (Connection connection = each.getConnection()) {
                    driver(connection)
                            .getCopyAPI()
                            .copyOut("COPY (SELECT generate_series(1, 1000)) TO STDOUT")
                            .readFromCopy();
                }
            });

            assertThat(visibleTo(source, B)).containsExactly("of B");
        }
    }

    private static PGConnection driver(Connection connection) throws SQLException {
        return connection.unwrap(TenantConnection.class).physicalConnection().unwrap(PGConnection.class);
    }
}
