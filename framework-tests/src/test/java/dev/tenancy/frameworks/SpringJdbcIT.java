package dev.tenancy.frameworks;

import static dev.tenancy.frameworks.Tenants.A;
import static dev.tenancy.frameworks.Tenants.B;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenancy.TenantContext;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.dao.QueryTimeoutException;
import org.springframework.jdbc.BadSqlGrammarException;
import org.springframework.jdbc.CannotGetJdbcConnectionException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.core.simple.SimpleJdbcCall;
import org.springframework.jdbc.core.simple.SimpleJdbcInsert;
import org.springframework.jdbc.support.GeneratedKeyHolder;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.jdbc.support.KeyHolder;
import org.springframework.transaction.support.TransactionTemplate;

/** What Spring's JDBC templates do, they do for the current tenant. */
class SpringJdbcIT extends FrameworkIT {
    private final JdbcTemplate jdbc = new JdbcTemplate(source);
    private final JdbcClient client = JdbcClient.create(jdbc);
    private final TransactionTemplate transaction = new TransactionTemplate(new JdbcTransactionManager(source));

    SpringJdbcIT(Setup setup) {
        super(setup);
    }

    @Test
    void eachTenantReadsItsOwnRows() {
        assertThat(TenantContext.call(A, this::names)).containsExactly("of A");
        assertThat(TenantContext.call(B, this::names)).containsExactly("of B");
    }

    @Test
    void withoutATenantThereIsNoConnection() {
        assertThatThrownBy(this::names).isInstanceOf(CannotGetJdbcConnectionException.class);
        assertState("28000", this::names);
        assertThat(new JdbcTemplate(source.withoutTenant()).queryForList("SELECT name FROM projects"))
                .isEmpty();
    }

    @Test
    void aStatementOutsideATransactionIsStoredIfThePoolIsInAutoCommit() throws SQLException {
        TenantContext.run(B, () -> insert("by B"));

        assertThat(database.projects())
                .isEqualTo(
                        setup.autoCommit()
                                ? List.of("tenant-a: of A", "tenant-b: of B", "tenant-b: by B")
                                : List.of("tenant-a: of A", "tenant-b: of B"));
    }

    @Test
    void aGeneratedKeyIsThatOfTheTenantsRow() throws SQLException {
        KeyHolder keys = new GeneratedKeyHolder();
        Number simple = TenantContext.call(
                B,
                () -> transaction.execute(status -> {
                    client.sql("INSERT INTO projects (name) VALUES (?)")
                            .param("with a key")
                            .update(keys, "id");
                    return new SimpleJdbcInsert(jdbc)
                            .withTableName("projects")
                            .usingColumns("name")
                            .usingGeneratedKeyColumns("id")
                            .executeAndReturnKey(Map.of("name", "with metadata"));
                }));

        assertThat(keys.getKey()).isEqualTo(3L);
        assertThat(simple).isEqualTo(4L);
        assertThat(database.projects()).contains("tenant-b: with a key", "tenant-b: with metadata");
        assertThat(TenantContext.call(A, this::names)).containsExactly("of A");
    }

    @Test
    void aBatchIsStoredForTheTenantAndStreamedBackToItAlone() throws SQLException {
        TenantContext.run(
                B,
                () -> transaction.executeWithoutResult(status -> jdbc.batchUpdate(
                        "INSERT INTO projects (name) VALUES (?)",
                        IntStream.range(0, 100).boxed().toList(),
                        30,
                        (statement, number) -> statement.setString(1, "batch " + number))));

        assertThat(database.projects().stream().filter(project -> project.startsWith("tenant-b: batch")))
                .hasSize(100);
        assertThat(TenantContext.call(B, () -> streamed(10))).isEqualTo(101);
        assertThat(TenantContext.call(A, () -> streamed(10))).isEqualTo(1);
    }

    /** By a cursor, which the driver uses in a transaction only. */
    private long streamed(int fetchSize) {
        JdbcTemplate streaming = new JdbcTemplate(source);
        streaming.setFetchSize(fetchSize);
        Long count = transaction.execute(status -> {
            try (Stream<String> names =
                    streaming.queryForStream("SELECT name FROM projects", (row, number) -> row.getString("name"))) {
                return names.count();
            }
        });
        return count == null ? 0 : count;
    }

    @Test
    void typesOfPostgresAreParametersAndResults() {
        UUID reference = UUID.randomUUID();
        OffsetDateTime due = OffsetDateTime.of(2026, 5, 6, 7, 8, 9, 0, ZoneOffset.UTC);
        TenantContext.run(
                B,
                () -> transaction.executeWithoutResult(status -> {
                    client.sql("UPDATE projects SET reference = ?, tags = ?, details = ?::jsonb, due = ?")
                            .params(reference, new String[] {"x", "y"}, "{\"size\": 7}", due)
                            .update();
                    jdbc.update(
                            "INSERT INTO projects (name, reference, due) VALUES (?, ?, ?)", "with nulls", null, null);
                }));

        List<Object> read = TenantContext.call(
                B,
                () -> client.sql("SELECT * FROM projects WHERE reference = :reference AND due = :due"
                                + " AND details @> (:part)::jsonb AND 'x' = ANY (tags)")
                        .param("reference", reference)
                        .param("part", "{\"size\": 7}")
                        .param("due", due)
                        .query((row, number) -> List.of(
                                row.getObject("reference", UUID.class),
                                row.getObject("due", OffsetDateTime.class),
                                List.of((Object[]) row.getArray("tags").getArray())))
                        .single());
        assertThat(read).containsExactly(reference, due, List.of("x", "y"));
        assertThat(TenantContext.call(A, () -> count("SELECT count(*) FROM projects WHERE reference IS NOT NULL")))
                .isZero();
        assertThat(TenantContext.call(B, () -> count("SELECT count(*) FROM projects WHERE reference IS NULL")))
                .isEqualTo(1);
    }

