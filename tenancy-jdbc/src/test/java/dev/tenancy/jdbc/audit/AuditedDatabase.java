package dev.tenancy.jdbc.audit;

import dev.tenancy.jdbc.RowLevelSecurity;
import dev.tenancy.testservers.TestPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Three tables that {@link RowLevelSecurity} protects, in a database that was hardened as docs/audit.md says: nothing
 * is wrong with it.
 */
final class AuditedDatabase implements AutoCloseable {
    static final Path GUIDE = Path.of("..", "docs", "audit.md");

    private static final Pattern SQL = Pattern.compile("(?s)```sql\n(.*?)```");

    private final TestPostgres.Database database = TestPostgres.newDatabase();

    AuditedDatabase() throws SQLException {
        database.asOwner(
                "CREATE TABLE notes (id bigint NOT NULL, body text NOT NULL)",
                "CREATE TABLE comments (id bigint NOT NULL, note_id bigint NOT NULL)",
                "CREATE TABLE logs (line text)");
        try (Connection owner = database.ownerConnection()) {
            RowLevelSecurity.table("notes")
                    .key("id")
                    .unique("body")
                    .grantTo(database.app())
                    .build()
                    .apply(owner);
            RowLevelSecurity.table("comments")
                    .key("id")
                    .belongsTo("note_id", "notes")
                    .grantTo(database.app())
                    .build()
                    .apply(owner);
            RowLevelSecurity.table("logs").grantTo(database.app()).build().apply(owner);
        }
    }

    static AuditedDatabase hardened() throws SQLException {
        AuditedDatabase made = new AuditedDatabase();
        made.database.asSuperuser(made.hardening());
        return made;
    }

    TestPostgres.Database database() {
        return database;
    }

    /** The script of the guide, with this database's names. */
    String hardening() {
        try {
            Matcher script = SQL.matcher(Files.readString(GUIDE));
            if (!script.find()) {
                throw new IllegalStateException("the guide has no script");
            }
            return script.group(1).replace("my_database", database.name()).replace("my_app", database.app());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    Connection superuser() throws SQLException {
        return DriverManager.getConnection(database.superuserUrl());
    }

    void run(Connection connection, List<String> statements) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql.replace("$app", database.app())
                        .replace("$owner", database.owner())
                        .replace("$db", database.name()));
            }
        }
    }

    IsolationAudit audit() {
        return IsolationAudit.builder().role(database.app()).build();
    }

    @Override
    public void close() {
        database.close();
    }
}
