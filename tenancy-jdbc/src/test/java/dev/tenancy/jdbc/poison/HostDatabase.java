package dev.tenancy.jdbc.poison;

import dev.tenancy.jdbc.NotesDatabase;
import dev.tenancy.testservers.TestPgBouncer;
import dev.tenancy.testservers.TestPostgres;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a host has in its database besides the table of tenants' notes, and what a careless administrator granted: a
 * table that everybody may write, a function that runs any text, a schema in which the application may create.
 */
final class HostDatabase implements AutoCloseable {
    /** What a session gets that {@code setseed} was called in, so that it can be told in advance. */
    static final double SEED = 0.25;

    private final NotesDatabase notes = new NotesDatabase();
    private final TestPostgres.Database database = notes.database();
    private final String clerk = database.app() + "_clerk";
    private final Connection superuser = DriverManager.getConnection(database.superuserUrl());
    private final Set<Double> predictable = new TreeSet<>();

    HostDatabase() throws SQLException {
        database.asOwner(
                "CREATE TABLE stash (what text)",
                "GRANT SELECT, INSERT ON stash TO PUBLIC",
                "CREATE SEQUENCE tickets",
                "GRANT USAGE ON SEQUENCE tickets TO PUBLIC",
                "CREATE TYPE mood AS ENUM ('glad', 'sad')",
                "CREATE DOMAIN label AS text",
                """
                CREATE FUNCTION notes_like(pattern text) RETURNS bigint LANGUAGE plpgsql AS
                $$ BEGIN RETURN (SELECT count(*) FROM notes WHERE body LIKE pattern); END $$""",
                """
                CREATE FUNCTION labelled(raw text) RETURNS text LANGUAGE plpgsql AS
                $$ DECLARE it label := raw; BEGIN RETURN it; END $$""",
                """
                CREATE FUNCTION run(sql text) RETURNS void LANGUAGE plpgsql AS
                $$ BEGIN EXECUTE sql; END $$""");
        execute("CREATE ROLE " + clerk, "GRANT " + clerk + " TO " + database.app());
        execute("SELECT setseed(" + SEED + ")");
        try (Statement statement = superuser.createStatement();
                ResultSet rows = statement.executeQuery("SELECT random() FROM generate_series(1, 2000)")) {
            while (rows.next()) {
                predictable.add(rows.getDouble(1));
            }
        }
    }

    String appUrl() {
        return database.appUrl();
    }

    /** Another role that the application may take, and that has no right to any table. */
    String clerk() {
        return clerk;
    }

    String app() {
        return database.app();
    }

    /** Whether this comes of a seed that A has set. */
    boolean isPredictable(double random) {
        return predictable.contains(random);
    }

    /** One note of each tenant, and nothing that anybody left. No session of the application may be open. */
    void makeNew() throws SQLException {
        execute(
                "ALTER ROLE " + database.app() + " RESET ALL",
                "DROP SCHEMA IF EXISTS workshop CASCADE",
                "CREATE SCHEMA workshop",
                "GRANT ALL ON SCHEMA workshop TO " + database.app(),
                "DELETE FROM notes",
                "DELETE FROM stash",
                "INSERT INTO notes (tenant_id, body) VALUES ('tenant-a', 'of A'), ('tenant-b', 'of B')");
    }

    /** The notes that are stored for this tenant, whoever may see them. */
    List<String> storedFor(String tenant) throws SQLException {
        try (PreparedStatement select =
                superuser.prepareStatement("SELECT body FROM notes WHERE tenant_id = ? ORDER BY body")) {
            select.setString(1, tenant);
            return Rows.strings(select);
        }
    }

    /** What was written where everybody may write. */
    List<String> stashed() throws SQLException {
        try (PreparedStatement select = superuser.prepareStatement("SELECT what FROM stash ORDER BY what")) {
            return Rows.strings(select);
        }
    }

    /** Whether somebody else may have this advisory lock. */
    boolean isLockFree(long key) throws SQLException {
        try (PreparedStatement lock =
                superuser.prepareStatement("SELECT pg_try_advisory_lock(?) AND pg_advisory_unlock(?)")) {
            lock.setLong(1, key);
            lock.setLong(2, key);
            return Rows.strings(lock).equals(List.of("t"));
        }
    }

    void asOwner(String... statements) {
        database.asOwner(statements);
    }

    void execute(String... statements) throws SQLException {
        try (Statement statement = superuser.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    /** The tenant that each note is stored for, but for those that were there at first. */
    Map<String, String> tenantsByNote() throws SQLException {
        Map<String, String> tenants = new HashMap<>();
        try (Statement statement = superuser.createStatement();
                ResultSet rows =
                        statement.executeQuery("SELECT body, tenant_id FROM notes WHERE body NOT LIKE 'of _'")) {
            while (rows.next()) {
                tenants.put(rows.getString(1), rows.getString(2));
            }
        }
        return tenants;
    }

    TestPgBouncer behindPgBouncer(TestPgBouncer.PoolMode mode, int sessions) {
        return TestPgBouncer.start(database, mode, sessions);
    }

    /** Waits until a session has ended. */
    void awaitEndOf(int pid) throws SQLException {
        try (PreparedStatement select = superuser.prepareStatement("SELECT FROM pg_stat_activity WHERE pid = ?")) {
            select.setInt(1, pid);
            boolean lives = true;
            while (lives) {
                try (ResultSet row = select.executeQuery()) {
                    lives = row.next();
                }
            }
        }
    }

    @Override
    public void close() throws SQLException {
        superuser.close();
        database.close();
    }
}
