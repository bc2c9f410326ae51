package dev.tenancy.jdbc;

import static dev.tenancy.jdbc.Tenants.A;
import static dev.tenancy.jdbc.Tenants.B;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tenancy.TenantContext;
import dev.tenancy.TenantIdentity;
import dev.tenancy.testservers.CountingProxy;
import java.io.ByteArrayInputStream;
import java.io.StringReader;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.Date;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Timestamp;
import java.sql.Types;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a binding costs on the wire: counted, not timed. */
class RoundTripsIT {
    private static final int WARM = 12;
    private static final int UNITS = 20;

    @AutoClose
    private NotesDatabase notes;

    private CountingProxy wire;
    private OneConnection connection;
    private TenantDataSource source;

    /** Sets the only parameter of a statement. */
    @FunctionalInterface
    interface Kind {
        void set(PreparedStatement statement) throws SQLException;
    }

    /** The kinds of parameters whose type the driver tells the server. */
    static final Map<String, Kind> TYPED = new TreeMap<>(Map.ofEntries(
            Map.entry("int", statement -> statement.setInt(1, 7)),
            Map.entry("long", statement -> statement.setLong(1, 7)),
            Map.entry("short", statement -> statement.setShort(1, (short) 7)),
            Map.entry("double", statement -> statement.setDouble(1, 7)),
            Map.entry("float", statement -> statement.setFloat(1, 7)),
            Map.entry("boolean", statement -> statement.setBoolean(1, true)),
            Map.entry("String", statement -> statement.setString(1, "7")),
            Map.entry("BigDecimal", statement -> statement.setBigDecimal(1, BigDecimal.ONE)),
            Map.entry("bytes", statement -> statement.setBytes(1, new byte[] {7})),
            Map.entry("UUID", statement -> statement.setObject(1, new UUID(7, 7))),
            Map.entry("null varchar", statement -> statement.setNull(1, Types.VARCHAR)),
            Map.entry("null bigint", statement -> statement.setNull(1, Types.BIGINT)),
            Map.entry("Integer object", statement -> statement.setObject(1, 7)),
            Map.entry("character stream", statement -> statement.setCharacterStream(1, new StringReader("7"))),
            Map.entry("ascii stream", statement -> statement.setAsciiStream(1, bytes(), 1)),
            Map.entry("binary stream", statement -> statement.setBinaryStream(1, bytes(), 1))));

    /** The kinds of parameters whose type the driver leaves to the server. */
    static final Map<String, Kind> UNTYPED = new TreeMap<>(Map.of(
            "Timestamp", statement -> statement.setTimestamp(1, new Timestamp(0)),
            "Date", statement -> statement.setDate(1, new Date(0)),
            "LocalDate", statement -> statement.setObject(1, LocalDate.EPOCH),
            "OffsetDateTime", statement -> statement.setObject(1, OffsetDateTime.parse("2026-01-01T00:00:00Z")),
            "null object", statement -> statement.setObject(1, null),
            "other", statement -> statement.setObject(1, "7", Types.OTHER)));

    private static ByteArrayInputStream bytes() {
        return new ByteArrayInputStream(new byte[] {'7'});
    }

    @BeforeEach
    void storeANoteOfEach() throws SQLException {
        notes = new NotesDatabase();
        wire = CountingProxy.to(notes.database().address());
        connection = new OneConnection(wire.url(notes.database().appUrl()));
        source = NotesDatabase.withANoteOfEach(connection.pool(), TenantBinding.transaction());
    }

    @AfterEach
    void close() throws SQLException {
        connection.close();
        wire.close();
    }

    static Iterable<String> typed() {
        return TYPED.keySet();
    }

    @ParameterizedTest
    @MethodSource("typed")
    void oneStatementIsOneRoundTripWithEveryKindOfParameter(String kind) throws SQLException {
        Kind parameter = requireNonNull(TYPED.get(kind));
        assertThat(roundTripsOf(UNITS, unit -> as(A, () -> countNotes(parameter))))
                .as("round trips of %s statements", UNITS)
                .isEqualTo(UNITS);
    }

