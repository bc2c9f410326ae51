package dev.tenancy.jdbc;

import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** Something that is done with a physical connection, or with what it made. */
@FunctionalInterface
interface SqlCall {
    @Nullable
    Object call() throws SQLException;
}
