package dev.tenancy.jdbc.differential;

import static dev.tenancy.jdbc.differential.Case.connection;
import static dev.tenancy.jdbc.differential.Seen.done;
import static dev.tenancy.jdbc.differential.Seen.each;

import java.io.ByteArrayInputStream;
import java.io.StringReader;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.sql.Date;
import java.sql.JDBCType;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Time;
import java.sql.Timestamp;
import java.sql.Types;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Calendar;
import java.util.List;
import java.util.Map;
import java.util.TimeZone;
import java.util.UUID;
import org.postgresql.geometric.PGpoint;
import org.postgresql.util.PGInterval;
import org.postgresql.util.PGobject;

/**
 * Each way to set a parameter, executed often. In between the driver changes over to binary, one execution earlier or
 * later as the case may be.
 */
@SuppressWarnings("JavaUtilDate") // the driver takes it
final class ParameterCases {
    private static final Calendar TOKYO = Calendar.getInstance(TimeZone.getTimeZone("Asia/Tokyo"));

    static final List<Case> ALL = List.of(
            set("setInt", "int", s -> s.setInt(1, 7)),
            set("setLong", "bigint", s -> s.setLong(1, 7)),
            set("setShort", "smallint", s -> s.setShort(1, (short) 7)),
            set("setByte", "smallint", s -> s.setByte(1, (byte) 7)),
            set("setFloat", "real", s -> s.setFloat(1, 0.25f)),
            set("setDouble", "float8", s -> s.setDouble(1, 0.5)),
            set("setBoolean", "boolean", s -> s.setBoolean(1, true)),
            set("setBigDecimal", "numeric", s -> s.setBigDecimal(1, new BigDecimal("1.50"))),
            set("setBigDecimal(null)", "numeric", s -> s.setBigDecimal(1, null)),
            set("setString", "text", s -> s.setString(1, "it's ? ; -- \\")),
            set("setString(null)", "text", s -> s.setString(1, null)),
            set("setString with a zero byte", "text", s -> s.setString(1, "a\0b")),
            set("setString for a number", "int", s -> s.setString(1, "7")),
            set("setNString", "text", s -> s.setNString(1, "n")),
            set("setBytes", "bytea", s -> s.setBytes(1, new byte[] {0, -1})),
            set("setBytes(null)", "bytea", s -> s.setBytes(1, null)),
            set("setNull", "int", s -> s.setNull(1, Types.INTEGER)),
            set("setNull of no type", "int", s -> s.setNull(1, Types.NULL)),
            set("setNull with a type name", "int", s -> s.setNull(1, Types.OTHER, "int4")),
            set("setNull of an unknown type", "int", s -> s.setNull(1, 4711)),
            set("setDate", "date", s -> s.setDate(1, Date.valueOf("2020-01-02"))),
            set("setDate with a calendar", "date", s -> s.setDate(1, Date.valueOf("2020-01-02"), TOKYO)),
            set("setTime", "time", s -> s.setTime(1, Time.valueOf("03:04:05"))),
            set("setTime with a calendar", "time", s -> s.setTime(1, Time.valueOf("03:04:05"), TOKYO)),
            set("setTimestamp", "timestamptz", s -> s.setTimestamp(1, Timestamp.valueOf("2020-01-02 03:04:05"))),
            set(
                    "setTimestamp with a calendar",
                    "timestamp",
                    s -> s.setTimestamp(1, Timestamp.valueOf("2020-01-02 03:04:05"), TOKYO)),
            set("setObject(Integer)", "int", s -> s.setObject(1, 7)),
            set("setObject(Character)", "text", s -> s.setObject(1, 'c')),
            set("setObject(BigInteger)", "numeric", s -> s.setObject(1, BigInteger.TEN)),
            set("setObject(UUID)", "uuid", s -> s.setObject(1, new UUID(1, 2))),
            set("setObject(null)", "int", s -> s.setObject(1, null)),
            set("setObject(null, type)", "int", s -> s.setObject(1, null, Types.INTEGER)),
            set("setObject(String, INTEGER)", "int", s -> s.setObject(1, "7", Types.INTEGER)),
            set("setObject(String, INTEGER) of no number", "int", s -> s.setObject(1, "x", Types.INTEGER)),
            set("setObject(String, OTHER)", "jsonb", s -> s.setObject(1, "{\"a\": 1}", Types.OTHER)),
            set(
                    "setObject(number, NUMERIC, scale)",
                    "numeric",
                    s -> s.setObject(1, new BigDecimal("1.256"), Types.NUMERIC, 2)),
            set("setObject(number, JDBCType)", "int", s -> s.setObject(1, 7, JDBCType.INTEGER)),
            set("setObject(LocalDate)", "date", s -> s.setObject(1, LocalDate.of(2020, 1, 2))),
            set("setObject(LocalTime)", "time", s -> s.setObject(1, LocalTime.of(3, 4, 5))),
            set("setObject(LocalDateTime)", "timestamp", s -> s.setObject(1, LocalDateTime.of(2020, 1, 2, 3, 4))),
            set(
                    "setObject(OffsetDateTime)",
                    "timestamptz",
                    s -> s.setObject(1, OffsetDateTime.of(2020, 1, 2, 3, 4, 5, 0, ZoneOffset.UTC))),
            set("setObject(OffsetTime)", "timetz", s -> s.setObject(1, OffsetTime.of(3, 4, 5, 0, ZoneOffset.UTC))),
            set("setObject(java.util.Date)", "timestamp", s -> s.setObject(1, new java.util.Date(0))),
            set("setObject(Map)", "text", s -> s.setObject(1, Map.of("a", "b"))),
            set("setObject(what cannot be one)", "text", s -> s.setObject(1, new Thread())),
            set("setObject(PGobject)", "jsonb", s -> s.setObject(1, json())),
            set("setObject(PGInterval)", "interval", s -> s.setObject(1, new PGInterval("1 day"))),
            set("setObject(PGpoint)", "text", s -> s.setObject(1, new PGpoint(1, 2))),
            set("setObject(int[])", "int[]", s -> s.setObject(1, new int[] {1, 2})),
            set("setObject(String[])", "text[]", s -> s.setObject(1, new String[] {"a", null})),
            set(
                    "setArray",
                    "text[]",
                    s -> s.setArray(1, s.getConnection().createArrayOf("text", new Object[] {"a", "b;"}))),
            set("setArray(null)", "text[]", s -> s.setArray(1, null)),
            set(
                    "createArrayOf an unknown type",
                    "text[]",
                    s -> s.setArray(1, s.getConnection().createArrayOf("nowhere", new Object[0]))),
            set("setBinaryStream", "bytea", s -> s.setBinaryStream(1, new ByteArrayInputStream(new byte[] {1, 2, 3}))),
            set(
                    "setBinaryStream with a length",
                    "bytea",
                    s -> s.setBinaryStream(1, new ByteArrayInputStream(new byte[] {1, 2, 3}), 2)),
            set(
                    "setBinaryStream that is too short",
                    "bytea",
                    s -> s.setBinaryStream(1, new ByteArrayInputStream(new byte[] {1}), 9)),
            set(
                    "setBinaryStream of negative length",
                    "bytea",
                    s -> s.setBinaryStream(1, new ByteArrayInputStream(new byte[0]), -1)),
            set("setBinaryStream(null)", "bytea", s -> s.setBinaryStream(1, null)),
            set("setAsciiStream", "text", s -> s.setAsciiStream(1, new ByteArrayInputStream(new byte[] {65, 66, 67}))),
            set(
                    "setAsciiStream with a length",
                    "text",
                    s -> s.setAsciiStream(1, new ByteArrayInputStream(new byte[] {65, 66, 67}), 2)),
            set("setAsciiStream(null)", "text", s -> s.setAsciiStream(1, null)),
            set("setCharacterStream", "text", s -> s.setCharacterStream(1, new StringReader("abc"))),
            set("setCharacterStream with a length", "text", s -> s.setCharacterStream(1, new StringReader("abc"), 2)),
            set("setCharacterStream that is too short", "text", s -> s.setCharacterStream(1, new StringReader("a"), 9)),
            set(
                    "setCharacterStream of negative length",
                    "text",
                    s -> s.setCharacterStream(1, new StringReader("a"), -1)),
            set("setCharacterStream(null)", "text", s -> s.setCharacterStream(1, null)),
            set("setNCharacterStream", "text", s -> s.setNCharacterStream(1, new StringReader("abc"))),
            set(
                    "setURL",
                    "text",
                    s -> s.setURL(1, URI.create("http://localhost").toURL())),
            set("setRef", "text", s -> s.setRef(1, null)),
            set("setRowId", "text", s -> s.setRowId(1, null)),
            set("setSQLXML(null)", "text", s -> s.setSQLXML(1, null)),
            largeObject(
                    "setObject(stream, BLOB)",
                    s -> s.setObject(1, new ByteArrayInputStream(new byte[] {1, 2}), Types.BLOB)),
            largeObject(
                    "setObject(stream, JDBCType.BLOB)",
                    s -> s.setObject(1, new ByteArrayInputStream(new byte[] {1, 2}), JDBCType.BLOB)),
            largeObject("setBlob(stream)", s -> s.setBlob(1, new ByteArrayInputStream(new byte[] {1, 2}))),
            largeObject(
                    "setBlob(stream) with a length", s -> s.setBlob(1, new ByteArrayInputStream(new byte[] {1, 2}), 1)),
            set("setBlob(null)", "oid", s -> s.setBlob(1, (java.sql.Blob) null)),
            set("setClob(null)", "oid", s -> s.setClob(1, (java.sql.Clob) null)));

