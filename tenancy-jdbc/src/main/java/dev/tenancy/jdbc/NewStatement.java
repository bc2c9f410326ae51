package dev.tenancy.jdbc;

import java.lang.reflect.Method;
import java.sql.CallableStatement;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Makes the statements of a bound connection, in all ways in which JDBC lets one ask for them. */
final class NewStatement {
    private NewStatement() {}

    static Statement ofTexts(BoundConnection connection, Method method, @Nullable Object @Nullable [] arguments)
            throws SQLException {
        return Proxies.proxy(Statement.class, new TextPart(connection, method, arguments, isReadOnly(arguments, 1)));
    }

    static PreparedStatement prepared(
            BoundConnection connection, Method method, @Nullable Object @Nullable [] arguments) throws SQLException {
        if (arguments == null || !(arguments[0] instanceof String sql)) {
            return (PreparedStatement) made(connection.work(lease -> connection.call(method, arguments)));
        }
        boolean asksForNothingMore = arguments.length == 1
                || (arguments.length > 2 && isReadOnly(arguments, 2))
                || Integer.valueOf(Statement.NO_GENERATED_KEYS).equals(arguments[1]);
        return Proxies.proxy(
                PreparedStatement.class, new PreparedPart(connection, sql, asksForNothingMore, (physical, text) -> {
                    @Nullable Object[] withText = arguments.clone();
                    withText[0] = text;
                    return (PreparedStatement) made(Proxies.call(physical, method, withText));
                }));
    }

    static @Nullable Object call(BoundConnection connection, Method method, @Nullable Object @Nullable [] arguments)
            throws SQLException {
        String sql = String.valueOf(arguments == null ? null : arguments[0]);
        return connection.work(lease -> {
            lease.clean();
            CallableStatement statement = (CallableStatement) made(connection.call(method, arguments));
            SqlKind kind = SqlText.of(sql, connection.standardStrings()).kind();
            return Proxies.proxy(CallableStatement.class, new CallPart(connection, statement, kind));
        });
    }

    private static boolean isReadOnly(@Nullable Object @Nullable [] arguments, int concurrency) {
        return arguments == null || Integer.valueOf(ResultSet.CONCUR_READ_ONLY).equals(arguments[concurrency]);
    }

    static Object made(@Nullable Object byDriver) {
        return Objects.requireNonNull(byDriver, "what the driver made");
    }
}
