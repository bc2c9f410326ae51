package dev.tenancy.jdbc.jdbi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenancy.TenantContext;
import dev.tenancy.TenantId;
import dev.tenancy.TenantIdentity;
import dev.tenancy.jdbc.NotesDatabase;
import dev.tenancy.jdbc.RowLevelSecurity;
import dev.tenancy.jdbc.RowNotFoundException;
import dev.tenancy.jdbc.TenantDataSource;
import dev.tenancy.testservers.TestPostgres;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.mapper.RowMapper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Many pairs at once, names that have to be quoted, ids that are texts, and others who do the same or the opposite. */
@Timeout(60)
class TenantAssociationIT {
    private static final TenantIdentity ACME = TenantIdentity.of(TenantId.of("acme"), "test");
    private static final RowMapper<String> ID = (row, context) -> row.getString("id");

    @AutoClose
    private final TestPostgres.Database database = TestPostgres.newDatabase();

    private TenantDataSource source;
    private Jdbi jdbi;
    private TenantScopedRepository<String> parents;
    private TenantScopedRepository<String> children;
    private TenantAssociation<String> pairs;

    @BeforeEach
    void makeTables() throws SQLException {
        database.asOwner(
                "CREATE TABLE \"Par\"\"ents; --\" (id text)",
                "CREATE TABLE \"child's\" (id text)",
                "CREATE TABLE \"pairs (of)\" (\"parent?\" text, \":child\" text)");
        try (Connection owner = database.ownerConnection()) {
            for (RowLevelSecurity.Builder table : List.of(
                    RowLevelSecurity.table("Par\"ents; --").key("id"),
                    RowLevelSecurity.table("child's").key("id"),
                    RowLevelSecurity.table("pairs (of)")
                            .key("parent?", ":child")
                            .belongsTo("parent?", "Par\"ents; --")
                            .belongsTo(":child", "child's"))) {
                table.grantTo(database.app()).build().apply(owner);
            }
        }
        source = TenantDataSource.wrap(NotesDatabase.poolOf(database.appUrl(), 4));
        jdbi = Jdbi.create(source);
        parents = TenantScopedRepository.of(jdbi, "Par\"ents; --", ID);
        children = TenantScopedRepository.of(jdbi, "child's", ID);
        pairs = parents.associationWith(children, "pairs (of)", "parent?", ":child");
        TenantContext.run(ACME, () -> parents.insert(Map.of("id", "p")));
    }

    @AfterEach
    void close() {
        source.close();
    }

    private void addChildren(int many) {
        database.asSuperuser("INSERT INTO \"child's\" (tenant_id, id) SELECT 'acme', i::text FROM generate_series(1, "
                + many + ") i");
    }

    @Test
    void tenThousandPairsAreOneStatement() {
        addChildren(10_000);
        List<String> all =
                IntStream.rangeClosed(1, 10_000).mapToObj(Integer::toString).toList();
        TenantContext.run(ACME, () -> {
            pairs.associateAll("p", all);
            pairs.associateAll("p", all);
            assertThat(pairs.childrenOf("p")).hasSize(10_000);

            List<String> oneMore = new ArrayList<>(all);
            oneMore.add("10001");
            assertThatThrownBy(() -> pairs.associateAll("p", oneMore)).isInstanceOf(RowNotFoundException.class);
        });
    }

    @Test
    void noPairIsMadeIfOneChildIsMissing() {
        addChildren(3);
        TenantContext.run(ACME, () -> {
            assertThatThrownBy(() -> pairs.associateAll("p", List.of("1", "2", "4")))
                    .isInstanceOf(RowNotFoundException.class);
            assertThat(pairs.childrenOf("p")).isEmpty();
            pairs.associateAll("p", List.of());
            assertThatThrownBy(() -> pairs.associateAll("q", List.of())).isInstanceOf(RowNotFoundException.class);
        });
    }

    @Test
    void idsAreTextsWhateverIsInThem() {
        List<String> strange = List.of("a,b", "{", "}", "\"", "\\", "NULL", "", " ", "'; DROP TABLE x; --", "ä\n");
        TenantContext.run(ACME, () -> {
            strange.forEach(id -> children.insert(Map.of("id", id)));
            pairs.associateAll("p", strange);
            assertThat(pairs.childrenOf("p")).containsExactlyInAnyOrderElementsOf(strange);
            strange.forEach(id -> pairs.dissociate("p", id));
            assertThat(pairs.childrenOf("p")).isEmpty();
        });
    }

    @Test
    void thoseWhoDoTheSameAtOnceAllSucceed() throws Exception {
        addChildren(50);
        List<String> all =
                IntStream.rangeClosed(1, 50).mapToObj(Integer::toString).toList();
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            Callable<Boolean> same = () -> TenantContext.call(ACME, () -> {
                pairs.associateAll("p", all);
                return true;
            });
            for (Future<Boolean> each : threads.invokeAll(List.of(same, same, same, same))) {
                each.get();
            }
        } finally {
            threads.shutdownNow();
        }
        TenantContext.run(ACME, () -> assertThat(pairs.childrenOf("p")).hasSize(50));
    }

    @Test
    void aParentThatIsDeletedMeanwhileHasNoPairs() throws Exception {
        addChildren(5);
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            for (int round = 0; round < 50; round++) {
                String parent = "r" + round;
                TenantContext.run(ACME, () -> parents.insert(Map.of("id", parent)));
                Callable<Boolean> pairing = () -> TenantContext.call(ACME, () -> {
                    try {
                        pairs.associateAll(parent, List.of("1", "2", "3", "4", "5"));
                        return true;
                    } catch (RowNotFoundException gone) {
                        return false;
                    }
                });
                Callable<Boolean> deleting = () -> TenantContext.call(ACME, () -> {
                    parents.delete(parent);
                    return true;
                });
                for (Future<Boolean> each : threads.invokeAll(List.of(pairing, deleting))) {
                    each.get();
                }
            }
        } finally {
            threads.shutdownNow();
        }
        TenantContext.run(
                ACME,
                () -> assertThat(texts("SELECT count(*) FROM \"pairs (of)\"")).containsExactly("0"));
    }

    @Test
    void aPageIsReadFromTheIndexInItsOrder() {
        addChildren(2_000);
        database.asSuperuser("ANALYZE \"child's\"");
        TenantContext.run(ACME, () -> {
            assertThat(children.listAfter("1999", 3)).containsExactly("2", "20", "200");
            assertThat(children.list(2)).containsExactly("1", "10");
            assertThatThrownBy(() -> children.list(0)).isInstanceOf(IllegalArgumentException.class);
            String plan = String.join(
                    "\n",
                    texts(
                            "EXPLAIN SELECT * FROM \"child's\" WHERE tenant_id = 'acme' AND id > '1999' ORDER BY id LIMIT 3"));
            assertThat(plan).contains("Index").doesNotContain("Sort");
        });
    }

    private List<String> texts(String sql) {
        return jdbi.withHandle(
                handle -> handle.createQuery(sql).mapTo(String.class).list());
    }
}
