package dev.tenancy.jdbc;

import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** Something that is asked of a physical connection, or of what it made. */
@FunctionalInterface
interface SqlCall {
    @Nullable
    Object call() throws SQLException;
}
