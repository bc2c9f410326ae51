package dev.tenancy.testservers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tenancy.testservers.TestPgBouncer.PoolMode;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What its clients share, and what they do not. */
class PgBouncerIT {
    private static final String PID = "SELECT pg_backend_pid()";
    private static final String SET = "SELECT set_config('test.mark', 'left by A', false)";
    private static final String GET = "SELECT coalesce(current_setting('test.mark', true), '')";

    @BeforeAll
    static void needsPgBouncer() {
        assumeTrue(TestPgBouncer.isInstalled(), TestPgBouncer.NOT_INSTALLED);
    }

    @Test
    void clientsOfATransactionPoolerShareASessionAndWhatIsSetInIt() throws SQLException {
        TestPostgres.Database database = TestPostgres.newDatabase();
        try (TestPgBouncer bouncer = TestPgBouncer.start(database, PoolMode.TRANSACTION, 1);
                Connection a = DriverManager.getConnection(bouncer.appUrl());
                Connection b = DriverManager.getConnection(bouncer.appUrl())) {
            assertThat(value(a, PID)).isEqualTo(value(b, PID));
            value(a, SET);
            assertThat(value(b, GET)).isEqualTo("left by A");
        }
    }

    @Test
    void clientsOfASessionPoolerEachHaveOneThatIsResetForTheNext() throws SQLException {
        TestPostgres.Database database = TestPostgres.newDatabase();
        try (TestPgBouncer bouncer = TestPgBouncer.start(database, PoolMode.SESSION, 2)) {
            String pidOfA;
            try (Connection a = DriverManager.getConnection(bouncer.appUrl());
                    Connection b = DriverManager.getConnection(bouncer.ownerUrl())) {
                pidOfA = value(a, PID);
                assertThat(pidOfA).isNotEqualTo(value(b, PID));
                value(a, SET);
                assertThat(value(a, GET)).isEqualTo("left by A");
            }
            try (Connection next = DriverManager.getConnection(bouncer.appUrl())) {
                assertThat(value(next, GET)).isEmpty();
            }
        }
    }

    @Test
    void aStatementPoolerHasNoTransactions() throws SQLException {
        TestPostgres.Database database = TestPostgres.newDatabase();
        try (TestPgBouncer bouncer = TestPgBouncer.start(database, PoolMode.STATEMENT, 1);
                Connection connection = DriverManager.getConnection(bouncer.appUrl())) {
            assertThat(value(connection, "SELECT 1")).isEqualTo("1");
            connection.setAutoCommit(false);
            assertThatThrownBy(() -> value(connection, "SELECT 1")).isInstanceOf(SQLException.class);
        }
    }

    @Test
    void itsRoundTripsCanBeCounted() throws SQLException {
        TestPostgres.Database database = TestPostgres.newDatabase();
        try (TestPgBouncer bouncer = TestPgBouncer.start(database, PoolMode.TRANSACTION, 1);
                CountingProxy proxy = CountingProxy.to(bouncer.address());
                Connection connection = DriverManager.getConnection(proxy.url(bouncer.appUrl()))) {
            assertThat(proxy.roundTripsOf(() -> value(connection, "SELECT 1"))).isEqualTo(1);
        }
    }

    @Test
    void closedItLeavesNoProcess() {
        TestPgBouncer bouncer = TestPgBouncer.start(TestPostgres.newDatabase(), PoolMode.TRANSACTION, 1);
        bouncer.close();

        assertThatThrownBy(() -> DriverManager.getConnection(bouncer.appUrl())).isInstanceOf(SQLException.class);
        assertThat(ProcessHandle.current().descendants())
                .noneMatch(process -> process.info().command().orElse("").endsWith("pgbouncer"));
    }

    private static String value(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }
}
