package dev.tenancy.jdbc.internal;

import java.sql.SQLException;

/** Something that is done with a physical connection, or with what it made. */
@FunctionalInterface
public interface SqlWork {
    void run() throws SQLException;
}
