package dev.tenancy.jdbc.jdbi;

import static dev.tenancy.jdbc.Tenants.A;
import static dev.tenancy.jdbc.Tenants.B;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenancy.NoTenantException;
import dev.tenancy.TenancyException;
import dev.tenancy.TenantContext;
import dev.tenancy.TenantIdentity;
import dev.tenancy.jdbc.NotesDatabase;
import dev.tenancy.jdbc.RowConflictException;
import dev.tenancy.jdbc.RowLevelSecurity;
import dev.tenancy.jdbc.RowNotFoundException;
import dev.tenancy.jdbc.TenantDataSource;
import dev.tenancy.testservers.TestPostgres;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jdbi.v3.core.statement.UnableToExecuteStatementException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TenantScopedRepositoryIT {
    private static final RowMapper<Item> ITEM =
            (row, context) -> new Item(row.getLong("id"), row.getString("name"), row.getString("tenant_id"));

    @AutoClose
    private TestPostgres.Database database;

    private TenantDataSource source;
    private Jdbi jdbi;
    private TenantScopedRepository<Item> agents;
    private TenantScopedRepository<Item> policies;
    private TenantAssociation<Item> agentPolicies;

    record Item(long id, String name, String tenantId) {}

    @BeforeEach
    void makeTables() throws SQLException {
        database = TestPostgres.newDatabase();
        database.asOwner(
                "CREATE TABLE agents (id bigint, name text NOT NULL)",
                "CREATE TABLE policies (id bigint, name text NOT NULL, agent_id bigint)",
                "CREATE TABLE agent_policies (agent_id bigint, policy_id bigint)");
        try (Connection owner = database.ownerConnection()) {
            for (RowLevelSecurity.Builder table : List.of(
                    RowLevelSecurity.table("agents").key("id").unique("name"),
                    RowLevelSecurity.table("policies").key("id").references("agent_id", "agents"),
                    RowLevelSecurity.table("agent_policies")
                            .key("agent_id", "policy_id")
                            .belongsTo("agent_id", "agents")
                            .belongsTo("policy_id", "policies"))) {
                table.grantTo(database.app()).build().apply(owner);
            }
        }
        source = TenantDataSource.wrap(NotesDatabase.poolOfOne(database.appUrl(), true));
        jdbi = Jdbi.create(source);
        agents = TenantScopedRepository.of(jdbi, "agents", ITEM);
        policies = TenantScopedRepository.of(jdbi, "policies", ITEM);
        agentPolicies = agents.associationWith(policies, "agent_policies", "agent_id", "policy_id");
        TenantContext.run(A, () -> {
            agents.insert(Map.of("id", 1, "name", "agent of A"));
            policies.insert(Map.of("id", 10, "name", "policy of A"));
        });
        TenantContext.run(B, () -> {
            agents.insert(Map.of("id", 2, "name", "agent of B"));
            policies.insert(Map.of("id", 20, "name", "policy of B"));
        });
    }

    @AfterEach
    void close() {
        source.close();
    }

    @Test
    void rowsBelongToWhoeverIsCurrent() {
        TenantContext.run(A, () -> {
            assertThat(agents.list()).containsExactly(new Item(1, "agent of A", "tenant-a"));
            assertThat(agents.count()).isEqualTo(1);
            assertThat(agents.find(1)).isPresent();
            assertThat(agents.require(1).name()).isEqualTo("agent of A");
        });
        TenantContext.run(
                B, () -> assertThat(agents.list()).extracting(Item::name).containsExactly("agent of B"));
    }

    @Test
    void anothersRowIsNotThere() {
        TenantContext.run(A, () -> {
            assertThat(agents.find(2)).isEmpty();
            assertNotFound(() -> agents.require(2));
            assertNotFound(() -> agents.update(2, Map.of("name", "taken")));
            assertNotFound(() -> agents.delete(2));
        });
        TenantContext.run(B, () -> assertThat(agents.require(2).name()).isEqualTo("agent of B"));
    }

    @Test
    void rowsAreChangedAndDeleted() {
        TenantContext.run(A, () -> {
            assertThat(agents.update(1, Map.of("name", "renamed"))).isEqualTo(new Item(1, "renamed", "tenant-a"));
            agents.delete(1);
            assertThat(agents.list()).isEmpty();
        });
    }

    @Test
    void theTenantIsNoValueToBeGiven() {
        TenantContext.run(A, () -> {
            assertThatThrownBy(() -> agents.insert(Map.of("id", 3, "name", "x", "tenant_id", "tenant-b")))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> agents.update(1, Map.of("tenant_id", "tenant-b")))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> agents.update(1, Map.of("id", 7))).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> agents.update(1, Map.of())).isInstanceOf(IllegalArgumentException.class);
        });
    }

    @Test
    void aTakenNameIsAConflictWithinATenantOnlyAndNothingIsRepeated() {
        TenantContext.run(A, () -> {
            agents.insert(Map.of("id", 2, "name", "agent of B"));
            assertThatThrownBy(() -> agents.insert(Map.of("id", 3, "name", "agent of A")))
                    .isInstanceOf(RowConflictException.class)
                    .hasNoCause()
                    .message()
                    .doesNotContain("agent of A", "tenant-a");
            assertThatThrownBy(() -> agents.update(2, Map.of("name", "agent of A")))
                    .isInstanceOf(RowConflictException.class);
        });
    }

    @Test
    void aReferenceToAnothersRowIsLikeOneToNone() {
        TenantContext.run(A, () -> {
            TenancyException toForeign = failureOf(() -> policies.insert(Map.of("id", 11, "name", "p", "agent_id", 2)));
            TenancyException toNone = failureOf(() -> policies.insert(Map.of("id", 11, "name", "p", "agent_id", 99)));
            assertThat(toForeign).isInstanceOf(RowNotFoundException.class).hasNoCause();
            assertThat(toForeign.getMessage()).isEqualTo(toNone.getMessage());
            assertThat(toForeign.problem()).isEqualTo(toNone.problem());
            assertNotFound(() -> policies.update(10, Map.of("agent_id", 2)));
        });
    }

    @Test
    void aRowThatIsReferredToIsNotDeleted() {
        TenantContext.run(A, () -> {
            policies.update(10, Map.of("agent_id", 1));
            assertThatThrownBy(() -> agents.delete(1))
                    .isInstanceOf(RowConflictException.class)
                    .hasNoCause();
        });
    }

    @Test
    void otherFailuresOfTheDatabaseAreThrownOn() {
        TenantContext.run(A, () -> {
            assertThatThrownBy(() -> agents.insert(Map.of("id", "no number", "name", "x")))
                    .isInstanceOf(UnableToExecuteStatementException.class);
            assertThatThrownBy(() -> agents.delete("no number")).isInstanceOf(UnableToExecuteStatementException.class);
        });
    }

    @Test
    void withoutATenantNothingHappens() {
        assertThatThrownBy(() -> agents.insert(Map.of("id", 3, "name", "x"))).isInstanceOf(NoTenantException.class);
        assertThatThrownBy(agents::list).isInstanceOf(NoTenantException.class);
        assertThatThrownBy(() -> agents.delete(1)).isInstanceOf(NoTenantException.class);
        assertThatThrownBy(agents::count).isInstanceOf(NoTenantException.class);
        assertThatThrownBy(() -> agentPolicies.associate(1, 10)).rootCause().isInstanceOf(SQLException.class);
    }

    @Test
    void anAssociationCarriesItsParentsTenantAndIsMadeOnce() {
        TenantContext.run(A, () -> {
            agentPolicies.associate(1, 10);
            agentPolicies.associate(1, 10);
            assertThat(agentPolicies.childrenOf(1)).containsExactly(new Item(10, "policy of A", "tenant-a"));
            assertThat(pairs()).containsExactly("tenant-a");

            agentPolicies.dissociate(1, 10);
            agentPolicies.dissociate(1, 10);
            assertThat(agentPolicies.childrenOf(1)).isEmpty();
        });
    }

    @Test
    void aConflictWithAnotherKeyOfTheTableOfPairsIsNotHidden() {
        database.asOwner("CREATE UNIQUE INDEX one_policy_each ON agent_policies (tenant_id, agent_id)");
        TenantContext.run(A, () -> {
            policies.insert(Map.of("id", 11, "name", "second policy of A"));
            agentPolicies.associate(1, 10);
            agentPolicies.associate(1, 10);
            assertThatThrownBy(() -> agentPolicies.associate(1, 11)).isInstanceOf(RowConflictException.class);
        });
    }

    @Test
    void twoTenantsAreNeverJoined() {
        TenantContext.run(A, () -> {
            assertNotFound(() -> agentPolicies.associate(1, 20));
            assertNotFound(() -> agentPolicies.associate(2, 10));
            assertNotFound(() -> agentPolicies.associate(2, 20));
            assertNotFound(() -> agentPolicies.associate(1, 99));
            assertThat(pairs()).isEmpty();
        });
    }

    @Test
    void anothersAssociationIsNotThere() {
        TenantContext.run(B, () -> agentPolicies.associate(2, 20));

        TenantContext.run(A, () -> {
            assertNotFound(() -> agentPolicies.childrenOf(2));
            assertNotFound(() -> agentPolicies.dissociate(2, 20));
        });
        TenantContext.run(B, () -> assertThat(agentPolicies.childrenOf(2)).hasSize(1));
    }

    /** Without row-level security the statements themselves join one tenant only: the current one, if there is one. */
    @Test
    void theParentDecidesEvenWherePostgresqlDoesNot() throws SQLException {
        database.asOwner(
                "ALTER TABLE agents DISABLE ROW LEVEL SECURITY",
                "ALTER TABLE policies DISABLE ROW LEVEL SECURITY",
                "ALTER TABLE agent_policies DISABLE ROW LEVEL SECURITY");

        TenantContext.run(A, () -> {
            assertNotFound(() -> agentPolicies.associate(1, 20));
            assertNotFound(() -> agentPolicies.associate(2, 20));
            assertThat(pairs()).isEmpty();
        });
        Jdbi ofAll = Jdbi.create(database.superuserUrl());
        TenantScopedRepository.of(ofAll, "agents", ITEM)
                .associationWith(
                        TenantScopedRepository.of(ofAll, "policies", ITEM), "agent_policies", "agent_id", "policy_id")
                .associate(2, 20);
        TenantContext.run(A, () -> assertThat(pairs()).containsExactly("tenant-b"));
    }

    /** Who may read another tenant's rows meets ids there that are the same as its own. */
    @Test
    void rowsOfAReadableTenantChangeNothingOfOnesOwn() throws SQLException {
        try (Connection owner = database.ownerConnection()) {
            for (String table : List.of("agents", "policies")) {
                RowLevelSecurity.table(table)
                        .key("id")
                        .readable()
                        .grantTo(database.app())
                        .build()
                        .apply(owner);
            }
            RowLevelSecurity.table("agent_policies")
                    .key("agent_id", "policy_id")
                    .readable()
                    .grantTo(database.app())
                    .build()
                    .apply(owner);
        }
        TenantContext.run(B, () -> {
            agents.insert(Map.of("id", 1, "name", "planted agent"));
            policies.insert(Map.of("id", 10, "name", "planted policy"));
            agentPolicies.associate(1, 10);
        });
        TenantIdentity reader = TenantIdentity.builder(A.tenantId(), "test")
                .readableTenants(Set.of(B.tenantId()))
                .build();

        TenantContext.run(reader, () -> {
            agents.insert(Map.of("id", 3, "name", "second agent of A"));
            assertThat(pairs()).as("what SQL sees").containsExactly("tenant-b");
            assertThat(agents.count()).isEqualTo(2);
            assertThat(agents.list()).extracting(Item::id).containsExactly(1L, 3L);
            assertThat(agents.list(1)).containsExactly(new Item(1, "agent of A", "tenant-a"));
            assertThat(agents.listAfter(1, 10)).extracting(Item::id).containsExactly(3L);
            assertThat(agents.find(2)).isEmpty();
            assertThat(agents.require(1).name()).isEqualTo("agent of A");

            assertThat(agentPolicies.childrenOf(1)).isEmpty();
            agentPolicies.associate(1, 10);
            assertThat(agentPolicies.childrenOf(1)).containsExactly(new Item(10, "policy of A", "tenant-a"));
            agentPolicies.dissociate(1, 10);
            assertNotFound(() -> agentPolicies.childrenOf(2));
            assertNotFound(() -> agentPolicies.associate(2, 20));
            assertNotFound(() -> agentPolicies.dissociate(2, 20));
        });
        TenantContext.run(B, () -> assertThat(agentPolicies.childrenOf(1)).hasSize(1));
    }

    @Test
    void associationsGoWithTheirParent() {
        TenantContext.run(A, () -> {
            agentPolicies.associate(1, 10);
            agents.delete(1);
            assertThat(pairs()).isEmpty();
        });
    }

    private List<String> pairs() {
        return jdbi.withHandle(handle -> handle.createQuery("SELECT tenant_id FROM agent_policies")
                .mapTo(String.class)
                .list());
    }

    private static void assertNotFound(Runnable work) {
        assertThat(failureOf(work)).isInstanceOf(RowNotFoundException.class);
    }

    private static TenancyException failureOf(Runnable work) {
        try {
            work.run();
        } catch (TenancyException failure) {
            return failure;
        }
        throw new AssertionError("nothing was thrown");
    }
}
