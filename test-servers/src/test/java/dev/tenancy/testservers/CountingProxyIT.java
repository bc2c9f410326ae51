package dev.tenancy.testservers;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;

/** The round trips of what the JDBC driver does. */
class CountingProxyIT {
    private static final TestPostgres.Database DATABASE = TestPostgres.newDatabase();

    private CountingProxy proxy;
    private Connection connection;

    @BeforeAll
    static void makeTable() {
        DATABASE.asOwner("CREATE TABLE numbers (id bigint GENERATED ALWAYS AS IDENTITY, n integer)");
    }

    @BeforeEach
    void connect() throws SQLException {
        proxy = CountingProxy.to(DATABASE.address());
        connection = DriverManager.getConnection(proxy.url(DATABASE.ownerUrl()));
    }

    @AfterEach
    void close() throws SQLException {
        connection.close();
        proxy.close();
    }

    @Test
    void aStatementIsOne() throws SQLException {
        assertThat(proxy.roundTripsOf(() -> assertThat(select(7)).containsExactly(7)))
                .isEqualTo(1);
        assertThat(proxy.roundTripsOf(() -> {})).isZero();
    }

    @Test
    void connectingIsNoneButWhatTheDriverSaysThenIsOne() throws SQLException {
        for (String how : List.of("sslmode=disable", "sslmode=prefer", "sslmode=disable&gssEncMode=prefer")) {
            String url = proxy.url(DATABASE.ownerUrl()).replaceFirst("&sslmode=disable.*", "&" + how);
            proxy.record();
            assertThat(proxy.roundTripsOf(() -> DriverManager.getConnection(url).close()))
                    .isEqualTo(1);
            assertThat(proxy.statements()).containsExactly("SET application_name = 'PostgreSQL JDBC Driver'");
        }
    }

    @Test
    void beginTravelsWithTheFirstStatementAndCommitDoesNot() throws SQLException {
        connection.setAutoCommit(false);

        assertThat(proxy.roundTripsOf(() -> select(1))).isEqualTo(1);
        assertThat(proxy.roundTripsOf(() -> select(2))).isEqualTo(1);
        assertThat(proxy.roundTripsOf(connection::commit)).isEqualTo(1);
        assertThat(proxy.roundTripsOf(connection::commit)).as("of nothing").isZero();
    }

    @Test
    void beginTravelsWithAFirstStatementThatIsLongerThanAllBuffers() throws SQLException {
        connection.setAutoCommit(false);
        try (PreparedStatement lengthy = connection.prepareStatement("SELECT length(?)")) {
            lengthy.setString(1, "x".repeat(300_000));
            assertThat(proxy.roundTripsOf(
                            () -> assertThat(numbers(lengthy.executeQuery())).containsExactly(300_000)))
                    .isEqualTo(1);
        }
    }

    @Test
    void aStatementThatTheServerKeepsIsOneToo() throws SQLException {
        try (PreparedStatement kept = connection.prepareStatement("SELECT ?::integer")) {
            kept.unwrap(org.postgresql.PGStatement.class).setPrepareThreshold(1);
            kept.setInt(1, 1);
            kept.executeQuery().close();
            proxy.record();

            assertThat(proxy.roundTripsOf(() -> kept.executeQuery().close())).isEqualTo(1);
            assertThat(proxy.messages()).extracting(ClientMessage::type).doesNotContain('P');
            assertThat(proxy.statements()).containsExactly("SELECT $1::integer");
        }
    }

