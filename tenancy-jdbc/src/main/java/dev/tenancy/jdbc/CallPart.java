package dev.tenancy.jdbc;

import java.lang.reflect.Method;
import java.sql.CallableStatement;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A call of a function or a procedure. Its parameters go both ways, so it is never folded. */
final class CallPart extends StatementPart {
    private final CallableStatement statement;

    /** @param statement made on a session that is clean: it cannot be moved to another one */
    CallPart(BoundConnection connection, CallableStatement statement) {
        super(connection);
        this.statement = statement;
    }

    @Override
    CallableStatement current(Lease lease) {
        return statement;
    }

    @Override
    Collection<CallableStatement> made() {
        return List.of(statement);
    }

    @Override
    @Nullable
    Object executed(Object proxy, Method method, @Nullable Object @Nullable [] arguments) throws SQLException {
        return connection().work(lease -> executeAlone(proxy, lease, SqlKind.ANYTHING, statement, method, arguments));
    }

    @Override
    @Nullable
    Object otherwise(Object proxy, Method method, @Nullable Object @Nullable [] arguments) throws SQLException {
        return call(proxy, statement, method, arguments);
    }
}
