package dev.tenancy.jdbc;

import static dev.tenancy.jdbc.NotesDatabase.insert;
import static dev.tenancy.jdbc.NotesDatabase.visibleOn;
import static dev.tenancy.jdbc.NotesDatabase.visibleTo;
import static dev.tenancy.jdbc.Tenants.A;
import static dev.tenancy.jdbc.Tenants.B;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import dev.tenancy.TenantContext;
import dev.tenancy.testservers.TestPostgres;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the emitted DDL does, each part seen from both sides: with it nothing leaks, without it something does. */
class RowLevelSecurityIT {
    @AutoClose
    private NotesDatabase notes;

    private TestPostgres.Database database;
    private TenantDataSource source;

    @BeforeEach
    void storeOneNoteOfEach() throws SQLException {
        notes = new NotesDatabase();
        database = notes.database();
        source = NotesDatabase.withANoteOfEach(notes.poolOfOne(true), TenantBinding.session());
    }

    @AfterEach
    void close() {
        source.close();
    }

    @Test
    void theTablesOwnerIsHeldToItToo() throws SQLException {
        try (TenantDataSource owner = TenantDataSource.wrap(NotesDatabase.poolOfOne(database.ownerUrl(), true))) {
            assertThat(visibleTo(owner, A)).containsExactly("of A");
            database.asOwner("ALTER TABLE notes NO FORCE ROW LEVEL SECURITY");
            assertThat(visibleTo(owner, A)).as("without FORCE").containsExactly("of A", "of B");
        }
    }

    @Test
    void withoutAPolicyNobodySeesAnythingAndWithoutRowLevelSecurityEverybodyAll() throws SQLException {
        database.asOwner("DROP POLICY tenancy_permissive ON notes", "DROP POLICY tenancy_restrictive ON notes");
        assertThat(visibleTo(source, A)).isEmpty();
        database.asOwner("ALTER TABLE notes DISABLE ROW LEVEL SECURITY");
        assertThat(visibleTo(source, A)).containsExactly("of A", "of B");
    }

    @Test
    void aPermissivePolicyAddedLaterDoesNotWiden() throws SQLException {
        database.asOwner("CREATE POLICY careless ON notes USING (true) WITH CHECK (true)");
        assertThat(visibleTo(source, A)).containsExactly("of A");
        database.asOwner("DROP POLICY tenancy_restrictive ON notes");
        assertThat(visibleTo(source, A)).as("without the restrictive policy").containsExactly("of A", "of B");
    }

    @Test
    void theApplicationCannotDropAPolicyByDroppingWhatItOwns() throws SQLException {
        TenantContext.run(A, () -> {
            try (Connection connection = source.getConnection();
                    Statement statement = connection.createStatement()) {
                statement.execute("DROP OWNED BY current_user");
            }
        });
        database.asOwner("GRANT SELECT ON notes TO " + database.app());

        assertThat(visibleTo(source, A)).containsExactly("of A");
    }

    @Test
    void theApplicationMayNotTruncateReferenceOrAddTriggers() throws SQLException {
        try (Connection owner = database.ownerConnection();
                Statement statement = owner.createStatement()) {
            assertThat(column(
                            statement,
                            "SELECT privilege_type FROM information_schema.role_table_grants WHERE table_name = 'notes'"
                                    + " AND grantee = '" + database.app() + "' ORDER BY 1"))
                    .containsExactly("DELETE", "INSERT", "SELECT", "UPDATE");
        }
    }

    @Test
    void everyIndexLeadsWithTheTenant() throws SQLException {
        try (Connection owner = database.ownerConnection();
                Statement statement = owner.createStatement()) {
            assertThat(column(
                            statement,
                            "SELECT a.attname FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid"
                                    + " AND a.attnum = i.indkey[0] WHERE i.indrelid = 'notes'::regclass"))
                    .hasSize(2)
                    .containsOnly("tenant_id");
        }
    }

    @Test
    void theBoundTenantIsEvaluatedOnceAStatement() throws SQLException {
        TenantContext.run(A, () -> {
            try (Connection connection = source.getConnection();
                    Statement statement = connection.createStatement()) {
                assertThat(String.join("\n", column(statement, "EXPLAIN SELECT * FROM notes")))
                        .contains("InitPlan");
            }
        });
    }

    @Test
    void appliedAgainItChangesNothing() throws SQLException {
        try (Connection owner = database.ownerConnection();
                Statement statement = owner.createStatement()) {
            String catalog = """
                    SELECT conname || pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = 'notes'::regclass
                    UNION ALL SELECT indexdef FROM pg_indexes WHERE tablename = 'notes'
                    UNION ALL SELECT policyname || permissive || roles::text || qual || with_check FROM pg_policies
                    UNION ALL SELECT relacl::text || relrowsecurity || relforcerowsecurity FROM pg_class WHERE relname = 'notes'
                    ORDER BY 1
                    """;
            List<String> before = column(statement, catalog);
            notes.rowLevelSecurity().apply(owner);
            assertThat(owner.getAutoCommit()).isTrue();
            for (String sql : notes.rowLevelSecurity().statements()) {
                statement.execute(sql);
            }
            statement.execute(notes.rowLevelSecurity().sql());

            assertThat(column(statement, catalog)).isEqualTo(before).isNotEmpty();
        }
        assertThat(visibleTo(source, A)).containsExactly("of A");
    }

