package dev.tenancy.jdbc.jdbi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenancy.TenantContext;
import dev.tenancy.TenantId;
import dev.tenancy.TenantIdentity;
import dev.tenancy.jdbc.NotesDatabase;
import dev.tenancy.jdbc.RowConflictException;
import dev.tenancy.jdbc.RowLevelSecurity;
import dev.tenancy.jdbc.RowNotFoundException;
import dev.tenancy.jdbc.TenantBinding;
import dev.tenancy.jdbc.TenantColumn;
import dev.tenancy.jdbc.TenantDataSource;
import dev.tenancy.testservers.TestPostgres;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.mapper.RowMapper;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Random parents, children and pairs of several tenants, with the same ids, written through repositories and by raw
 * SQL, against a model: no row's tenant differs from its parent's, and nobody reaches another's.
 */
@ParameterizedClass(name = "{0}, session={1}, autoCommit={2}")
@CsvSource({"TEXT,false,true", "TEXT,true,false", "UUID,false,false", "BIGINT,true,true"})
class RandomGraphIT {
    private static final int STEPS = 800;
    private static final int IDS = 6;
    private static final RowMapper<Long> ID = (row, context) -> row.getLong("id");

    private final TenantColumn column;

    @AutoClose
    private final TestPostgres.Database database = TestPostgres.newDatabase();

    private final TenantDataSource source;
    private final TenantScopedRepository<Long> parents;
    private final TenantScopedRepository<Long> children;
    private final TenantAssociation<Long> pairs;
    private final TenantAssociation<Long> pairsOfSystem;
    private final long seed = new Random().nextLong();
    private final Random random = new Random(seed);
    private final List<Graph> graphs;

    /** What a tenant has: parents, children with their parents, and pairs. */
    private record Graph(String tenant, Set<Long> parents, Map<Long, Long> children, Set<String> pairs) {
        static Graph of(String tenant) {
            return new Graph(tenant, new HashSet<>(), new HashMap<>(), new HashSet<>());
        }
    }

    RandomGraphIT(TenantColumn column, boolean session, boolean autoCommit) throws SQLException {
        this.column = column;
        this.graphs = IntStream.rangeClosed(1, 3)
                .mapToObj(this::tenant)
                .map(Graph::of)
                .toList();
        database.asOwner(
                "CREATE TABLE parents (id bigint, name text)",
                "CREATE TABLE children (id bigint, parent_id bigint)",
                "CREATE TABLE pairs (parent_id bigint, child_id bigint)");
        try (Connection owner = database.ownerConnection()) {
            for (RowLevelSecurity.Builder table : List.of(
                    RowLevelSecurity.table("parents").key("id").unique("name"),
                    RowLevelSecurity.table("children").key("id").references("parent_id", "parents"),
                    RowLevelSecurity.table("pairs")
                            .key("parent_id", "child_id")
                            .belongsTo("parent_id", "parents")
                            .belongsTo("child_id", "children"))) {
                table.tenantColumn(column).grantTo(database.app()).build().apply(owner);
            }
        }
        source = TenantDataSource.builder(NotesDatabase.poolOfOne(database.appUrl(), autoCommit))
                .binding(session ? TenantBinding.session() : TenantBinding.transaction())
                .tenantColumn(column)
                .build();
        Jdbi jdbi = Jdbi.create(source).installPlugin(new TenancyPlugin());
        parents = TenantScopedRepository.of(jdbi, "parents", ID);
        children = TenantScopedRepository.of(jdbi, "children", ID);
        pairs = parents.associationWith(children, "pairs", "parent_id", "child_id");
        Jdbi system = Jdbi.create(database.superuserUrl());
        pairsOfSystem = TenantScopedRepository.of(system, "parents", ID)
                .associationWith(TenantScopedRepository.of(system, "children", ID), "pairs", "parent_id", "child_id");
    }

