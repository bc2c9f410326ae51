package dev.tenancy.jdbc.internal;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;

/**
 * Reads the catalogs in one snapshot, and leaves the connection as it was.
 *
 * <p>Everything that a query names is found in {@code pg_catalog}, and operators too, since that is the whole
 * {@code search_path} meanwhile; names that PostgreSQL prints come with their schema for the same reason.
 */
public final class CatalogSnapshot {
    /** In one statement whose own names are all qualified: nothing of the session's is looked up before it. */
    private static final String SAFE =
            "SELECT pg_catalog.set_config('search_path', 'pg_catalog, pg_temp', true), pg_catalog.set_config('jit', 'off', true),"
                    + " pg_catalog.set_config('standard_conforming_strings', 'on', true)";

    private CatalogSnapshot() {}

    /** What is read. */
    public interface Work<T> {
        /** {@return what was read} */
        T run(Statement statement) throws SQLException;
    }

    /** {@return what is read in the open transaction, up to a savepoint; or in one of its own, that reads only} */
    public static <T> T read(Connection connection, Work<T> work) throws SQLException {
        if (connection.getAutoCommit()) {
            connection.setAutoCommit(false);
            try (Statement statement = connection.createStatement()) {
                statement.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY");
                return read(statement, work);
            } finally {
                connection.rollback();
                connection.setAutoCommit(true);
            }
        }
        Savepoint before = connection.setSavepoint();
        try (Statement statement = connection.createStatement()) {
            return read(statement, work);
        } finally {
            connection.rollback(before);
        }
    }

    private static <T> T read(Statement statement, Work<T> work) throws SQLException {
        statement.execute(SAFE);
        return work.run(statement);
    }
}
