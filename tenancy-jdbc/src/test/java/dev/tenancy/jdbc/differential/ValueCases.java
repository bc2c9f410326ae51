package dev.tenancy.jdbc.differential;

import static dev.tenancy.jdbc.differential.Case.connection;
import static dev.tenancy.jdbc.differential.Case.statement;
import static dev.tenancy.jdbc.differential.Seen.done;
import static dev.tenancy.jdbc.differential.Seen.each;

import java.math.BigDecimal;
import java.sql.Array;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Calendar;
import java.util.List;
import java.util.Map;
import java.util.TimeZone;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Each getter on each column, read as text in the first execution, and in binary in the tenth. */
final class ValueCases {
    private static final String SELECT = "SELECT * FROM things WHERE id >= ? ORDER BY id";
    private static final Calendar TOKYO = Calendar.getInstance(TimeZone.getTimeZone("Asia/Tokyo"));

    static final List<Case> ALL = Stream.of(
                    Stream.of(
                            get("getString", ResultSet::getString),
                            get("getObject", ResultSet::getObject),
                            get("getInt", ResultSet::getInt),
                            get("getLong", ResultSet::getLong),
                            get("getShort", ResultSet::getShort),
                            get("getByte", ResultSet::getByte),
                            get("getFloat", ResultSet::getFloat),
                            get("getDouble", ResultSet::getDouble),
                            get("getBoolean", ResultSet::getBoolean),
                            get("getBigDecimal", ResultSet::getBigDecimal),
                            get("getBytes", ResultSet::getBytes),
                            get("getDate", ResultSet::getDate),
                            get("getTime", ResultSet::getTime),
                            get("getTimestamp", ResultSet::getTimestamp),
                            get("getDate with a calendar", (rows, column) -> rows.getDate(column, TOKYO)),
                            get("getTime with a calendar", (rows, column) -> rows.getTime(column, TOKYO)),
                            get("getTimestamp with a calendar", (rows, column) -> rows.getTimestamp(column, TOKYO)),
                            get("getArray", ResultSet::getArray),
                            get("getNString", ResultSet::getNString),
                            get("getBinaryStream", ResultSet::getBinaryStream),
                            get("getAsciiStream", ResultSet::getAsciiStream),
                            get("getCharacterStream", ResultSet::getCharacterStream),
                            get("getNCharacterStream", ResultSet::getNCharacterStream),
                            get("getURL", ResultSet::getURL),
                            get("getRef", ResultSet::getRef),
                            get("getRowId", ResultSet::getRowId),
                            get("getObject with a map", (rows, column) -> rows.getObject(column, Map.of()))),
                    Stream.of(
                                    String.class,
                                    Integer.class,
                                    Long.class,
                                    Short.class,
                                    Boolean.class,
                                    Double.class,
                                    BigDecimal.class,
                                    UUID.class,
                                    LocalDate.class,
                                    LocalTime.class,
                                    LocalDateTime.class,
                                    OffsetDateTime.class,
                                    byte[].class,
                                    java.sql.Date.class,
                                    java.util.Date.class,
                                    Calendar.class,
                                    Thread.class)
                            .map(type -> get(
                                    "getObject(" + type.getName() + ")",
                                    (rows, column) -> rows.getObject(column, type))),
                    Stream.of(
                            array(
                                    "getArray and its parts",
                                    array -> each(
                                            array::getBaseType,
                                            array::getBaseTypeName,
                                            array::getArray,
                                            () -> array.getArray(1, 1),
                                            array::getResultSet,
                                            () -> array.getResultSet(1, 1),
                                            () -> array.getArray(9, 1),
                                            () -> array.getArray(Map.of()))),
                            array("an array that was freed", array -> each(done(array::free), array::getArray))
                                    .differs("what was freed is refused, as JDBC has it", (way, start) -> true),
                            connection("createArrayOf", c -> {
                                Array array = c.createArrayOf("int4", new Object[] {1, null, 3});
                                return each(array::getBaseTypeName, array::getArray, array::getResultSet);
                            }),
                            array("an array as text", Array::toString)
                                    .differs("values are read with the methods of JDBC", (way, start) -> true),
                            connection("an array read and set again", ValueCases::again),
                            connection(
                                    "types that PostgreSQL has not",
                                    c -> each(
                                            () -> c.createStruct("x", new Object[0]),
                                            c::createNClob,
                                            () -> c.createSQLXML() != null)),
                            statement("a value by the name of a column that is there twice", s -> {
                                ResultSet rows = s.executeQuery("SELECT 1 AS a, 2 AS a, 3 AS \"A\"");
                                return each(
                                        rows::next,
                                        () -> rows.getInt("a"),
                                        () -> rows.getInt("A"),
                                        () -> rows.findColumn("a"));
                            })))
            .flatMap(stream -> stream)
            .toList();

    private ValueCases() {}

    @FunctionalInterface
    private interface Getter {
        @Nullable
        Object get(ResultSet rows, int column) throws Exception;
    }

    @FunctionalInterface
    private interface Calls {
        @Nullable
        Object on(Array array) throws Exception;
    }

    private static Case get(String name, Getter getter) {
        return connection("value, " + name, c -> {
            List<String> seen = new ArrayList<>();
            try (PreparedStatement s = c.prepareStatement(SELECT)) {
                s.setLong(1, 1);
                for (int execution = 0; execution < 10; execution++) {
                    boolean looks = execution == 0 || execution == 9;
                    try (ResultSet rows = s.executeQuery()) {
                        while (looks && rows.next()) {
                            for (int column = 1; column <= rows.getMetaData().getColumnCount(); column++) {
                                int place = column;
                                seen.addAll(each(() -> getter.get(rows, place), rows::wasNull));
                            }
                        }
                    }
                }
            }
            return String.join("\n", seen);
        });
    }

    private static Case array(String name, Calls calls) {
        return connection(name, c -> {
            try (Statement s = c.createStatement();
                    ResultSet rows = s.executeQuery("SELECT tags FROM things WHERE id = 1")) {
                rows.next();
                return calls.on(rows.getArray(1));
            }
        });
    }

    private static List<String> again(java.sql.Connection c) throws Exception {
        try (Statement s = c.createStatement();
                ResultSet rows = s.executeQuery("SELECT tags FROM things WHERE id = 1");
                PreparedStatement update =
                        c.prepareStatement("UPDATE things SET tags = ? WHERE id = 2 RETURNING tags")) {
            rows.next();
            update.setArray(1, rows.getArray(1));
            List<String> seen = new ArrayList<>(each(update::executeQuery));
            update.setObject(1, rows.getArray(1));
            seen.addAll(each(update::executeQuery));
            return seen;
        }
    }
}
