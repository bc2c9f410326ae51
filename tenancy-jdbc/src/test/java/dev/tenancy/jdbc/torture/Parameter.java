package dev.tenancy.jdbc.torture;

import java.io.ByteArrayInputStream;
import java.io.StringReader;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.sql.Date;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Time;
import java.sql.Timestamp;
import java.sql.Types;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.UUID;

/** The kinds of parameters. Of some the driver does not know the type, and has to ask the server for it. */
@SuppressWarnings("ImmutableEnumChecker") // the lambdas hold nothing
enum Parameter {
    INT("int", (statement, index) -> statement.setInt(index, 7)),
    LONG("bigint", (statement, index) -> statement.setLong(index, 1L << 40)),
    SHORT("smallint", (statement, index) -> statement.setShort(index, (short) 7)),
    DOUBLE("float8", (statement, index) -> statement.setDouble(index, 0.5)),
    FLOAT("float4", (statement, index) -> statement.setFloat(index, 0.5f)),
    STRING("text", (statement, index) -> statement.setString(index, "it's ? ; --")),
    NULL("text", (statement, index) -> statement.setNull(index, Types.VARCHAR)),
    NULL_OF_NO_TYPE("text", (statement, index) -> statement.setNull(index, Types.NULL)),
    NULL_OBJECT("int", (statement, index) -> statement.setObject(index, null)),
    DECIMAL("numeric", (statement, index) -> statement.setBigDecimal(index, new BigDecimal("123456789.987654321"))),
    BOOLEAN("boolean", (statement, index) -> statement.setBoolean(index, true)),
    BYTES("bytea", (statement, index) -> statement.setBytes(index, new byte[] {0, 1, '\'', '\\'})),
    UUID_OBJECT("uuid", (statement, index) -> statement.setObject(index, new UUID(1, 2))),
    TIMESTAMP("timestamptz", (statement, index) -> statement.setTimestamp(index, new Timestamp(86_400_000))),
    DATE("date", (statement, index) -> statement.setDate(index, new Date(86_400_000))),
    TIME("time", (statement, index) -> statement.setTime(index, new Time(3_600_000))),
    LOCAL_DATE("date", (statement, index) -> statement.setObject(index, LocalDate.EPOCH)),
    LOCAL_TIME("time", (statement, index) -> statement.setObject(index, LocalTime.NOON)),
    LOCAL_DATE_TIME("timestamp", (statement, index) -> statement.setObject(index, LocalDateTime.of(2020, 1, 1, 0, 0))),
    OFFSET_DATE_TIME(
            "timestamptz",
            (statement, index) ->
                    statement.setObject(index, OffsetDateTime.of(2020, 1, 1, 0, 0, 0, 0, ZoneOffset.UTC))),
    ARRAY(
            "text[]",
            (statement, index) -> statement.setArray(
                    index, statement.getConnection().createArrayOf("text", new String[] {"a", "b;"}))),
    PRIMITIVE_ARRAY("int[]", (statement, index) -> statement.setObject(index, new int[] {1, 2})),
    OTHER("jsonb", (statement, index) -> statement.setObject(index, "{\"a\": 1}", Types.OTHER)),
    BINARY_STREAM(
            "bytea",
            (statement, index) -> statement.setBinaryStream(index, new ByteArrayInputStream(new byte[] {1, 2, 3}), 3)),
    ENDLESS_STREAM(
            "bytea",
            (statement, index) -> statement.setBinaryStream(index, new ByteArrayInputStream(new byte[] {1, 2, 3}))),
    ASCII_STREAM(
            "text",
            (statement, index) -> statement.setAsciiStream(
                    index, new ByteArrayInputStream("abc".getBytes(StandardCharsets.US_ASCII)), 3)),
    READER("text", (statement, index) -> statement.setCharacterStream(index, new StringReader("abc"), 3)),
    READER_TO_ITS_END("text", (statement, index) -> statement.setCharacterStream(index, new StringReader("abc")));

    private final String type;
    private final Setter setter;

    Parameter(String type, Setter setter) {
        this.type = type;
        this.setter = setter;
    }

    @FunctionalInterface
    private interface Setter {
        void set(PreparedStatement statement, int index) throws SQLException;
    }

    /** Does not change what is found. */
    String condition() {
        return "coalesce(?::" + type + "::text, '') IS NOT NULL";
    }

    void set(PreparedStatement statement, int index) throws SQLException {
        setter.set(statement, index);
    }
}
