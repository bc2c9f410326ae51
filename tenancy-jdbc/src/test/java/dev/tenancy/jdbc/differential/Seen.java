package dev.tenancy.jdbc.differential;

import java.io.InputStream;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.sql.Array;
import java.sql.BatchUpdateException;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/** Writes down what came of a call, so that it can be compared. */
final class Seen {
    private static final Pattern IDENTITY = Pattern.compile("@[0-9a-f]{5,8}\\b");
    private static final Pattern NUMBERED = Pattern.compile("\\b([CS]_|<unnamed portal )[0-9]+");

    private Seen() {}

    /** Something that returns nothing. */
    @FunctionalInterface
    interface Act {
        void run() throws Exception;
    }

    /** {@return what comes of each, one after the other, whether it fails or not} */
    static List<String> each(Callable<?>... calls) {
        List<String> seen = new ArrayList<>();
        for (Callable<?> call : calls) {
            seen.add(outcome(call));
        }
        return seen;
    }

    /** {@return a call that returns that it was done} */
    static Callable<String> done(Act act) {
        return () -> {
            act.run();
            return "done";
        };
    }

    static String outcome(Callable<?> call) {
        try {
            return comparable(String.valueOf(value(call.call())));
        } catch (Exception failure) {
            return comparable(failure(failure));
        }
    }

    /** Without what is another one each time: identities of objects, and numbers that the driver gives. */
    private static String comparable(String seen) {
        return NUMBERED.matcher(IDENTITY.matcher(seen).replaceAll("@")).replaceAll("$1");
    }

    private static @Nullable Object value(@Nullable Object value) throws Exception {
        if (value instanceof ResultSet rows) {
            return rows(rows);
        }
        if (value instanceof byte[] bytes) {
            return HexFormat.of().formatHex(bytes);
        }
        if (value instanceof int[] numbers) {
            return Arrays.toString(numbers);
        }
        if (value instanceof long[] numbers) {
            return Arrays.toString(numbers);
        }
        if (value instanceof Object[] values) {
            return value(Arrays.asList(values));
        }
        if (value instanceof Array array) {
            return "array of " + array.getBaseTypeName() + value(array.getArray());
        }
        if (value instanceof InputStream stream) {
            return new String(stream.readAllBytes(), StandardCharsets.ISO_8859_1);
        }
        if (value instanceof Reader reader) {
            return text(reader);
        }
        if (value instanceof SQLWarning warning) {
            return failure(warning);
        }
        if (value instanceof Collection<?> values) {
            List<@Nullable Object> seen = new ArrayList<>();
            for (Object each : values) {
                seen.add(value(each));
            }
            return seen;
        }
        return value instanceof Map<?, ?> map ? new TreeMap<>(map) : value;
    }

    private static String text(Reader reader) throws Exception {
        StringBuilder text = new StringBuilder();
        int read;
        while ((read = reader.read()) >= 0) {
            text.append((char) read);
        }
        return text.toString();
    }

    private static String rows(ResultSet rows) throws SQLException {
        ResultSetMetaData columns = rows.getMetaData();
        StringBuilder seen = new StringBuilder();
        for (int i = 1; i <= columns.getColumnCount(); i++) {
            seen.append(columns.getColumnLabel(i))
                    .append(' ')
                    .append(columns.getColumnTypeName(i))
                    .append(", ");
        }
        while (rows.next()) {
            seen.append("\n  ");
            for (int i = 1; i <= columns.getColumnCount(); i++) {
                seen.append(rows.getString(i)).append(", ");
            }
        }
        return seen.toString();
    }

    @SuppressWarnings("ReferenceEquality") // whether it is the same object is what is seen
    static String failure(Throwable failure) {
        StringBuilder seen = new StringBuilder(failure.getClass().getName());
        if (!(failure instanceof NullPointerException)) { // whose message the virtual machine leaves out after a while
            seen.append(": ").append(failure.getMessage());
        }
        if (failure instanceof SQLException sql) {
            seen.append(" [")
                    .append(sql.getSQLState())
                    .append(", ")
                    .append(sql.getErrorCode())
                    .append(']');
            if (sql instanceof BatchUpdateException batch) {
                seen.append(Arrays.toString(batch.getUpdateCounts()));
                seen.append(Arrays.toString(batch.getLargeUpdateCounts()));
            }
            if (sql instanceof PSQLException ofDriver) {
                seen.append(server(ofDriver.getServerErrorMessage()));
            }
            SQLException next = sql.getNextException();
            if (next != null && next != sql) {
                seen.append("\n  next ").append(failure(next));
            }
        }
        Throwable cause = failure.getCause();
        return cause == null
                ? seen.toString()
                : seen + "\n  cause " + cause.getClass().getName();
    }

    private static String server(@Nullable ServerErrorMessage message) {
        return message == null
                ? ""
                : " " + message.getSeverity() + " position " + message.getPosition() + " detail " + message.getDetail()
                        + " hint " + message.getHint() + " where " + message.getWhere() + " table " + message.getTable()
                        + " constraint " + message.getConstraint();
    }
}
