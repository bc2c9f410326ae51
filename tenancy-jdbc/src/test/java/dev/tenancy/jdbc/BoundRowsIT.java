package dev.tenancy.jdbc;

import static dev.tenancy.jdbc.Tenants.A;
import static dev.tenancy.jdbc.Tenants.B;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tenancy.TenantContext;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.Reader;
import java.io.StringReader;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.Date;
import java.sql.JDBCType;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLType;
import java.sql.Savepoint;
import java.sql.Statement;
import java.sql.Time;
import java.sql.Timestamp;
import java.util.Arrays;
import java.util.Calendar;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TimeZone;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Every method of a result set does what the driver's does, for the borrower and for nobody else. */
class BoundRowsIT {
    /** What leads to another object is looked at by other tests. */
    private static final Set<String> LEADS_ELSEWHERE = Set.of("getStatement", "unwrap", "isWrapperFor");

    private static final Set<String> FOR_EVERYBODY = Set.of("close", "isClosed", "unwrap", "isWrapperFor");

    @AutoClose
    private NotesDatabase notes;

    private OneConnection only;
    private TenantDataSource source;

    @BeforeEach
    void storeOneNoteOfEach() throws SQLException {
        notes = new NotesDatabase();
        // HikariCP takes what a driver does not support for a broken connection.
        only = new OneConnection(notes.database().appUrl());
        source = NotesDatabase.withANoteOfEach(only.pool(), TenantBinding.transaction());
    }

    @AfterEach
    void close() throws SQLException {
        only.close();
    }

    private static List<Method> methods() {
        return Arrays.stream(ResultSet.class.getMethods())
                .filter(method -> !LEADS_ELSEWHERE.contains(method.getName()))
                .toList();
    }

    @Test
    void eachMethodDoesWhatTheDriversDoes() throws SQLException {
        TenantContext.run(A, () -> {
            Map<Method, String> bound = new LinkedHashMap<>();
            try (Connection connection = source.getConnection()) {
                for (Method method : methods()) {
                    bound.put(method, outcome(connection, method));
                }
            }
            try (Connection connection = source.getConnection()) {
                connection.setAutoCommit(false);
                Connection driver = connection.unwrap(TenantConnection.class).physicalConnection();
                for (Method method : methods()) {
                    Savepoint savepoint = driver.setSavepoint();
                    assertThat(bound.get(method)).as("%s", method).isEqualTo(outcome(driver, method));
                    driver.rollback(savepoint);
                }
            }
        });
    }

    @Test
    void eachMethodIsRefusedToAnotherTenant() throws SQLException {
        TenantContext.run(A, () -> {
            try (Connection connection = source.getConnection();
                    Statement statement = updatable(connection)) {
                for (Method method : methods()) {
                    try (ResultSet rows = rows(statement)) {
                        String outcome = TenantContext.call(B, () -> outcome(rows, method));
                        if (FOR_EVERYBODY.contains(method.getName())) {
                            assertThat(outcome).as("%s", method).doesNotContain("SQLException");
                        } else {
                            assertThat(outcome).as("%s", method).startsWith("SQLException 28000");
                        }
                    }
                }
            }
        });
    }

    /** The row is put back as it was. */
    private static String outcome(Connection connection, Method method) throws SQLException {
        try (Statement statement = updatable(connection)) {
            statement.executeUpdate("DELETE FROM notes");
            statement.executeUpdate("INSERT INTO notes (id, body) OVERRIDING SYSTEM VALUE VALUES (7, 'of A')");
            try (ResultSet rows = rows(statement)) {
                return outcome(rows, method);
            }
        }
    }

    private static Statement updatable(Connection connection) throws SQLException {
        return connection.createStatement(ResultSet.TYPE_SCROLL_INSENSITIVE, ResultSet.CONCUR_UPDATABLE);
    }

    /** On its only row, with changes that were not sent. */
    private static ResultSet rows(Statement statement) throws SQLException {
        ResultSet rows = statement.executeQuery("SELECT tenant_id, id, body FROM notes");
        rows.next();
        rows.updateString("body", "changed");
        return rows;
    }

    /** What a call returns, or how it fails. */
    private static String outcome(ResultSet rows, Method method) {
        Object[] arguments = Arrays.stream(method.getParameterTypes())
                .map(BoundRowsIT::argument)
                .toArray();
        try {
            Object result = method.invoke(rows, arguments);
            return method.getReturnType().isPrimitive() || result instanceof String || result instanceof Number
                    ? String.valueOf(result)
                    : method.getReturnType().getSimpleName() + (result == null ? " null" : "");
        } catch (InvocationTargetException failure) {
            Throwable cause = failure.getCause();
            String name = cause == null ? "" : cause.getClass().getSimpleName();
            String state = cause instanceof SQLException sql ? sql.getSQLState() : "";
            return name + " " + state + " " + (cause == null ? "" : cause.getMessage());
        } catch (IllegalAccessException failure) {
            throw new IllegalStateException(failure);
        }
    }

    private static @Nullable Object argument(Class<?> type) {
        if (type == int.class) {
            return 2;
        }
        if (type == long.class) {
            return 1L;
        }
        return Map.<Class<?>, Object>ofEntries(
                        Map.entry(boolean.class, true),
                        Map.entry(byte.class, (byte) 1),
                        Map.entry(short.class, (short) 1),
                        Map.entry(float.class, 1f),
                        Map.entry(double.class, 1d),
                        Map.entry(String.class, "body"),
                        Map.entry(BigDecimal.class, BigDecimal.ONE),
                        Map.entry(byte[].class, new byte[] {1}),
                        Map.entry(Date.class, new Date(0)),
                        Map.entry(Time.class, new Time(0)),
                        Map.entry(Timestamp.class, new Timestamp(0)),
                        Map.entry(Object.class, "1"),
                        Map.entry(SQLType.class, JDBCType.VARCHAR),
                        Map.entry(Class.class, String.class),
                        Map.entry(Map.class, Map.of()),
                        Map.entry(Calendar.class, Calendar.getInstance(TimeZone.getTimeZone("UTC"))),
                        Map.entry(InputStream.class, new ByteArrayInputStream(new byte[] {'1', '2'})),
                        Map.entry(Reader.class, new StringReader("12")))
                .get(type);
    }
}
