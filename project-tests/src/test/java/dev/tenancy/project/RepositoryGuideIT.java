package dev.tenancy.project;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.tenancy.TenantContext;
import dev.tenancy.TenantId;
import dev.tenancy.TenantIdentity;
import dev.tenancy.jdbc.RowLevelSecurity;
import dev.tenancy.jdbc.RowNotFoundException;
import dev.tenancy.jdbc.TenantDataSource;
import dev.tenancy.jdbc.jdbi.TenancyPlugin;
import dev.tenancy.jdbc.jdbi.TenantAssociation;
import dev.tenancy.jdbc.jdbi.TenantScopedRepository;
import dev.tenancy.testservers.TestPostgres;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.mapper.RowMapper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The code in docs/repository.md, on a pool whose connections come with autocommit off. */
class RepositoryGuideIT {
    private static final RowMapper<Agent> AGENT = (row, context) -> new Agent(row.getLong("id"), row.getString("name"));
    private static final RowMapper<Policy> POLICY =
            (row, context) -> new Policy(row.getLong("id"), row.getString("name"));

    private final TestPostgres.Database database = TestPostgres.newDatabase();
    private TenantDataSource source;

    private record Agent(long id, String name) {}

    private record Policy(long id, String name) {}

    @BeforeEach
    void makeTables() throws SQLException {
        database.asOwner(
                "CREATE TABLE agents (id bigint GENERATED ALWAYS AS IDENTITY, name text NOT NULL)",
                "CREATE TABLE policies (id bigint GENERATED ALWAYS AS IDENTITY, name text NOT NULL)",
                "CREATE TABLE agent_policies (agent_id bigint, policy_id bigint)");
        try (Connection owner = database.ownerConnection()) {
            for (RowLevelSecurity.Builder table : List.of(
                    RowLevelSecurity.table("agents").key("id").unique("name"),
                    RowLevelSecurity.table("policies").key("id"),
                    RowLevelSecurity.table("agent_policies")
                            .key("agent_id", "policy_id")
                            .belongsTo("agent_id", "agents")
                            .belongsTo("policy_id", "policies"))) {
                table.grantTo(database.app()).build().apply(owner);
            }
        }
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(database.appUrl());
        config.setAutoCommit(false);
        source = TenantDataSource.wrap(new HikariDataSource(config));
    }

    @AfterEach
    void close() {
        source.close();
    }

    @Test
    void whatTheGuideSaysIsWhatIsRunHere() {
        String guide = Documents.text("docs/repository.md");
        for (String name : List.of("repositories", "rows", "sql")) {
            assertThat(guide).contains(Documents.region(RepositoryGuideIT.class, name));
        }
    }

    @Test
    void rowsAndPairsAreTheCurrentTenants() {
        // region repositories
        Jdbi jdbi = Jdbi.create(source).installPlugin(new TenancyPlugin());
        TenantScopedRepository<Agent> agents = TenantScopedRepository.of(jdbi, "agents", AGENT);
        TenantScopedRepository<Policy> policies = TenantScopedRepository.of(jdbi, "policies", POLICY);
        TenantAssociation<Policy> agentPolicies =
                agents.associationWith(policies, "agent_policies", "agent_id", "policy_id");
        // endregion
        TenantContext.run(as("acme"), () -> {
            List<Long> policyIds = List.of(
                    policies.insert(Map.of("name", "one")).id(),
                    policies.insert(Map.of("name", "two")).id());
            // region rows
            Agent agent = agents.insert(Map.of("name", "writer"));
            agents.update(agent.id(), Map.of("name", "editor"));
            List<Agent> page = agents.list(50);
            List<Agent> next = agents.listAfter(agent.id(), 50);
            agentPolicies.associateAll(agent.id(), policyIds);
            List<Policy> attached = agentPolicies.childrenOf(agent.id());
            // endregion
            assertThat(page).containsExactly(new Agent(agent.id(), "editor"));
            assertThat(next).isEmpty();
            assertThat(attached).extracting(Policy::name).containsExactly("one", "two");
        });
        TenantContext.run(as("globex"), () -> {
            assertThat(agents.list()).isEmpty();
            assertThatThrownBy(() -> agentPolicies.childrenOf(1)).isInstanceOf(RowNotFoundException.class);
            assertThat(mine(jdbi)).isZero();
        });
        TenantContext.run(as("acme"), () -> assertThat(mine(jdbi)).isEqualTo(1));
    }

    private static long mine(Jdbi jdbi) {
        // region sql
        long mine =
                jdbi.withHandle(handle -> handle.createQuery("SELECT count(*) FROM agents WHERE tenant_id = :tenantId")
                        .mapTo(Long.class)
                        .one());
        // endregion
        return mine;
    }

    private static TenantIdentity as(String tenant) {
        return TenantIdentity.of(TenantId.of(tenant), "test");
    }
}
