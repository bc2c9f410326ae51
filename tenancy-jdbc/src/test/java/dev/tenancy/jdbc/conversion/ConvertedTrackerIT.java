package dev.tenancy.jdbc.conversion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenancy.TenantContext;
import dev.tenancy.TenantId;
import dev.tenancy.TenantIdentity;
import dev.tenancy.jdbc.TenantBinding;
import dev.tenancy.jdbc.TenantColumn;
import dev.tenancy.jdbc.TenantDataSource;
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
import org.postgresql.ds.PGSimpleDataSource;

/** What an application does with a schema after it was converted, and what becomes of the schema later. */
class ConvertedTrackerIT {
    private static final String NEW = "00000000-0000-4000-8000-000000000000";

    @AutoClose
    private final TestPostgres.Database database;

    private final SchemaConversion conversion;
    private final String one;
    private final String two;
    private Connection owner;

    ConvertedTrackerIT() throws SQLException {
        database = ForeignSchema.TRACKER.load();
        conversion = ForeignSchema.TRACKER.conversion(database);
        one = ForeignSchema.query(database, "SELECT md5('o1')::uuid").get(0);
        two = ForeignSchema.query(database, "SELECT md5('o2')::uuid").get(0);
    }

    @BeforeEach
    void convert() throws SQLException {
        owner = database.ownerConnection();
        conversion.plan(owner).apply(owner);
    }

    @AfterEach
    void close() throws SQLException {
        owner.close();
    }

    @Test
    void viewsShowTheTenantsRowsAndStoredOnesNothing() throws SQLException {
        assertThat(as(one, "SELECT count(*) FROM open_issues")).containsExactly("60");
        assertThat(as(two, "SELECT count(*) FROM open_issue_refs")).containsExactly("60");
        assertThat(as(NEW, "SELECT count(*) FROM open_issue_refs")).containsExactly("0");
        assertRefused("42501", one, "SELECT * FROM issues_by_state");
    }

    @Test
    void partitionsCanBeReachedThroughTheirTableOnly() throws SQLException {
        assertThat(as(one, "SELECT count(*) FROM work_log")).containsExactly("60");
        assertRefused("42501", one, "SELECT * FROM work_log_2029");
        assertRefused("42501", one, "DELETE FROM work_log_2030");

        execute("CREATE TABLE work_log_2031 PARTITION OF work_log FOR VALUES FROM ('2031-01-01') TO ('2032-01-01')");
        execute("GRANT ALL ON work_log_2031 TO PUBLIC");
        assertThat(conversion.plan(owner).isEmpty()).isFalse();
        conversion.plan(owner).apply(owner);
        assertThat(conversion.plan(owner).isEmpty()).isTrue();
        assertRefused("42501", one, "SELECT * FROM work_log_2031");
        assertThat(
                        as(
                                one,
                                "INSERT INTO work_log SELECT account_id, '2031-05-05', issue_id, 1 FROM work_log LIMIT 1 RETURNING tenant_id"))
                .containsExactly(one);
    }

    @Test
    void anotherTenantTakesTheSameValuesAndNumbersOfItsOwn() throws SQLException {
        String organization = "INSERT INTO organizations (id, slug) SELECT '" + NEW + "', 'org-1' RETURNING slug";
        assertThat(as(NEW, organization)).containsExactly("org-1");
        assertThat(as(
                        NEW,
                        "INSERT INTO \"Teams\" (organization_id, \"Name (short)\") VALUES ('" + NEW
                                + "', 'team 1') RETURNING tenant_id"))
                .containsExactly(NEW);
        assertThat(as(
                        NEW,
                        "INSERT INTO accounts (organization_id, email, name) VALUES ('" + NEW
                                + "', 'A1@org1.test', 'n') RETURNING tenant_id"))
                .containsExactly(NEW);
        assertRefused(
                "23505",
                NEW,
                "INSERT INTO accounts (organization_id, email, name) VALUES ('" + NEW + "', 'a1@ORG1.test', 'n')");
        assertRefused(
                "23503",
                NEW,
                "INSERT INTO projects (organization_id, code, name) VALUES ('" + one + "', 'X', 'theirs')");
        assertRefused("42501", NEW, "INSERT INTO organizations (slug, tenant_id) VALUES ('x', '" + one + "')");
    }

    @Test
    void whatIsDeletedTakesRowsOfItsTenantOnlyAndClearsTheColumnsThatItCleared() throws SQLException {
        as(one, "DELETE FROM reactions RETURNING 1");
        as(one, "DELETE FROM accounts WHERE email = 'a1@org1.test' RETURNING 1");

        assertThat(as(one, "SELECT count(lead_id), count(tenant_id) FROM projects"))
                .containsExactly("0 3");
        assertThat(as(two, "SELECT count(lead_id), count(tenant_id) FROM projects"))
                .containsExactly("3 3");
    }

