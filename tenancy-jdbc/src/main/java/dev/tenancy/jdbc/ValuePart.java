package dev.tenancy.jdbc;

import java.lang.reflect.Method;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** An array or a large object. */
final class ValuePart extends BoundPart {
    private final Object target;

    ValuePart(BoundConnection connection, Object target) {
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
        return call(proxy, target, method, arguments);
    }
}
