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
    private final SqlKind kind;

    /**
     * @param statement made on a session that is clean: it cannot be moved to another one
     * @param kind what its text does, which may be something else than a call
     */
    CallPart(BoundConnection connection, CallableStatement statement, SqlKind kind) {
        super(connection);
        this.statement = statement;
        this.kind = kind.controlsTransactions() ? kind : SqlKind.ANYTHING;
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
        return connection().work(lease -> executeAlone(proxy, lease, kind, statement, method, arguments));
    }

    @Override
    @Nullable
    Object otherwise(Object proxy, Method method, @Nullable Object @Nullable [] arguments) throws SQLException {
        return connection().alone(lease -> call(proxy, statement, method, arguments));
    }
}
