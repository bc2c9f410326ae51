package dev.tenancy.jdbc;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.tenancy.TenantId;
import dev.tenancy.testservers.TestPostgres;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * A database of a host that has a bit of everything: policies and none, references in a tree, in a circle and to
 * themselves, partitions, inheritance, names that have to be quoted.
 */
final class OffboardingDatabase implements AutoCloseable {
    static final TenantId ACME = TenantId.of("acme");
    static final TenantId GLOBEX = TenantId.of("globex");

    /** How many rows each has. */
    static final int ROWS = 197;

    /** All that have the tenant column; children come after their parents. */
    static final List<String> TABLES = List.of(
            "projects",
            "tasks",
            "comments",
            "\"Odd \"\"Names\"\"/../\"",
            "events",
            "archive",
            "archive_old",
            "plain",
            "ring_a",
            "ring_b",
            "links",
            "elsewhere.notes");

    private final TestPostgres.Database database = TestPostgres.newDatabase();

    OffboardingDatabase() throws SQLException {
        database.asOwner(
                "CREATE SCHEMA elsewhere",
                "GRANT USAGE ON SCHEMA elsewhere TO " + database.app(),
                "CREATE TABLE projects (id bigint, name text NOT NULL)",
                "CREATE TABLE tasks (id bigint, project_id bigint NOT NULL, parent_id bigint, title text)",
                "CREATE TABLE comments (id bigint, task_id bigint NOT NULL, body text)");
        try (Connection owner = database.ownerConnection()) {
            RowLevelSecurity.table("projects")
                    .key("id")
                    .grantTo(database.app())
                    .build()
                    .apply(owner);
            RowLevelSecurity.table("tasks")
                    .key("id")
                    .references("project_id", "projects")
                    .references("parent_id", "tasks")
                    .grantTo(database.app())
                    .build()
                    .apply(owner);
            RowLevelSecurity.table("comments")
                    .key("id")
                    .belongsTo("task_id", "tasks")
                    .grantTo(database.app())
                    .build()
                    .apply(owner);
        }
        database.asOwner(
                "CREATE TABLE \"Odd \"\"Names\"\"/../\" (tenant_id text, \"Käse \"\"%s\"\"\" text, PRIMARY KEY (tenant_id, \"Käse \"\"%s\"\"\"))",
                "CREATE TABLE events (tenant_id text NOT NULL, at int NOT NULL, previous int,"
                        + " PRIMARY KEY (tenant_id, at), FOREIGN KEY (tenant_id, previous) REFERENCES events)"
                        + " PARTITION BY RANGE (at)",
                "CREATE TABLE events_1 PARTITION OF events FOR VALUES FROM (0) TO (10)",
                "CREATE TABLE events_2 PARTITION OF events FOR VALUES FROM (10) TO (1000000)",
                "ALTER TABLE events ENABLE ROW LEVEL SECURITY",
                "ALTER TABLE events FORCE ROW LEVEL SECURITY",
                "CREATE POLICY bound ON events USING (tenant_id = (SELECT current_setting('tenancy.tenant_id', true)))",
                "CREATE TABLE archive (tenant_id text, body text)",
                "CREATE TABLE archive_old (since int) INHERITS (archive)",
                "CREATE TABLE plain (tenant_id text, id bigint GENERATED ALWAYS AS IDENTITY, body text)",
                // A circle that no NULL can break, and nothing defers.
                "CREATE TABLE ring_a (tenant_id text NOT NULL, id int, b int NOT NULL, PRIMARY KEY (tenant_id, id))",
                "CREATE TABLE ring_b (tenant_id text NOT NULL, id int, a int NOT NULL, PRIMARY KEY (tenant_id, id),"
                        + " FOREIGN KEY (tenant_id, a) REFERENCES ring_a)",
                // A circle of rows in one table.
                "CREATE TABLE links (tenant_id text NOT NULL, id int, next int, PRIMARY KEY (tenant_id, id),"
                        + " FOREIGN KEY (tenant_id, next) REFERENCES links)",
                "CREATE TABLE elsewhere.notes (tenant_id text, task_id bigint, body text,"
                        + " FOREIGN KEY (tenant_id, task_id) REFERENCES public.tasks)",
                "GRANT SELECT, INSERT ON plain, events TO " + database.app());
        database.asOwner("ALTER TABLE ring_a ADD FOREIGN KEY (tenant_id, b) REFERENCES ring_b");
        addOf(ACME.value());
        addOf(GLOBEX.value());
    }