    @Test
    void aBatchIsOne() throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO numbers (n) VALUES (?)")) {
            fill(insert);
            assertThat(proxy.roundTripsOf(insert::executeBatch)).isEqualTo(1);
        }
    }

    @Test
    void generatedKeysAreOneAndForABatchTheDriverAsksOnceForTheirTypes() throws SQLException {
        try (PreparedStatement insert =
                connection.prepareStatement("INSERT INTO numbers (n) VALUES (?)", new String[] {"id"})) {
            insert.setInt(1, 1);
            assertThat(proxy.roundTripsOf(insert::executeUpdate)).isEqualTo(1);
        }
        try (PreparedStatement insert =
                connection.prepareStatement("INSERT INTO numbers (n) VALUES (? + 0)", new String[] {"id"})) {
            fill(insert);
            assertThat(proxy.roundTripsOf(insert::executeBatch)).isEqualTo(2);
            fill(insert);
            assertThat(proxy.roundTripsOf(insert::executeBatch)).isEqualTo(1);
        }
    }

    @Test
    void eachPartThatACursorFetchesIsOne() throws SQLException {
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            statement.setFetchSize(2);
            assertThat(proxy.roundTripsOf(
                            () -> assertThat(numbers(statement.executeQuery("SELECT generate_series(1, 5)")))
                                    .containsExactly(1, 2, 3, 4, 5)))
                    .isEqualTo(3);
        }
    }

    @Test
    void aCopyIsTwoSinceTheClientWaitsUntilItMaySend() throws SQLException, IOException {
        byte[] lines = "1\n2\n".getBytes(UTF_8);
        long before = proxy.roundTrips();
        connection
                .unwrap(PGConnection.class)
                .getCopyAPI()
                .copyIn("COPY numbers (n) FROM STDIN", new ByteArrayInputStream(lines));

        assertThat(proxy.roundTrips() - before).isEqualTo(2);
    }

    @Test
    void anErrorIsOneAndSoIsACancelledStatement() throws SQLException {
        try (Statement statement = connection.createStatement()) {
            assertThat(proxy.roundTripsOf(() -> assertFails("42P01", statement, "SELECT * FROM nowhere")))
                    .isEqualTo(1);
            statement.setQueryTimeout(1);
            assertThat(proxy.roundTripsOf(() -> assertFails("57014", statement, "SELECT pg_sleep(600)")))
                    .isEqualTo(1);
        }
    }

    @Test
    void whatIsSentTogetherIsRecordedInItsOrder() throws SQLException {
        connection.setAutoCommit(false);
        proxy.record();
        select(7);

        assertThat(proxy.statements()).containsExactly("BEGIN", "SELECT 7");
        assertThat(proxy.messages()).last().isEqualTo(new ClientMessage('S', ""));
    }

    @Test
    void aLongWireTakesItsTimeAndChangesNothingElse() throws SQLException {
        Duration latency = Duration.ofMillis(20);
        try (CountingProxy far = CountingProxy.to(DATABASE.address(), latency);
                Connection there = DriverManager.getConnection(far.url(DATABASE.ownerUrl()));
                Statement statement = there.createStatement()) {
            String large = "x".repeat(100_000);
            long tripsToConnect = far.roundTrips();
            long begin = System.nanoTime();
            for (int trip = 0; trip < 3; trip++) {
                ResultSet row = statement.executeQuery("SELECT length('" + large + "')");
                assertThat(numbers(row)).containsExactly(100_000);
            }

            assertThat(System.nanoTime() - begin).isGreaterThanOrEqualTo(3 * latency.toNanos());
            assertThat(far.roundTrips() - tripsToConnect).isEqualTo(3);
        }
    }

    private List<Integer> select(int number) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            return numbers(statement.executeQuery("SELECT " + number));
        }
    }

    private static List<Integer> numbers(ResultSet rows) throws SQLException {
        List<Integer> numbers = new ArrayList<>();
        while (rows.next()) {
            numbers.add(rows.getInt(1));
        }
        return numbers;
    }

    private static void fill(PreparedStatement insert) throws SQLException {
        for (int n = 0; n < 3; n++) {
            insert.setInt(1, n);
            insert.addBatch();
        }
    }

    private static void assertFails(String state, Statement statement, String sql) {
        assertThatThrownBy(() -> statement.execute(sql))
                .isInstanceOfSatisfying(
                        SQLException.class,
                        failure -> assertThat(failure.getSQLState()).isEqualTo(state));
    }
}
