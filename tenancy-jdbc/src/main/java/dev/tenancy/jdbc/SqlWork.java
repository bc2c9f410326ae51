package dev.tenancy.jdbc;

import java.sql.SQLException;

/** Something that is done with a physical connection, or with what it made. */
@FunctionalInterface
interface SqlWork {
    void run() throws SQLException;
}
