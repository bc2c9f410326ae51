package dev.tenancy.jdbc;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.io.StringReader;
import java.lang.reflect.Array;
import java.lang.reflect.Method;
import java.math.BigDecimal;
import java.sql.Blob;
import java.sql.Clob;
import java.sql.Connection;
import java.sql.JDBCType;
import java.sql.SQLException;
import java.sql.SQLXML;
import java.sql.Statement;
import java.sql.Types;
import java.util.Calendar;
import java.util.Date;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.postgresql.core.BaseConnection;
import org.postgresql.util.PGobject;

/** A parameter or an attribute that was set on a statement, to be set on another one that takes its place. */
final class RecordedCall {
    /** The driver writes a large object for these, at once. */
    private static final Set<String> LARGE_OBJECTS = Set.of("setBlob", "setClob", "setNClob");

    /** The driver makes text of these, whatever length is said. */
    private static final Set<String> READ_AT_ONCE = Set.of("setAsciiStream", "setUnicodeStream");

    /** Methods that tell the server the type. */
    private static final Set<String> TELLING = Set.of(
            "setBoolean",
            "setShort",
            "setInt",
            "setLong",
            "setFloat",
            "setDouble",
            "setBigDecimal",
            "setString",
            "setBytes");

    /** Values of which {@code setObject} does. */
    private static final Set<Class<?>> TOLD = Set.of(
            Boolean.class,
            Short.class,
            Integer.class,
            Long.class,
            Float.class,
            Double.class,
            BigDecimal.class,
            String.class,
            UUID.class);

    private final Method method;
    private final @Nullable Object[] arguments;

    private RecordedCall(Method method, @Nullable Object[] arguments) {
        this.method = method;
        this.arguments = arguments;
    }

    /** What the driver would read at once is read here: it can be read only once. */
    static RecordedCall of(Method method, @Nullable Object[] arguments) throws SQLException {
        @Nullable Object[] kept = arguments.clone();
        for (int i = 0; i < kept.length; i++) {
            if (kept[i] instanceof Reader reader) {
                kept[i] = new Text(read(reader, limit(arguments, i)));
            } else if (kept[i] instanceof InputStream stream && isReadAtOnce(method, arguments)) {
                kept[i] = new Bytes(read(stream, limit(arguments, i)));
            } else {
                kept[i] = asItIs(Proxies.own(kept[i]));
            }
        }
        return new RecordedCall(method, kept);
    }

    /** The driver reads a value when it is set: what becomes of it afterwards must not count. */
    @SuppressWarnings("JavaUtilDate") // whoever uses it may change it
    private static @Nullable Object asItIs(@Nullable Object value) throws SQLException {
        if (value instanceof Date date) {
            return date.clone();
        }
        if (value instanceof Calendar calendar) {
            return calendar.clone();
        }
        if (value instanceof SQLXML xml) {
            return new Xml(xml.getString());
        }
        if (value instanceof PGobject object) {
            try {
                return object.clone();
            } catch (CloneNotSupportedException failure) {
                throw new SQLException("a parameter cannot be read", failure);
            }
        }
        if (value != null && value.getClass().isArray()) {
            int length = Array.getLength(value);
            Object copy = Array.newInstance(value.getClass().getComponentType(), length);
            System.arraycopy(value, 0, copy, 0, length);
            return copy;
        }
        return value;
    }

    /** Of what comes with a length the driver reads bytes when it sends them, unless they are characters. */
    private static boolean isReadAtOnce(Method method, @Nullable Object[] arguments) {
        return READ_AT_ONCE.contains(method.getName()) || arguments.length == 2;
    }

    /** Whether it makes something in the database when it is set. */
    static boolean makesLargeObject(Method method, @Nullable Object[] arguments) {
        return LARGE_OBJECTS.contains(method.getName())
                || (arguments.length > 1 && (arguments[1] instanceof Blob || arguments[1] instanceof Clob))
                || (arguments.length > 2
                        && (JDBCType.BLOB.equals(arguments[2])
                                || Integer.valueOf(Types.BLOB).equals(arguments[2])));
    }

    /** Whether the driver may have to ask the server what type this is. */
    static boolean mayAskForType(Method method, @Nullable Object[] arguments) {
        return method.getName().equals("setObject")
                && arguments.length > 1
                && arguments[1] != null
                && !arguments[1].getClass().getName().startsWith("java.");
    }

    /**
     * Whether the driver tells the server the type. Otherwise it asks for it, before the statements around this one
     * have run.
     */
    boolean tellsType(BaseConnection driver) {
        boolean isObject = method.getName().equals("setObject");
        Object value = arguments.length > 1 ? arguments[1] : null;
        if (value instanceof String && !driver.getStringVarcharFlag()) {
            return false; // stringtype=unspecified
        }
        return isObject
                ? arguments.length == 2 && value != null && TOLD.contains(value.getClass())
                : TELLING.contains(method.getName());
    }

    /** Whether it can be set any number of times. What is read while it is sent is gone then. */
    boolean isRepeatable() {
        for (Object argument : arguments) {
            if (argument instanceof InputStream) {
                return false;
            }
        }
        return true;
    }

    /**
     * Sets it on {@code statement}.
     *
     * @param before how many parameters that statement has before the borrower's
     */
    void applyTo(Statement statement, int before) throws SQLException {
        @Nullable Object[] actual = arguments.clone();
        if (before > 0 && actual[0] instanceof Integer index) {
            actual[0] = index + before;
        }
        for (int i = 0; i < actual.length; i++) {
            if (actual[i] instanceof Text text) {
                actual[i] = new StringReader(text.characters);
            } else if (actual[i] instanceof Bytes bytes) {
                actual[i] = new ByteArrayInputStream(bytes.content);
            } else if (actual[i] instanceof Xml xml) {
                actual[i] = xml.madeOn(statement.getConnection());
            }
        }
        Proxies.call(statement, method, actual);
    }

    private static long limit(@Nullable Object[] arguments, int stream) {
        return arguments.length > stream + 1 && arguments[stream + 1] instanceof Number length
                ? length.longValue()
                : Long.MAX_VALUE;
    }

    private static String read(Reader reader, long limit) throws SQLException {
        StringBuilder text = new StringBuilder();
        char[] buffer = new char[4096];
        try {
            int read;
            while (text.length() < limit
                    && (read = reader.read(buffer, 0, (int) Math.min(buffer.length, limit - text.length()))) >= 0) {
                text.append(buffer, 0, read);
            }
        } catch (IOException failure) {
            throw new SQLException("a parameter cannot be read", failure);
        }
        return text.toString();
    }

    private static byte[] read(InputStream stream, long limit) throws SQLException {
        try {
            return stream.readNBytes((int) Math.min(limit, Integer.MAX_VALUE));
        } catch (IOException failure) {
            throw new SQLException("a parameter cannot be read", failure);
        }
    }

    private record Text(String characters) {}

    /** The text of an XML value, which can be freed as soon as it was set. */
    private record Xml(@Nullable String text) {
        SQLXML madeOn(Connection connection) throws SQLException {
            SQLXML xml = connection.createSQLXML();
            xml.setString(text);
            return xml;
        }
    }

    @SuppressWarnings("ArrayRecordComponent") // is read, and never compared
    private record Bytes(byte[] content) {}
}