    private String tenant(int number) {
        return switch (column) {
            case TEXT -> "tenant-" + number;
            case UUID -> "00000000-0000-4000-8000-00000000000" + number;
            case BIGINT -> Integer.toString(number);
        };
    }

    @Test
    void noRowsTenantEverDiffersFromItsParents() throws SQLException {
        try (source;
                Connection superuser = DriverManager.getConnection(database.superuserUrl());
                Statement raw = superuser.createStatement()) {
            for (int step = 0; step < STEPS; step++) {
                Graph graph = graphs.get(random.nextInt(graphs.size()));
                try {
                    TenantContext.run(TenantIdentity.of(TenantId.of(graph.tenant), "test"), () -> stepOf(graph));
                    if (step % 10 == 0) {
                        linkAcrossTenants(raw);
                        pairAsSystem();
                    }
                    if (step % 50 == 0) {
                        compare(raw);
                    }
                } catch (RuntimeException | AssertionError failure) {
                    throw new AssertionError("seed " + seed + ", step " + step + " of " + graph.tenant, failure);
                }
            }
            compare(raw);
        }
    }

    private long anyId() {
        return random.nextInt(IDS);
    }

    private void stepOf(Graph graph) {
        long parent = anyId();
        long child = anyId();
        switch (random.nextInt(9)) {
            case 0 -> {
                if (done(
                        graph.parents.contains(parent),
                        RowConflictException.class,
                        () -> parents.insert(Map.of("id", parent)))) {
                    graph.parents.add(parent);
                }
            }
            case 1 -> {
                Class<? extends Exception> refusal =
                        graph.children.containsKey(child) ? RowConflictException.class : RowNotFoundException.class;
                if (done(
                        graph.children.containsKey(child) || !graph.parents.contains(parent),
                        refusal,
                        () -> children.insert(Map.of("id", child, "parent_id", parent)))) {
                    graph.children.put(child, parent);
                }
            }
            case 2 -> {
                if (done(
                        !graph.children.containsKey(child) || !graph.parents.contains(parent),
                        RowNotFoundException.class,
                        () -> children.update(child, Map.of("parent_id", parent)))) {
                    graph.children.put(child, parent);
                }
            }
            case 3, 4 -> {
                List<Long> several = IntStream.range(0, random.nextInt(4))
                        .mapToObj(i -> anyId())
                        .toList();
                if (done(
                        !graph.parents.contains(parent)
                                || !graph.children.keySet().containsAll(several),
                        RowNotFoundException.class,
                        () -> pairs.associateAll(parent, several))) {
                    several.forEach(each -> graph.pairs.add(parent + " " + each));
                }
            }
            case 5 -> {
                if (done(
                        !graph.parents.contains(parent) || !graph.children.containsKey(child),
                        RowNotFoundException.class,
                        () -> pairs.dissociate(parent, child))) {
                    graph.pairs.remove(parent + " " + child);
                }
            }
            case 6 -> {
                boolean referred = graph.children.containsValue(parent);
                if (done(
                        referred || !graph.parents.contains(parent),
                        referred ? RowConflictException.class : RowNotFoundException.class,
                        () -> parents.delete(parent))) {
                    graph.parents.remove(parent);
                    graph.pairs.removeIf(pair -> pair.startsWith(parent + " "));
                }
            }
            case 7 -> {
                if (done(
                        !graph.children.containsKey(child), RowNotFoundException.class, () -> children.delete(child))) {
                    graph.children.remove(child);
                    graph.pairs.removeIf(pair -> pair.endsWith(" " + child));
                }
            }
            default -> {
                assertThat(parents.list()).containsExactlyElementsOf(new TreeSet<>(graph.parents));
                assertThat(paged()).containsExactlyElementsOf(new TreeSet<>(graph.children.keySet()));
                assertThat(parents.count()).isEqualTo(graph.parents.size());
                assertThat(parents.find(parent).isPresent()).isEqualTo(graph.parents.contains(parent));
                if (graph.parents.contains(parent)) {
                    assertThat(pairs.childrenOf(parent)).allMatch(id -> graph.pairs.contains(parent + " " + id));
                } else {
                    assertThatThrownBy(() -> pairs.childrenOf(parent)).isInstanceOf(RowNotFoundException.class);
                }
            }
        }
    }

