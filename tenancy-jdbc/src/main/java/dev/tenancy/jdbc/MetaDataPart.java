package dev.tenancy.jdbc;

import java.lang.reflect.Method;
import java.sql.DatabaseMetaData;
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
        return target(connection().lease());
    }

    private static DatabaseMetaData target(Lease lease) throws SQLException {
        return lease.connection().getMetaData();
    }

    /** What comes as rows is asked of the server; the rest the driver knows, or asks with texts that have no name. */
    @Override
    @Nullable
    Object invoked(Object proxy, Method method, @Nullable Object @Nullable [] arguments) throws SQLException {
        if (method.getReturnType() != ResultSet.class) {
            return connection().work(lease -> call(proxy, target(lease), method, arguments));
        }
        return connection()
                .work(lease -> lease.run(SqlKind.CATALOG, () -> call(proxy, target(lease), method, arguments)));
    }
}
