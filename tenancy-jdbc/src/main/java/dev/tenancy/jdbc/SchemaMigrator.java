package dev.tenancy.jdbc;

import dev.tenancy.jdbc.internal.OwnTransaction;
import dev.tenancy.jdbc.internal.Sql;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import javax.sql.DataSource;

/**
 * Migrates one schema at a time, and remembers in the database which version it has: of all servers one does it, and
 * the others wait and find it done.
 *
 * @param owner gives connections of the role that owns the schemas
 * @param migration what makes the tables
 * @param version what it makes
 * @param grants the roles that may use the rows
 * @param longestWait for who migrates the same schema
 */
record SchemaMigrator(
        DataSource owner, SchemaMigration migration, String version, List<String> grants, Duration longestWait) {
    private static final String STATE = SealFunctions.SCHEMA + ".tenant_schema";

    /** Once a server starts. */
    void prepare() throws SQLException {
        try (Connection connection = owner.getConnection()) {
            OwnTransaction.run(connection, longestWait, () -> {
                try (Statement statement = connection.createStatement()) {
                    statement.execute("CREATE SCHEMA IF NOT EXISTS " + SealFunctions.SCHEMA);
                    statement.execute("CREATE TABLE IF NOT EXISTS " + STATE
                            + " (name text PRIMARY KEY, version text NOT NULL, migrated_at timestamptz NOT NULL)");
                    statement.execute("REVOKE ALL ON " + STATE + " FROM PUBLIC");
                }
            });
            if (!connection.getAutoCommit()) {
                connection.commit();
            }
        }
    }

    /**
     * Migrates a schema, if it has not the version yet.
     *
     * @throws Exception if that fails; nothing is remembered then
     */
    void migrate(SchemaName schema) throws Exception {
        try (Connection holder = owner.getConnection()) {
            holder.setAutoCommit(false);
            try {
                lock(holder, schema);
                if (!hasVersion(holder, schema)) {
                    create(schema);
                    migration.migrate(owner, schema.name());
                    grant(holder, schema);
                    remember(holder, schema);
                }
                holder.commit();
            } catch (Exception failure) {
                holder.rollback();
                throw failure;
            }
        }
    }

    /**
     * A row that is locked: nobody without rights on the table can keep it from us, as any SQL can an advisory lock.
     * Held by the transaction, so that no pooler can separate it from us, and gone with the process. A new row is only
     * seen by others when the schema is migrated.
     */
    private void lock(Connection holder, SchemaName schema) throws SQLException {
        try (Statement statement = holder.createStatement();
                PreparedStatement insert = holder.prepareStatement("INSERT INTO " + STATE + " AS s"
                        + " (name, version, migrated_at) VALUES (?, '', '-infinity')"
                        + " ON CONFLICT (name) DO UPDATE SET version = s.version")) {
            statement.execute("SET LOCAL idle_in_transaction_session_timeout = 0");
            statement.execute(Sql.lockTimeout(longestWait));
            insert.setString(1, schema.name());
            insert.executeUpdate();
            statement.execute("SET LOCAL lock_timeout = 0");
        } catch (SQLException failure) {
            throw SqlStates.LOCK_NOT_AVAILABLE.equals(failure.getSQLState()) ? late(schema, failure) : failure;
        }
    }

    /** What who waits for a migration is told in the end. */
    static SQLException late(SchemaName schema, Exception cause) {
        return new SQLTransientConnectionException(
                "the schema " + schema.name() + " is still being migrated", SqlStates.CANNOT_CONNECT_NOW, cause);
    }

    private boolean hasVersion(Connection holder, SchemaName schema) throws SQLException {
        try (PreparedStatement select = holder.prepareStatement("SELECT FROM " + STATE + " AS s WHERE s.name = ?"
                + " AND s.version = ? AND s.migrated_at > '-infinity'"
                + " AND EXISTS (SELECT FROM pg_catalog.pg_namespace WHERE nspname = s.name)")) {
            select.setString(1, schema.name());
            select.setString(2, version);
            try (ResultSet row = select.executeQuery()) {
                return row.next();
            }
        }
    }

    /** Committed at once: the migration is done on other connections. */
    private void create(SchemaName schema) throws SQLException {
        try (Connection connection = owner.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE SCHEMA IF NOT EXISTS " + schema.quoted());
            if (!connection.getAutoCommit()) {
                connection.commit();
            }
        }
    }

    /** Rows, and nothing else: no role may create what another one's SQL would find. */
    private void grant(Connection holder, SchemaName schema) throws SQLException {
        String in = " IN SCHEMA " + schema.quoted();
        try (Statement statement = holder.createStatement()) {
            statement.execute("REVOKE ALL ON SCHEMA " + schema.quoted() + " FROM PUBLIC");
            for (String role : grants) {
                String to = " TO " + Sql.quoted(role);
                statement.execute("REVOKE ALL ON SCHEMA " + schema.quoted() + " FROM " + Sql.quoted(role));
                statement.execute("GRANT USAGE ON SCHEMA " + schema.quoted() + to);
                statement.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES" + in + to);
                statement.execute("GRANT USAGE ON ALL SEQUENCES" + in + to);
                statement.execute(
                        "ALTER DEFAULT PRIVILEGES" + in + " GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES" + to);
                statement.execute("ALTER DEFAULT PRIVILEGES" + in + " GRANT USAGE ON SEQUENCES" + to);
            }
        }
    }

    private void remember(Connection holder, SchemaName schema) throws SQLException {
        try (PreparedStatement update = holder.prepareStatement(
                "UPDATE " + STATE + " SET version = ?, migrated_at = pg_catalog.now() WHERE name = ?")) {
            update.setString(1, version);
            update.setString(2, schema.name());
            update.executeUpdate();
        }
    }
}