    private List<Long> paged() {
        List<Long> all = new ArrayList<>(children.list(2));
        for (List<Long> page = all; !page.isEmpty(); ) {
            page = children.listAfter(all.get(all.size() - 1), 2);
            all.addAll(page);
        }
        return all;
    }

    private static boolean done(boolean refused, Class<? extends Exception> how, Runnable write) {
        if (refused) {
            assertThatThrownBy(write::run).isInstanceOf(how);
            return false;
        }
        write.run();
        return true;
    }

    /** As a superuser, to whom no policy applies. */
    private void linkAcrossTenants(Statement raw) {
        Graph one = graphs.get(random.nextInt(graphs.size()));
        Graph other = graphs.get(random.nextInt(graphs.size()));
        one.parents.stream()
                .filter(parent -> !other.parents.contains(parent))
                .findFirst()
                .ifPresent(parent -> {
                    assertThatThrownBy(() -> raw.execute("INSERT INTO children (tenant_id, id, parent_id) VALUES ('"
                                    + other.tenant + "', 99, " + parent + ")"))
                            .isInstanceOf(SQLException.class);
                    if (one.children.containsValue(parent)) {
                        assertThatThrownBy(() -> raw.execute("UPDATE parents SET tenant_id = '" + other.tenant
                                        + "' WHERE tenant_id = '" + one.tenant + "' AND id = " + parent))
                                .isInstanceOf(SQLException.class);
                    }
                });
    }

    /** The parent decides, and where it is not known whose is meant, nothing is done. */
    private void pairAsSystem() {
        long parent = anyId();
        long child = anyId();
        List<Graph> having =
                graphs.stream().filter(graph -> graph.parents.contains(parent)).toList();
        TenantContext.callAsSystem("a test", () -> {
            if (having.size() == 1 && having.get(0).children.containsKey(child)) {
                pairsOfSystem.associate(parent, child);
                having.get(0).pairs.add(parent + " " + child);
            } else {
                assertThatThrownBy(() -> pairsOfSystem.associate(parent, child))
                        .isInstanceOf(having.size() > 1 ? IllegalStateException.class : RowNotFoundException.class);
            }
            return having;
        });
    }

    private void compare(Statement raw) throws SQLException {
        assertThat(rows(raw, "SELECT tenant_id || ' ' || id FROM parents"))
                .isEqualTo(all(graph -> graph.parents.stream().map(Object::toString)));
        assertThat(rows(raw, "SELECT tenant_id || ' ' || id || ' ' || parent_id FROM children"))
                .isEqualTo(all(graph ->
                        graph.children.entrySet().stream().map(child -> child.getKey() + " " + child.getValue())));
        assertThat(rows(raw, "SELECT tenant_id || ' ' || parent_id || ' ' || child_id FROM pairs"))
                .isEqualTo(all(graph -> graph.pairs.stream()));
        assertThat(
                        rows(
                                raw,
                                "SELECT 'foreign' FROM pairs JOIN parents ON parents.id = pairs.parent_id JOIN children ON children.id = child_id"
                                        + " GROUP BY pairs.tenant_id, pairs.parent_id, child_id"
                                        + " HAVING NOT bool_or(parents.tenant_id = pairs.tenant_id AND children.tenant_id = pairs.tenant_id)"))
                .isEmpty();
    }

    private Set<String> all(Function<Graph, Stream<String>> rows) {
        return graphs.stream()
                .flatMap(graph -> rows.apply(graph).map(row -> graph.tenant + " " + row))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> rows(Statement raw, String sql) throws SQLException {
        Set<String> found = new TreeSet<>();
        try (var row = raw.executeQuery(sql)) {
            while (row.next()) {
                found.add(row.getString(1));
            }
        }
        return found;
    }
}