    private ParameterCases() {}

    /** Sets the first parameter. */
    @FunctionalInterface
    private interface Setter {
        void set(PreparedStatement statement) throws Exception;
    }

    private static PGobject json() throws SQLException {
        PGobject json = new PGobject();
        json.setType("jsonb");
        json.setValue("{\"b\": 2}");
        return json;
    }

    private static Case largeObject(String name, Setter setter) {
        return connection(name, c -> {
            try (PreparedStatement s =
                    c.prepareStatement("SELECT lo_get(?::oid), count(*) FROM things, pg_largeobject_metadata")) {
                return each(done(() -> setter.set(s)), s::executeQuery, s::executeQuery);
            }
        });
    }

    private static Case set(String name, String type, Setter setter) {
        return connection(name, c -> {
            List<String> seen = new ArrayList<>();
            try (PreparedStatement s = c.prepareStatement("SELECT ?::" + type + ", id FROM things WHERE id = ?")) {
                for (int i = 0; i < 10; i++) {
                    List<String> execution =
                            each(done(() -> setter.set(s)), done(() -> s.setLong(2, 1)), s::executeQuery);
                    if (i < 3 || i > 7) {
                        seen.addAll(execution);
                    }
                }
                seen.addAll(each(() -> s.getParameterMetaData().getParameterTypeName(1), s::executeQuery));
            }
            return seen;
        });
    }
}