    @Test
    void aRowWithoutATenantIsAnErrorAndNothingIsChanged() throws SQLException {
        database.asOwner("CREATE TABLE old (id bigint)", "INSERT INTO old VALUES (1)");
        try (Connection owner = database.ownerConnection();
                Statement statement = owner.createStatement()) {
            RowLevelSecurity security = RowLevelSecurity.table("old").build();
            assertThatThrownBy(() -> security.apply(owner))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("tenant_id");

            assertThat(column(
                            statement,
                            "SELECT attname FROM pg_attribute WHERE attrelid = 'old'::regclass AND attnum > 0"))
                    .containsExactly("id");
        }
    }

    @Test
    void aPrimaryKeyWithoutTheTenantInFrontIsAnError() throws SQLException {
        database.asOwner("CREATE TABLE old (id bigint PRIMARY KEY)");
        try (Connection owner = database.ownerConnection()) {
            RowLevelSecurity security = RowLevelSecurity.table("old").key("id").build();
            assertThatThrownBy(() -> security.apply(owner))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("primary key");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "CREATE TABLE old (id bigint, tenant_id text, name text, PRIMARY KEY (tenant_id, name))",
                "CREATE TABLE old (id bigint, email text UNIQUE)",
                "CREATE TABLE old (id bigint, tenant_id varchar(40))",
                "CREATE COLLATION ci (provider = icu, locale = 'und-u-ks-level2', deterministic = false);"
                        + " CREATE TABLE old (id bigint, tenant_id text COLLATE ci)",
                "CREATE TABLE whole (id bigint) PARTITION BY LIST (id); CREATE TABLE old PARTITION OF whole DEFAULT",
                "CREATE TABLE old (id bigint); CREATE TABLE child () INHERITS (old)"
            })
    void whatWouldLetATenantOutIsAnError(String table) throws SQLException {
        database.asOwner(table);
        try (Connection owner = database.ownerConnection();
                Statement statement = owner.createStatement()) {
            RowLevelSecurity security = RowLevelSecurity.table("old").key("id").build();
            assertThatThrownBy(() -> security.apply(owner)).isInstanceOf(SQLException.class);

            assertThat(column(statement, "SELECT relrowsecurity FROM pg_class WHERE relname = 'old'"))
                    .containsExactly("f");
        }
    }

    @Test
    void whatHasTheSameNameIsNotTakenForTheSame() throws SQLException {
        String longest = "t".repeat(63);
        database.asOwner(
                "CREATE TABLE agent (id bigint, policy_name text)",
                "CREATE TABLE agent_policy (id bigint, name text, a bigint, b bigint)",
                "CREATE TABLE " + longest + " (id bigint, a bigint, b bigint)");
        try (Connection owner = database.ownerConnection();
                Statement statement = owner.createStatement()) {
            for (int i = 0; i < 2; i++) {
                RowLevelSecurity.table("agent")
                        .key("id")
                        .unique("policy_name")
                        .build()
                        .apply(owner);
                RowLevelSecurity.table("agent_policy")
                        .key("id")
                        .unique("name")
                        .build()
                        .apply(owner);
                RowLevelSecurity.table(longest)
                        .key("id")
                        .unique("a")
                        .unique("b")
                        .belongsTo("a", "agent")
                        .belongsTo("b", "agent_policy")
                        .build()
                        .apply(owner);
            }

            assertThat(column(statement, "SELECT count(*) FROM pg_index WHERE indrelid = 'agent_policy'::regclass"))
                    .containsExactly("2");
            assertThat(column(statement, "SELECT count(*) FROM pg_index WHERE indrelid = '" + longest + "'::regclass"))
                    .containsExactly("3");
            assertThat(column(
                            statement,
                            "SELECT confrelid::regclass FROM pg_constraint WHERE contype = 'f' AND confdeltype = 'c'"
                                    + " AND conrelid = '" + longest + "'::regclass ORDER BY 1"))
                    .containsExactly("agent", "agent_policy");
        }
    }

    @Test
    void anotherForeignKeyFromTheSameColumnIsAnError() throws SQLException {
        database.asOwner("CREATE TABLE comments (id bigint, note_id bigint)");
        try (Connection owner = database.ownerConnection()) {
            RowLevelSecurity.table("comments")
                    .references("note_id", "notes")
                    .build()
                    .apply(owner);
            RowLevelSecurity changed = RowLevelSecurity.table("comments")
                    .belongsTo("note_id", "notes")
                    .build();

            assertThatThrownBy(() -> changed.apply(owner))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("no other foreign key from note_id");
        }
    }

