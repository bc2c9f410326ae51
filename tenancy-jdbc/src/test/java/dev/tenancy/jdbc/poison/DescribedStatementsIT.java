package dev.tenancy.jdbc.poison;

import static dev.tenancy.jdbc.Tenants.B;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tenancy.jdbc.NotesDatabase;
import dev.tenancy.jdbc.TenantBinding;
import dev.tenancy.jdbc.poison.NaiveFold.Parameters;
import java.sql.Connection;
import java.sql.Date;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Time;
import java.sql.Timestamp;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** B1: what the driver has the server describe, it separates from what comes before it in the same text. */
class DescribedStatementsIT {
    private static final int EXECUTIONS = 20;
    private static final String ALL = "SELECT body FROM notes WHERE CAST(? AS text) IS DISTINCT FROM 'nothing'";

    private static HostDatabase database;

    /** Something that has to be described sooner or later. */
    record Described(String name, String properties, String sql, Parameters parameters) {
        @Override
        public String toString() {
            return name;
        }
    }

    @BeforeAll
    static void makeDatabase() throws SQLException {
        database = new HostDatabase();
        database.makeNew();
    }

    @AfterAll
    static void closeDatabase() throws SQLException {
        database.close();
    }

    static Stream<Described> described() {
        return Stream.of(
                described("setTimestamp", (statement, before) -> statement.setTimestamp(before + 1, new Timestamp(0))),
                described("setDate", (statement, before) -> statement.setDate(before + 1, new Date(0))),
                described("setTime", (statement, before) -> statement.setTime(before + 1, new Time(0))),
                described("setObject(null)", (statement, before) -> statement.setObject(before + 1, null)),
                described("setNull(OTHER)", (statement, before) -> statement.setNull(before + 1, Types.OTHER)),
                described("Types.OTHER", (statement, before) -> statement.setObject(before + 1, "x", Types.OTHER)),
                new Described(
                        "stringtype=unspecified",
                        "&stringtype=unspecified",
                        ALL,
                        (statement, before) -> statement.setString(before + 1, "x")),
                new Described(
                        "prepareThreshold=-1",
                        "&prepareThreshold=-1",
                        ALL,
                        (statement, before) -> statement.setString(before + 1, "x")),
                described("getMetaData", (statement, before) -> {
                    statement.setString(before + 1, "x");
                    statement.getMetaData();
                }),
                described("getParameterMetaData", (statement, before) -> {
                    statement.setString(before + 1, "x");
                    statement.getParameterMetaData();
                }),
                new Described(
                        "more statements than are sent at once",
                        "",
                        "SELECT 1;".repeat(300) + ALL,
                        (statement, before) -> statement.setString(before + 1, "x")));
    }

    private static Described described(String name, Parameters parameters) {
        return new Described(name, "", ALL, parameters);
    }

    @ParameterizedTest
    @MethodSource("described")
    void foldedWithoutATransactionItFindsNothingAndDoesNotSaySo(Described described) throws SQLException {
        List<List<String>> found = new ArrayList<>();
        try (Connection raw = DriverManager.getConnection(database.appUrl() + described.properties())) {
            for (int i = 0; i < EXECUTIONS; i++) {
                found.add(NaiveFold.found(raw, "tenant-b", described.sql(), described.parameters()));
            }
        }

        assertThat(found).contains(List.of());
    }

    @ParameterizedTest
    @MethodSource("described")
    void boundByTransactionItFindsAllEachTime(Described described) throws SQLException {
        for (boolean autoCommit : List.of(true, false)) {
            try (Host host = Host.protectedBy(
                    TenantBinding.transaction(),
                    NotesDatabase.poolOfOne(database.appUrl() + described.properties(), autoCommit))) {
                for (int i = 0; i < EXECUTIONS; i++) {
                    host.as(
                            B,
                            connection ->
                                    assertThat(found(connection, described)).containsExactly("of B"));
                }
            }
        }
    }

    /** Again on the same statement, and on another one. */
    private static List<String> found(Connection connection, Described described) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(described.sql())) {
            described.parameters().set(statement, 0);
            statement.execute();
            List<String> first = NaiveFold.last(statement);
            described.parameters().set(statement, 0);
            statement.execute();
            assertThat(NaiveFold.last(statement)).isEqualTo(first);
            Poison.commit(connection);
            return first;
        }
    }
}
