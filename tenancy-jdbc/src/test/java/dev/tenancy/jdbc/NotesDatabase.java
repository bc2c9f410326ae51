package dev.tenancy.jdbc;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.tenancy.TenantContext;
import dev.tenancy.TenantIdentity;
import dev.tenancy.testservers.TestPostgres;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;

/** A database with one tenant table, {@code notes(id, body)}, and the application's role. */
public final class NotesDatabase implements AutoCloseable {
    private final TestPostgres.Database database = TestPostgres.newDatabase();

    public NotesDatabase() throws SQLException {
        database.asOwner("CREATE TABLE notes (id bigint GENERATED ALWAYS AS IDENTITY, body text NOT NULL)");
        try (Connection owner = database.ownerConnection()) {
            rowLevelSecurity().apply(owner);
        }
    }

    /** What protects the table. */
    public RowLevelSecurity rowLevelSecurity() {
        return RowLevelSecurity.table("notes")
                .key("id")
                .unique("body")
                .grantTo(database.app())
                .build();
    }

    public TestPostgres.Database database() {
        return database;
    }

    /**
     * A pool of one connection, of the application's role, so that every borrower gets the session of the one before.
     */
    public HikariDataSource poolOfOne(boolean autoCommit) {
        return poolOfOne(database.appUrl(), autoCommit);
    }

    /** A pool of one connection to {@code url}. */
    public static HikariDataSource poolOfOne(String url, boolean autoCommit) {
        return pool(url, 1, autoCommit);
    }

    /** A pool of some connections to {@code url}, in autocommit. */
    public static HikariDataSource poolOf(String url, int size) {
        return pool(url, size, true);
    }

    private static HikariDataSource pool(String url, int size, boolean autoCommit) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setMaximumPoolSize(size);
        config.setAutoCommit(autoCommit);
        config.setConnectionTimeout(10_000);
        return new HikariDataSource(config);
    }

    /** The pool, bound to tenants, after each of the two has stored a note through it. */
    public static TenantDataSource withANoteOfEach(DataSource pool, TenantBinding binding) throws SQLException {
        TenantDataSource source = TenantDataSource.wrap(pool, binding);
        store(source, Tenants.A, "of A");
        store(source, Tenants.B, "of B");
        return source;
    }

    /** Stores a note as {@code identity}, and commits. */
    public static void store(TenantDataSource source, TenantIdentity identity, String body) throws SQLException {
        TenantContext.run(identity, () -> {
            try (Connection connection = source.getConnection()) {
                insert(connection, body);
                if (!connection.getAutoCommit()) {
                    connection.commit();
                }
            }
        });
    }

    /** The notes that {@code identity} sees. */
    public static List<String> visibleTo(TenantDataSource source, TenantIdentity identity) throws SQLException {
        return TenantContext.call(identity, () -> {
            try (Connection connection = source.getConnection()) {
                return visibleOn(connection);
            }
        });
    }

    /** Stores a note by SQL that knows nothing of tenants. */
    public static void insert(Connection connection, String body) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO notes (body) VALUES (?)")) {
            insert.setString(1, body);
            insert.executeUpdate();
        }
    }

    /** The notes that SQL without a WHERE clause sees. */
    public static List<String> visibleOn(Connection connection) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("SELECT body FROM notes ORDER BY body");
                ResultSet rows = select.executeQuery()) {
            List<String> bodies = new ArrayList<>();
            while (rows.next()) {
                bodies.add(rows.getString(1));
            }
            return bodies;
        }
    }

    @Override
    public void close() {
        database.close();
    }
}
