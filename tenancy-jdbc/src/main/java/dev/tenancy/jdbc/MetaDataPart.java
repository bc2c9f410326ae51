package dev.tenancy.jdbc;

import java.lang.reflect.Method;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** What the database and the driver say of themselves. */
final class MetaDataPart extends BoundPart {

    MetaDataPart(BoundConnection connection) {
        super(connection);
    }

    @Override
    Object target() throws SQLException {
        return connection().lease().connection().getMetaData();
    }

    /** What comes as rows is asked of the server; the rest the driver knows, or asks with texts that have no name. */
    @Override
    @Nullable
    Object invoked(Object proxy, Method method, @Nullable Object @Nullable [] arguments) throws SQLException {
        if (method.getReturnType() != ResultSet.class) {
            return call(proxy, target(), method, arguments);
        }
        return connection().work(lease -> lease.run(SqlKind.CATALOG, () -> call(proxy, target(), method, arguments)));
    }
}