    @Test
    void aTableWithoutAKeyStillHasAnIndexOfItsTenant() throws SQLException {
        database.asOwner(
                "CREATE TABLE log (line text)", "GRANT ALL ON log TO PUBLIC", "GRANT ALL ON log TO " + database.app());
        try (Connection owner = database.ownerConnection();
                Statement statement = owner.createStatement()) {
            for (int i = 0; i < 2; i++) {
                RowLevelSecurity.table("log").grantTo(database.app()).build().apply(owner);
            }

            assertThat(column(statement, "SELECT count(*) FROM pg_index WHERE indrelid = 'log'::regclass"))
                    .containsExactly("1");
            assertThat(column(
                            statement,
                            "SELECT DISTINCT privilege_type FROM information_schema.role_table_grants"
                                    + " WHERE table_name = 'log' AND grantee IN ('PUBLIC', '" + database.app()
                                    + "') ORDER BY 1"))
                    .containsExactly("DELETE", "INSERT", "SELECT", "UPDATE");
        }
    }

    @Test
    void bothPoliciesCarryThePredicate() throws SQLException {
        database.asOwner("DROP POLICY tenancy_restrictive ON notes");

        assertThat(visibleTo(source, A)).containsExactly("of A");
    }

    @Test
    void inTheCallersTransactionTheCallerCommits() throws SQLException {
        database.asOwner("CREATE TABLE fresh (id bigint)");
        try (Connection owner = database.ownerConnection();
                Statement statement = owner.createStatement()) {
            owner.setAutoCommit(false);
            RowLevelSecurity.table("fresh").build().apply(owner);
            owner.rollback();

            assertThat(column(statement, "SELECT relrowsecurity FROM pg_class WHERE relname = 'fresh'"))
                    .containsExactly("f");
        }
    }

    @Test
    void aForeignKeyNeverLeadsToAnotherTenantsRow() throws SQLException {
        database.asOwner("CREATE TABLE comments (note_id bigint, text text)");
        try (Connection owner = database.ownerConnection()) {
            RowLevelSecurity.table("comments")
                    .references("note_id", "notes")
                    .grantTo(database.app())
                    .build()
                    .apply(owner);
        }
        long ofB = TenantContext.call(B, () -> {
            try (Connection connection = source.getConnection();
                    Statement statement = connection.createStatement()) {
                return Long.parseLong(column(statement, "SELECT id FROM notes").get(0));
            }
        });

        TenantContext.run(A, () -> {
            try (Connection connection = source.getConnection();
                    Statement statement = connection.createStatement()) {
                assertThatThrownBy(() -> statement.execute("INSERT INTO comments (note_id) VALUES (" + ofB + ")"))
                        .isInstanceOf(SQLException.class)
                        .extracting(failure -> ((SQLException) failure).getSQLState())
                        .isEqualTo("23503");
            }
        });
    }

    @Test
    void namesAreQuoted() throws SQLException {
        String name = "odd \"name\"; drop table notes; --";
        database.asOwner("CREATE TABLE \"" + name.replace("\"", "\"\"") + "\" (\"the id\" bigint)");
        try (Connection owner = database.ownerConnection();
                Statement statement = owner.createStatement()) {
            RowLevelSecurity security =
                    RowLevelSecurity.table(name).key("the id").unique("the id").build();
            security.apply(owner);
            security.apply(owner);

            assertThat(column(statement, "SELECT relname FROM pg_class WHERE relforcerowsecurity ORDER BY 1"))
                    .containsExactly("notes", name);
        }
    }

    /** B2 of the threat model: what the session binding must not do, seen to leak. */
    @Test
    void aBindingMadeInsideTheTransactionLeaksWithARollback() throws SQLException {
        try (HikariDataSource naive = notes.poolOfOne(false)) {
            try (Connection connection = naive.getConnection()) {
                setTenant(connection, "tenant-a");
                connection.commit();
            }
            try (Connection connection = naive.getConnection()) {
                setTenant(connection, "tenant-b");
                connection.rollback();
                assertThat(visibleOn(connection)).as("B, after its rollback").containsExactly("of A");
            }
        }
    }

    /** What the reset at return is for, seen to leak without it. */
    @Test
    void aBindingThatIsNotResetServesTheNextOne() throws SQLException {
        try (HikariDataSource naive = notes.poolOfOne(true)) {
            try (Connection connection = naive.getConnection()) {
                setTenant(connection, "tenant-a");
            }
            try (Connection connection = naive.getConnection()) {
                insert(connection, "of whoever came next");
                assertThat(visibleOn(connection)).containsExactly("of A", "of whoever came next");
            }
        }
    }

    private static void setTenant(Connection connection, String tenant) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("SELECT set_config('tenancy.tenant_id', '" + tenant + "', false)");
        }
    }

    private static List<String> column(Statement statement, String sql) throws SQLException {
        try (ResultSet rows = statement.executeQuery(sql)) {
            List<String> values = new ArrayList<>();
            while (rows.next()) {
                values.add(rows.getString(1));
            }
            return values;
        }
    }
}