    @Test
    void aRowIsFoundByTheTenantAndItsKeyAtOnce() throws SQLException {
        database.asSuperuser("ANALYZE issues");
        String plan = String.join(
                "\n",
                as(
                        one,
                        "SET LOCAL enable_seqscan = off",
                        "EXPLAIN SELECT * FROM issues WHERE id = md5('i1.1.1')::uuid"));

        assertThat(plan).contains("Index Scan using issues_pkey").containsPattern("Index Cond: .*tenant_id = .*id = ");
    }

    @Test
    void aTableThatIsAddedLaterIsConvertedAloneWithTheRowsItHas() throws SQLException {
        execute("CREATE TABLE estimates (tenant_id uuid, issue_id uuid PRIMARY KEY, points integer,"
                + " FOREIGN KEY (tenant_id, issue_id) REFERENCES issues ON DELETE CASCADE)");
        database.asSuperuser("INSERT INTO estimates SELECT tenant_id, id, number FROM issues");

        ConversionPlan plan = conversion.plan(owner);
        plan.apply(owner);

        assertThat(plan.sql()).doesNotContain("DROP CONSTRAINT \"issues_pkey\"").contains("estimates");
        assertThat(as(one, "SELECT count(*) FROM estimates JOIN issues ON id = issue_id"))
                .containsExactly("60");
        assertThat(as(two, "SELECT count(*) FROM estimates")).containsExactly("60");
        assertThat(conversion.plan(owner).isEmpty()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "DROP POLICY tenancy_restrictive ON issues",
                "ALTER TABLE issues NO FORCE ROW LEVEL SECURITY",
                "ALTER TABLE issues DISABLE ROW LEVEL SECURITY",
                "ALTER TABLE work_log_2029 DISABLE ROW LEVEL SECURITY",
                "GRANT SELECT ON work_log_2029 TO PUBLIC",
                "GRANT SELECT ON issues TO PUBLIC",
                "GRANT SELECT ON issues_by_state TO PUBLIC",
                "CREATE INDEX ON issues (title)",
                "CREATE UNIQUE INDEX ON issues (lower(title), id)",
                "ALTER TABLE webhooks ADD UNIQUE (id, url)",
                "ALTER TABLE issues ADD COLUMN closed_by uuid, ADD UNIQUE (id)",
                "ALTER TABLE reactions REPLICA IDENTITY DEFAULT; ALTER TABLE reactions ALTER tenant_id DROP NOT NULL",
                "ALTER TABLE comments ALTER tenant_id SET DEFAULT '00000000-0000-4000-8000-000000000000'",
                "CREATE VIEW everything AS SELECT * FROM issues",
                "CREATE TABLE plans (id bigserial PRIMARY KEY, organization_id uuid)"
            })
    void whatIsTakenAwayLaterIsFoundAndMended(String harm) throws SQLException {
        execute(harm);
        ConversionPlan plan = conversion.plan(owner);
        assertThat(plan.statements()).isNotEmpty();

        plan.apply(owner);

        assertThat(conversion.plan(owner).statements()).isEmpty();
        assertThat(as(one, "SELECT count(*) FROM issues")).containsExactly("60");
    }

    private static void assertSqlState(Throwable refused, String state) {
        assertThat(refused)
                .isInstanceOfSatisfying(
                        SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo(state));
    }

    private void assertRefused(String state, String tenant, String sql) {
        assertThatThrownBy(() -> as(tenant, sql)).satisfies(refused -> assertSqlState(refused, state));
    }

    private void execute(String... statements) throws SQLException {
        try (Statement statement = owner.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    /** In one transaction of the tenant's; what the last statement answers. */
    private List<String> as(String tenant, String... statements) throws SQLException {
        PGSimpleDataSource plain = new PGSimpleDataSource();
        plain.setUrl(database.appUrl());
        try (TenantDataSource source = TenantDataSource.builder(plain)
                .binding(TenantBinding.transaction())
                .tenantColumn(TenantColumn.UUID)
                .build()) {
            return TenantContext.call(TenantIdentity.of(TenantId.of(tenant), "test"), () -> {
                try (Connection connection = source.getConnection();
                        Statement statement = connection.createStatement()) {
                    connection.setAutoCommit(false);
                    for (String sql : statements) {
                        statement.execute(sql);
                    }
                    List<String> found = rows(statement);
                    connection.commit();
                    return found;
                }
            });
        }
    }

    private static List<String> rows(Statement statement) throws SQLException {
        List<String> found = new ArrayList<>();
        try (ResultSet row = statement.getResultSet()) {
            while (row != null && row.next()) {
                List<String> values = new ArrayList<>();
                for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
                    values.add(row.getString(i));
                }
                found.add(String.join(" ", values));
            }
        }
        return found;
    }
}
