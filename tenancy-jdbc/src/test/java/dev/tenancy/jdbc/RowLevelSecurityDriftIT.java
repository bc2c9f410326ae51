package dev.tenancy.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.tenancy.jdbc.RowLevelSecurity.Drift;
import dev.tenancy.testservers.TestPostgres;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a tenant table must be is made once, is found missing, and is mended. */
@ParameterizedClass(name = "{0}, sealed={1}")
@CsvSource({"TEXT,false", "TEXT,true", "UUID,false", "UUID,true", "BIGINT,false", "BIGINT,true"})
class RowLevelSecurityDriftIT {
    private final TenantColumn column;
    private final boolean sealed;

    @AutoClose
    private final TestPostgres.Database database = TestPostgres.newDatabase();

    private Connection owner;

    RowLevelSecurityDriftIT(TenantColumn column, boolean sealed) {
        this.column = column;
        this.sealed = sealed;
    }

    @BeforeEach
    void createTables() throws SQLException {
        owner = database.ownerConnection();
        TenantSeal.install(owner, SealKey.random("k1"));
        execute(owner, "CREATE TABLE projects (id bigint NOT NULL, name text)");
        execute(owner, "CREATE TABLE tasks (id bigint NOT NULL, project bigint, title text)");
    }

    @AfterEach
    void close() throws SQLException {
        owner.close();
    }

    private List<RowLevelSecurity> both() {
        return List.of(
                as(RowLevelSecurity.table("projects").key("id").unique("name")),
                as(RowLevelSecurity.table("tasks").key("id").belongsTo("project", "projects")));
    }

    private RowLevelSecurity as(RowLevelSecurity.Builder builder) {
        builder.tenantColumn(column).existingRowsBelongTo(tenant(1)).grantTo(database.app());
        return (sealed ? builder.sealed() : builder).build();
    }

    private String tenant(int number) {
        return switch (column) {
            case TEXT -> "tenant-" + number;
            case UUID -> "00000000-0000-0000-0000-00000000000" + number;
            case BIGINT -> String.valueOf(number);
        };
    }

    private void applyBoth() throws SQLException {
        for (RowLevelSecurity table : both()) {
            table.apply(owner);
        }
    }

