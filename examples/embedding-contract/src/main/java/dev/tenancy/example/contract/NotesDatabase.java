package dev.tenancy.example.contract;

import dev.tenancy.example.notes.NotesSchema;
import dev.tenancy.testservers.TestPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;

/** The database of a server under test, and its tenants. */
public final class NotesDatabase {
    /** A tenant's key; {@link #GLOBEX} is another tenant's. */
    public static final String ACME = "key-of-acme-0123456789";
    /** See {@link #ACME}. */
    public static final String GLOBEX = "key-of-globex-0123456789";
    /** The key of a tenant that may ask three times a day. */
    public static final String FRUGAL = "key-of-frugal-0123456789";
    /** The key of a tenant that is suspended. */
    public static final String SUSPENDED = "key-of-suspended-0123456789";

    private final TestPostgres.Database database = TestPostgres.newDatabase();

    /** A new database with the table of notes. */
    public static NotesDatabase create() throws SQLException {
        NotesDatabase created = new NotesDatabase();
        try (Connection owner = created.database.ownerConnection()) {
            NotesSchema.apply(owner, created.database.app());
        }
        return created;
    }

    /** The database, and its roles. */
    public TestPostgres.Database roles() {
        return database;
    }

    /** What a server needs to know. */
    public Map<String, String> variables(Path directory) {
        Map<String, String> variables = new TreeMap<>();
        variables.put("NOTES_JDBC_URL", database.appUrl());
        variables.put("NOTES_PORT", "0");
        variables.put("NOTES_TENANTS", tenants(directory).toString());
        variables.put("TENANCY_RESOLVERS", "api-key");
        variables.put(
                "TENANCY_API_KEY_DIGESTS",
                String.join(
                        ";",
                        digest(ACME) + "=acme",
                        digest(GLOBEX) + "=globex",
                        digest(FRUGAL) + "=frugal",
                        digest(SUSPENDED) + "=suspended"));
        return variables;
    }

    private static Path tenants(Path directory) {
        try {
            return Files.writeString(directory.resolve("tenants.properties"), """
                    tenant[acme].status = active
                    tenant[globex].status = active
                    tenant[frugal].status = active
                    tenant[frugal].setting.rate-limit = 3/1d
                    tenant[suspended].status = suspended
                    """);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static String digest(String key) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** Keeps everybody from reading notes until it is closed. */
    public Connection lockNotes() throws SQLException {
        Connection owner = database.ownerConnection();
        owner.setAutoCommit(false);
        try (Statement statement = owner.createStatement()) {
            statement.execute("LOCK TABLE notes IN ACCESS EXCLUSIVE MODE");
        }
        return owner;
    }

    /** How many wait for notes. */
    public int waiting() throws SQLException {
        try (Connection superuser = DriverManager.getConnection(database.superuserUrl());
                Statement statement = superuser.createStatement();
                ResultSet row = statement.executeQuery("SELECT count(*) FROM pg_stat_activity WHERE usename = '"
                        + database.app() + "' AND wait_event_type = 'Lock'")) {
            row.next();
            return row.getInt(1);
        }
    }

    /** The database takes no connection of the application any more, and ends those that it has. */
    public void goDown() {
        database.asSuperuser(
                "ALTER ROLE " + database.app() + " CONNECTION LIMIT 0",
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '" + database.app() + "'");
    }

    /** It takes them again. */
    public void comeBack() {
        database.asSuperuser("ALTER ROLE " + database.app() + " CONNECTION LIMIT -1");
    }
}