    @Test
    void functionsAndProceduresWorkOnTheTenantsRows() throws SQLException {
        TenantContext.run(
                B,
                () -> transaction.executeWithoutResult(status -> {
                    insert("second of B");
                    Long count = new SimpleJdbcCall(jdbc)
                            .withFunctionName("project_count")
                            .executeFunction(Long.class);
                    assertThat(count).isEqualTo(2);
                    jdbc.update("CALL rename_projects(?)", "renamed ");
                }));

        assertThat(database.projects())
                .containsExactly("tenant-a: of A", "tenant-b: renamed of B", "tenant-b: renamed second of B");
    }

    @Test
    void keysBatchesCallsAndStreamsWorkOutsideATransactionToo() throws SQLException {
        KeyHolder keys = new GeneratedKeyHolder();
        TenantContext.run(B, () -> {
            client.sql("INSERT INTO projects (name) VALUES ('with a key')").update(keys, "id");
            assertThat(jdbc.batchUpdate("INSERT INTO projects (name) VALUES ('1')", "UPDATE projects SET version = 1"))
                    .hasSize(2);
            assertThat(new SimpleJdbcCall(jdbc)
                            .withFunctionName("project_count")
                            .executeFunction(Long.class))
                    .isEqualTo(setup.autoCommit() ? 3 : 1);
            jdbc.setFetchSize(1);
            try (Stream<String> names =
                    jdbc.queryForStream("SELECT name FROM projects", (row, n) -> row.getString(1))) {
                assertThat(names).hasSize(setup.autoCommit() ? 3 : 1);
            }
        });

        assertThat(keys.getKey()).isEqualTo(3L);
        assertThat(database.projects().stream().filter(project -> project.startsWith("tenant-b: ")))
                .hasSize(setup.autoCommit() ? 3 : 1);
        assertThat(TenantContext.call(A, () -> count("SELECT count(*) FROM projects WHERE version = 0")))
                .as("A's row, as it was")
                .isEqualTo(1);
    }

    @Test
    void anUpdateOrDeleteWithoutAConditionTouchesTheTenantsRowsOnly() throws SQLException {
        TenantContext.run(
                B,
                () -> transaction.executeWithoutResult(status -> {
                    assertThat(jdbc.update("UPDATE projects SET name = 'changed'"))
                            .isEqualTo(1);
                    assertThat(jdbc.update("DELETE FROM projects WHERE id = 1")).isZero();
                }));

        assertThat(database.projects()).containsExactly("tenant-a: of A", "tenant-b: changed");
    }

    @Test
    void errorsOfTheDatabaseAreTranslatedAndTheConnectionStaysUsable() throws SQLException {
        TenantContext.run(B, () -> {
            assertThatThrownBy(() -> insert("of B")).isInstanceOf(DuplicateKeyException.class);
            assertThatThrownBy(() -> jdbc.update("INSERT INTO tasks (project_id, title) VALUES (1, 'planted')"))
                    .as("a reference to a project of A")
                    .isInstanceOf(DataIntegrityViolationException.class);
            assertThatThrownBy(() -> insert("tenant-a", "planted")).isInstanceOf(BadSqlGrammarException.class);
            assertState("42501", () -> insert("tenant-a", "planted"));
            transaction.executeWithoutResult(status -> insert("of A"));
        });

        assertThat(database.projects()).containsExactly("tenant-a: of A", "tenant-b: of B", "tenant-b: of A");
        assertThat(database.tasks()).isEmpty();
    }

    @Test
    void aStatementThatTimesOutIsReportedAsSuchAndTheConnectionStaysUsable() {
        JdbcTemplate impatient = new JdbcTemplate(source);
        impatient.setQueryTimeout(1);
        TenantContext.run(B, () -> {
            assertThatThrownBy(() -> impatient.execute("SELECT pg_sleep(60)"))
                    .isInstanceOf(QueryTimeoutException.class);
            assertThat(names()).containsExactly("of B");
        });
    }

    private List<String> names() {
        return client.sql("SELECT name FROM projects ORDER BY id")
                .query(String.class)
                .list();
    }

    private long count(String sql) {
        return client.sql(sql).query(Long.class).single();
    }

    private void insert(String name) {
        jdbc.update("INSERT INTO projects (name) VALUES (?)", name);
    }

    private void insert(String tenant, String name) {
        jdbc.update("INSERT INTO projects (tenant_id, name) VALUES (?, ?)", tenant, name);
    }
}
