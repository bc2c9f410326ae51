package dev.tenancy.jdbc;

import java.lang.reflect.Method;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** What the driver says of columns or parameters. What it was not told with them it asks of the server, when asked. */
final class DescriptionPart extends BoundPart {
    private final Object target;

    DescriptionPart(BoundConnection connection, Object target) {
        super(connection);
        this.target = target;
    }

    @Override
    Object target() {
        return target;
    }

    @Override
    @Nullable
    Object invoked(Object proxy, Method method, @Nullable Object @Nullable [] arguments) throws SQLException {
        return connection().work(lease -> lease.run(SqlKind.CATALOG, () -> call(proxy, target, method, arguments)));
    }
}
