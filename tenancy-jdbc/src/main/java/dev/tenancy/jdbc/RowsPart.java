package dev.tenancy.jdbc;

import java.lang.reflect.Method;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The rows that a statement found. What writes or reads a row again is a statement of its own, and is bound like one.
 */
final class RowsPart extends BoundPart {
    private static final Set<String> STATEMENTS = Set.of("insertRow", "updateRow", "deleteRow", "refreshRow");

    private final ResultSet target;
    private final @Nullable Statement statement;

    /** @param statement what made it; null if it was metadata, or an array */
    RowsPart(BoundConnection connection, ResultSet target, @Nullable Statement statement) {
        super(connection);
        this.target = target;
        this.statement = statement;
    }

    @Override
    ResultSet target() {
        return target;
    }

    @Override
    @Nullable
    Object invoked(Object proxy, Method method, @Nullable Object @Nullable [] arguments) throws SQLException {
        String name = method.getName();
        if (name.equals("getStatement")) {
            return statement;
        }
        if (STATEMENTS.contains(name)) {
            return connection().work(lease -> lease.run(SqlKind.ROWS, () -> call(proxy, target, method, arguments)));
        }
        return call(proxy, target, method, arguments);
    }
}