    private List<Drift> drift() throws SQLException {
        List<Drift> all = new ArrayList<>();
        for (RowLevelSecurity table : both()) {
            all.addAll(table.drift(owner));
        }
        return all;
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** Every row of the catalogs that says something of the tables, and the transaction that wrote it. */
    private String catalogs() throws SQLException {
        StringBuilder rows = new StringBuilder();
        for (String query : List.of(
                "SELECT oid, xmin, relacl FROM pg_class WHERE relnamespace = 'public'::regnamespace",
                "SELECT attrelid, attnum, c.xmin, c.atttypid FROM pg_attribute AS c JOIN pg_class AS t ON t.oid = attrelid"
                        + " WHERE relnamespace = 'public'::regnamespace",
                "SELECT oid, xmin FROM pg_policy",
                "SELECT oid, xmin FROM pg_attrdef",
                "SELECT oid, xmin FROM pg_constraint WHERE connamespace = 'public'::regnamespace",
                "SELECT indexrelid, xmin FROM pg_index WHERE indexrelid >= 16384")) {
            try (Statement statement = owner.createStatement();
                    ResultSet row = statement.executeQuery(
                            "SELECT string_agg(r::text, ',' ORDER BY r::text) FROM (" + query + ") AS r")) {
                row.next();
                rows.append(row.getString(1)).append('\n');
            }
        }
        return rows.toString();
    }

    @Test
    void appliedAgainNotARowOfTheCatalogsIsWritten() throws SQLException {
        applyBoth();
        String before = catalogs();

        applyBoth();
        for (RowLevelSecurity table : both()) {
            execute(owner, table.sql());
        }

        assertThat(catalogs()).isEqualTo(before);
        assertThat(drift()).isEmpty();
    }

    @Test
    void allOfItIsMissingBefore() throws SQLException {
        assertThat(both().get(0).drift(owner))
                .extracting(Drift::lacks)
                .contains("a column tenant_id", "row-level security", "the policy tenancy_restrictive for everybody");
        assertThatThrownBy(() -> RowLevelSecurity.table("nowhere").build().drift(owner))
                .isInstanceOfSatisfying(
                        SQLException.class,
                        fault -> assertThat(fault.getSQLState()).isEqualTo("42P01"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ALTER TABLE tasks DISABLE ROW LEVEL SECURITY | row-level security",
                "ALTER TABLE tasks NO FORCE ROW LEVEL SECURITY | row-level security for its owner too",
                "DROP POLICY tenancy_permissive ON tasks | the policy tenancy_permissive for everybody",
                "DROP POLICY tenancy_restrictive ON tasks | the policy tenancy_restrictive for everybody",
                "ALTER POLICY tenancy_permissive ON tasks USING (true) | the policy tenancy_permissive for everybody",
                "ALTER POLICY tenancy_restrictive ON tasks WITH CHECK (true) | the policy tenancy_restrictive for everybody",
                "ALTER POLICY tenancy_restrictive ON tasks TO $app | the policy tenancy_restrictive for everybody",
                "ALTER POLICY tenancy_restrictive ON tasks USING (tenant_id IS NULL OR true)"
                        + " | the policy tenancy_restrictive for everybody",
                "ALTER TABLE tasks ALTER tenant_id DROP DEFAULT | the bound tenant as default of tenant_id",
                "ALTER TABLE tasks ALTER tenant_id SET DEFAULT NULL | the bound tenant as default of tenant_id",
                "GRANT TRUNCATE ON tasks TO $app | SELECT, INSERT, UPDATE and DELETE for $app, and nothing else",
                "GRANT SELECT ON tasks TO $app WITH GRANT OPTION"
                        + " | SELECT, INSERT, UPDATE and DELETE for $app, and nothing else",
                "REVOKE DELETE ON tasks FROM $app | SELECT, INSERT, UPDATE and DELETE for $app, and nothing else",
                "REVOKE ALL ON tasks FROM $app | SELECT, INSERT, UPDATE and DELETE for $app, and nothing else",
                "GRANT SELECT ON tasks TO PUBLIC | no rights of PUBLIC"
            })
    void whatIsTakenAwayIsFoundAndMended(String damage, String lacks) throws SQLException {
        applyBoth();
        execute(owner, damage.replace("$app", database.app()));

        List<Drift> found = drift();

        assertThat(found)
                .extracting(Drift::table, Drift::lacks)
                .containsExactly(tuple("tasks", lacks.replace("$app", database.app())));
        execute(owner, found.get(0).mend());
        assertThat(drift()).isEmpty();
    }

    @Test
    void keysAndIndexesThatAreTakenAwayAreFoundAndMended() throws SQLException {
        applyBoth();
        for (String constraint : List.of(
                "SELECT conname FROM pg_constraint WHERE conrelid = 'tasks'::regclass AND contype = 'f'",
                "SELECT conname FROM pg_constraint WHERE conrelid = 'tasks'::regclass AND contype = 'p'")) {
            execute(owner, "ALTER TABLE tasks DROP CONSTRAINT " + name(constraint));
        }
        execute(
                owner,
                "DROP INDEX "
                        + name("SELECT indexrelid::regclass FROM pg_index WHERE indrelid = 'projects'::regclass"
                                + " AND NOT indisprimary"));
        execute(
                owner,
                "DROP INDEX "
                        + name("SELECT indexrelid::regclass FROM pg_index WHERE indrelid = 'tasks'::regclass LIMIT 1"));
        execute(owner, "ALTER TABLE tasks ALTER tenant_id DROP NOT NULL");

        List<Drift> found = drift();

        assertThat(found)
                .extracting(Drift::lacks)
                .contains(
                        "NOT NULL on tenant_id",
                        "the primary key (tenant_id, \"id\")",
                        "a foreign key (tenant_id, \"project\") to \"projects\"",
                        "a unique index on (tenant_id, \"name\")");
        for (Drift each : found) {
            execute(owner, each.mend());
        }
        assertThat(drift()).isEmpty();
    }

    private String name(String query) throws SQLException {
        try (Statement statement = owner.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getString(1);
        }
    }

    @Test
    void rowsThatWereThereBeforeGetTheirParentsTenantOrTheOneThatIsSaid() throws SQLException {
        execute(owner, "ALTER TABLE projects ADD COLUMN tenant_id " + column.sqlType());
        execute(
                owner,
                "INSERT INTO projects VALUES (1, 'one', '" + tenant(1) + "'), (2, 'two', '" + tenant(2) + "'),"
                        + " (3, 'nobodys', NULL)");
        execute(owner, "INSERT INTO tasks VALUES (1, 1, 'of one'), (2, 2, 'of two'), (3, NULL, 'nobodys')");

        applyBoth();

        assertThat(rows("projects")).isEqualTo("1=" + tenant(1) + ",2=" + tenant(2) + ",3=" + tenant(1));
        assertThat(rows("tasks")).isEqualTo("1=" + tenant(1) + ",2=" + tenant(2) + ",3=" + tenant(1));
        assertThat(drift()).isEmpty();
    }

    private String rows(String table) throws SQLException {
        try (Connection superuser = DriverManager.getConnection(database.superuserUrl());
                Statement statement = superuser.createStatement();
                ResultSet row = statement.executeQuery(
                        "SELECT string_agg(concat(id, '=', tenant_id), ',' ORDER BY id) FROM " + table)) {
            row.next();
            return row.getString(1);
        }
    }

    @Test
    void serversThatStartAtOnceDoItOneAfterTheOther() throws Exception {
        ExecutorService servers = Executors.newFixedThreadPool(4);
        try {
            List<Callable<Integer>> starts = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                starts.add(() -> {
                    try (Connection connection = database.ownerConnection()) {
                        TenantSeal.install(connection);
                        for (RowLevelSecurity table : both()) {
                            table.apply(connection);
                        }
                        return both().size();
                    }
                });
            }
            for (Future<Integer> start : servers.invokeAll(starts)) {
                assertThat(start.get()).isEqualTo(2);
            }
        } finally {
            servers.shutdownNow();
        }
        assertThat(drift()).isEmpty();
    }
}