    @Test
    void whatTheDriverHasToDescribeIsBoundAllTheSame() throws SQLException {
        for (Map.Entry<String, Kind> kind : UNTYPED.entrySet()) {
            for (int i = 0; i < WARM; i++) {
                as(
                        A,
                        () -> assertThat(countNotes(kind.getValue()))
                                .as("notes seen with a parameter of kind " + kind.getKey())
                                .isOne());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void anotherTenantCostsNoRoundTripMore(boolean prepared) throws SQLException {
        long roundTrips = roundTripsOf(
                UNITS,
                unit -> as(unit % 2 == 0 ? A : B, () -> {
                    if (prepared) {
                        countNotes(statement -> statement.setInt(1, 7));
                    } else {
                        try (Connection borrowed = source.getConnection();
                                Statement statement = borrowed.createStatement();
                                ResultSet row = statement.executeQuery("SELECT body FROM notes -- all of them")) {
                            assertThat(row.next()).isTrue();
                            assertThat(row.getString(1)).isEqualTo(unit % 2 == 0 ? "of A" : "of B");
                            assertThat(row.next()).isFalse();
                        }
                    }
                }));

        assertThat(roundTrips).isEqualTo(UNITS);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aTransactionIsAsManyRoundTripsAsWithoutTenants(boolean alternating) throws SQLException {
        long bound = roundTripsOf(
                UNITS,
                unit -> as(alternating && unit % 2 == 0 ? B : A, () -> {
                    try (Connection borrowed = source.getConnection()) {
                        threeStatements(borrowed, unit);
                    }
                }));

        try (Connection raw =
                DriverManager.getConnection(wire.url(notes.database().superuserUrl()))) {
            for (int i = 0; i < WARM; i++) {
                threeStatements(raw, i);
            }
            long unscoped = wire.roundTripsOf(() -> {
                for (int i = 0; i < UNITS; i++) {
                    threeStatements(raw, i);
                }
            });
            assertThat(unscoped).isEqualTo(4L * UNITS);
            assertThat(bound).isEqualTo(unscoped);
        }
    }

    @Test
    void theSessionBindingIsOneRoundTripAtBorrowAndOneAtReturn() throws SQLException {
        source = TenantDataSource.wrap(connection.pool(), TenantBinding.session());

        assertThat(roundTripsOf(UNITS, unit -> as(A, () -> countNotes(statement -> statement.setInt(1, 7)))))
                .isEqualTo(3L * UNITS);
    }

    @Test
    void whatCannotBeFoldedIsBoundByARoundTripOfItsOwn() throws SQLException {
        assertThat(roundTripsOf(
                        UNITS,
                        unit -> as(A, () -> {
                            try (Connection borrowed = source.getConnection()) {
                                borrowed.setAutoCommit(false);
                                insertWithKeys(borrowed, "of A " + unit);
                                borrowed.commit();
                            }
                        })))
                .as("bind, insert, commit")
                .isEqualTo(3L * UNITS);
    }

    @Test
    void aBatchIsBoundByARoundTripOfItsOwn() throws SQLException {
        assertThat(roundTripsOf(
                        UNITS,
                        unit -> as(A, () -> {
                            try (Connection borrowed = source.getConnection();
                                    PreparedStatement update =
                                            borrowed.prepareStatement("UPDATE notes SET body = ? WHERE body = ?")) {
                                for (int i = 0; i < 3; i++) {
                                    update.setString(1, "of A");
                                    update.setString(2, "of A");
                                    update.addBatch();
                                }
                                assertThat(update.executeBatch()).containsExactly(1, 1, 1);
                            }
                        })))
                .as("begin and bind, batch, commit")
                .isEqualTo(3L * UNITS);
    }

    @Test
    void borrowingAndReturningSendsNothing() throws SQLException {
        assertThat(roundTripsOf(
                        UNITS,
                        unit -> as(unit % 2 == 0 ? A : B, () -> {
                            try (Connection borrowed = source.getConnection();
                                    PreparedStatement statement = borrowed.prepareStatement("SELECT ?")) {
                                borrowed.setReadOnly(true);
                                statement.setInt(1, 1);
                                borrowed.setReadOnly(false);
                            }
                        })))
                .isZero();
    }

    private static void insertWithKeys(Connection borrowed, String body) throws SQLException {
        try (PreparedStatement insert =
                borrowed.prepareStatement("INSERT INTO notes (body) VALUES (?)", Statement.RETURN_GENERATED_KEYS)) {
            insert.setString(1, body);
            assertThat(insert.executeUpdate()).isOne();
            try (ResultSet keys = insert.getGeneratedKeys()) {
                assertThat(keys.next()).isTrue();
            }
        }
    }

    private static void threeStatements(Connection borrowed, int unit) throws SQLException {
        borrowed.setAutoCommit(false);
        for (int i = 0; i < 3; i++) {
            try (PreparedStatement select =
                    borrowed.prepareStatement("SELECT count(*) FROM notes WHERE id > ? + " + i)) {
                select.setInt(1, -unit);
                select.executeQuery().close();
            }
        }
        borrowed.commit();
        borrowed.setAutoCommit(true);
    }

    /** The notes seen by a statement with a parameter of this kind. */
    private int countNotes(Kind kind) throws SQLException {
        try (Connection borrowed = source.getConnection();
                PreparedStatement select =
                        borrowed.prepareStatement("SELECT count(*) FROM notes WHERE ?::text IS NOT NULL OR true")) {
            kind.set(select);
            try (ResultSet row = select.executeQuery()) {
                row.next();
                return row.getInt(1);
            }
        }
    }

    private static void as(TenantIdentity identity, Work work) throws SQLException {
        TenantContext.run(identity, work::run);
    }

    private long roundTripsOf(int units, Unit unit) throws SQLException {
        for (int i = 0; i < WARM; i++) {
            unit.run(-1 - i);
        }
        return wire.roundTripsOf(() -> {
            for (int i = 0; i < units; i++) {
                unit.run(i);
            }
        });
    }

    @FunctionalInterface
    private interface Work {
        void run() throws SQLException;
    }

    @FunctionalInterface
    private interface Unit {
        void run(int number) throws SQLException;
    }
}
