package dev.tenancy.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Throws a connection away, so that no pool hands it out again. */
final class Eviction {
    private static final Logger SECURITY = LoggerFactory.getLogger("dev.tenancy.security");

    private Eviction() {}

    /** Throws away a connection that cannot be bound or cleaned, for {@code reason}. */
    static void evict(Connection connection, Exception reason) {
        SECURITY.warn("a connection is thrown away, since it cannot be bound or cleaned", reason);
        discard(connection);
    }

    /** Breaks the physical connection and closes it, by which its pool finds that it is broken. */
    static void discard(Connection connection) {
        try {
            connection.abort(Runnable::run);
        } catch (SQLException | RuntimeException failure) {
            // Lost to its pool, rather than used again.
            SECURITY.error(
                    "a connection that must not be used again cannot be broken; it is never given back", failure);
            return;
        }
        try {
            connection.close();
        } catch (SQLException | RuntimeException expected) {
            SECURITY.debug("a broken connection was given back", expected);
        }
    }
}
