package dev.tenancy.jdbc;

import java.io.InputStream;
import java.io.OutputStream;
import java.io.Reader;
import java.lang.reflect.Method;
import java.sql.Array;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** An array or a large object. */
final class ValuePart extends BoundPart {
    private final Object target;
    private volatile boolean freed;

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
        if (!(target instanceof Array)) {
            return guarded(connection().alone(lease -> call(proxy, target, method, arguments)));
        }
        if (method.getName().equals("free")) {
            freed = true; // for the borrower: it may be the parameter of a statement that is still to be executed
            return null;
        }
        if (freed) {
            throw new SQLException("this array was freed", SqlStates.OBJECT_NOT_IN_STATE);
        }
        return connection().alone(lease -> call(proxy, target, method, arguments));
    }

    /** A stream of a large object asks the server as it is read, long after it was asked for. */
    private @Nullable Object guarded(@Nullable Object result) {
        if (result instanceof InputStream stream) {
            return new LargeObjectInput(connection(), stream);
        }
        if (result instanceof OutputStream stream) {
            return new LargeObjectOutput(connection(), stream);
        }
        return result instanceof Reader reader ? new LargeObjectReader(connection(), reader) : result;
    }
}