    /** Some rows in each table. */
    void addOf(String tenant) {
        // In whatever order: as on a replica, foreign keys are not looked at.
        database.asSuperuser(Stream.of(
                        "SET session_replication_role = replica",
                        "INSERT INTO projects (tenant_id, id, name) SELECT '%s', n, 'project ' || n FROM generate_series(1, 5) n",
                        "INSERT INTO tasks (tenant_id, id, project_id, parent_id, title)"
                                + " SELECT '%s', n, 1 + n %% 5, nullif(n / 3, 0), 'task ' || n FROM generate_series(1, 40) n",
                        "INSERT INTO comments (tenant_id, id, task_id, body)"
                                + " SELECT '%s', n, 1 + n %% 40, 'comment ' || n FROM generate_series(1, 60) n",
                        "INSERT INTO \"Odd \"\"Names\"\"/../\" SELECT '%s', n::text FROM generate_series(1, 7) n",
                        "INSERT INTO events SELECT '%s', n, nullif(n - 1, 0) FROM generate_series(1, 30) n",
                        "INSERT INTO archive VALUES ('%s', 'new')",
                        "INSERT INTO archive_old VALUES ('%s', 'old', 1), ('%s', 'older', 2)",
                        "INSERT INTO plain (tenant_id, body) SELECT '%s', 'plain ' || n FROM generate_series(1, 25) n",
                        "INSERT INTO ring_a SELECT '%s', n, n FROM generate_series(1, 3) n",
                        "INSERT INTO ring_b SELECT '%s', n, 1 + n %% 3 FROM generate_series(1, 3) n",
                        "INSERT INTO links SELECT '%s', n, 1 + n %% 12 FROM generate_series(1, 12) n",
                        "INSERT INTO elsewhere.notes SELECT '%s', n, 'note' FROM generate_series(1, 9) n")
                .map(sql -> sql.replace("%%", "%").replace("%s", tenant))
                .toArray(String[]::new));
    }

    TestPostgres.Database database() {
        return database;
    }

    /** With a pool: it takes a connection for each transaction. Of those that are not used, soon none is left. */
    TenantOffboarding.Builder offboarding() {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(database.ownerUrl());
        config.setMaximumPoolSize(4);
        config.setMinimumIdle(0);
        config.setIdleTimeout(TimeUnit.SECONDS.toMillis(10));
        return TenantOffboarding.builder(new HikariDataSource(config));
    }

    static DataSource source(String url) {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl(url);
        return source;
    }

    /** What a superuser, to whom no policy applies, finds of a tenant, table by table. */
    List<String> rowsOf(String tenant) throws SQLException {
        return rows("tenant_id = '" + tenant + "'");
    }

    List<String> rowsOfOthersThan(String tenant) throws SQLException {
        return rows("tenant_id <> '" + tenant + "'");
    }

    private List<String> rows(String condition) throws SQLException {
        return strings(TABLES.stream()
                .map(table ->
                        "SELECT " + TABLES.indexOf(table) + ", '" + table.replace("'", "''") + " ' || t::text FROM "
                                + (table.equals("events") ? table : "ONLY " + table) + " AS t WHERE " + condition)
                .collect(Collectors.joining(
                        " UNION ALL ", "SELECT found FROM (", ") AS rows (number, found) ORDER BY number, found")));
    }

    /** The first column of what a superuser selects. */
    List<String> strings(String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(database.superuserUrl());
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            List<String> strings = new ArrayList<>();
            while (row.next()) {
                strings.add(row.getString(1));
            }
            return strings;
        }
    }

    @Override
    public void close() {
        database.close();
    }
}
