package dev.tenancy.example.gateway;

import dev.tenancy.jdbc.JdbcTenantCatalog;
import dev.tenancy.jdbc.RowLevelSecurity;
import dev.tenancy.ratelimit.PostgresBudgetLedger;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/** The gateway's tables: they belong to tenants, but for those that only the owner can read. */
final class Schema {
    private static final String NAMED = " (id uuid NOT NULL DEFAULT gen_random_uuid(), name text NOT NULL)";

    private static final List<String> DDL = List.of(
            "CREATE TABLE IF NOT EXISTS agents" + NAMED,
            "CREATE TABLE IF NOT EXISTS policies" + NAMED,
            "CREATE TABLE IF NOT EXISTS controls" + NAMED,
            "CREATE TABLE IF NOT EXISTS agent_policies (agent_id uuid NOT NULL, policy_id uuid NOT NULL)",
            "CREATE TABLE IF NOT EXISTS agent_controls (agent_id uuid NOT NULL, control_id uuid NOT NULL)",
            """
            CREATE TABLE IF NOT EXISTS sessions (
                id uuid NOT NULL DEFAULT gen_random_uuid(),
                agent_id uuid,
                created_at timestamptz NOT NULL DEFAULT now()
            )""",
            """
            CREATE TABLE IF NOT EXISTS session_records (
                id bigint GENERATED ALWAYS AS IDENTITY,
                session_id uuid NOT NULL,
                kind text NOT NULL,
                data text NOT NULL,
                created_at timestamptz NOT NULL DEFAULT now()
            )""",
            """
            CREATE TABLE IF NOT EXISTS audit_records (
                id bigint NOT NULL,
                at timestamptz NOT NULL DEFAULT now(),
                action text NOT NULL,
                target text NOT NULL,
                subject text,
                times bigint NOT NULL DEFAULT 1
            )""",
            "CREATE TABLE IF NOT EXISTS audit_counters (last bigint NOT NULL)",
            """
            CREATE TABLE IF NOT EXISTS jobs (
                id uuid NOT NULL,
                kind text NOT NULL,
                payload text NOT NULL,
                state text NOT NULL,
                result text,
                lease bigint NOT NULL DEFAULT 0,
                created_at timestamptz NOT NULL DEFAULT now()
            )""",
            """
            CREATE TABLE IF NOT EXISTS waiting_jobs (
                id uuid PRIMARY KEY,
                ticket text NOT NULL,
                lease bigint NOT NULL DEFAULT 0,
                due timestamptz NOT NULL
            )""",
            "CREATE INDEX IF NOT EXISTS waiting_jobs_due ON waiting_jobs (due)",
            """
            CREATE TABLE IF NOT EXISTS memories (
                path text NOT NULL,
                text text NOT NULL,
                updated_at timestamptz NOT NULL DEFAULT now()
            )""",
            "CREATE TABLE IF NOT EXISTS gateway_secret"
                    + " (only_one boolean PRIMARY KEY DEFAULT true CHECK (only_one), secret bytea NOT NULL)",
            PostgresBudgetLedger.ddl(),
            JdbcTenantCatalog.ddl());

    private Schema() {}

    /**
     * Makes what is not there yet.
     *
     * @param sqlRole the role that runs SQL of tenants: it may read everything of its tenant, and write its things, but
     *     not what the gateway keeps about it
     */
    static void apply(Connection owner, String appRole, String sqlRole) throws SQLException {
        try (Statement statement = owner.createStatement()) {
            for (String ddl : DDL) {
                statement.execute(ddl);
            }
        }
        for (RowLevelSecurity.Builder table : protectedTables()) {
            table.sealed().grantTo(appRole).build().apply(owner);
        }
        if (!sqlRole.equals(appRole)) {
            grantForSql(owner, sqlRole);
        }
    }

    private static void grantForSql(Connection owner, String sqlRole) throws SQLException {
        try (Statement statement = owner.createStatement()) {
            String to = " TO " + statement.enquoteIdentifier(sqlRole, true);
            statement.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON agents, policies, controls, agent_policies,"
                    + " agent_controls, sessions, session_records, memories" + to);
            statement.execute("GRANT SELECT ON audit_records, jobs, tenancy_budget, tenancy_budget_reservation" + to);
        }
    }

    private static List<RowLevelSecurity.Builder> protectedTables() {
        return List.of(
                RowLevelSecurity.table("agents").key("id").unique("name"),
                RowLevelSecurity.table("policies").key("id").unique("name"),
                RowLevelSecurity.table("controls").key("id").unique("name"),
                RowLevelSecurity.table("agent_policies")
                        .key("agent_id", "policy_id")
                        .belongsTo("agent_id", "agents")
                        .belongsTo("policy_id", "policies"),
                RowLevelSecurity.table("agent_controls")
                        .key("agent_id", "control_id")
                        .belongsTo("agent_id", "agents")
                        .belongsTo("control_id", "controls"),
                RowLevelSecurity.table("sessions").key("id").references("agent_id", "agents"),
                RowLevelSecurity.table("session_records").key("id").belongsTo("session_id", "sessions"),
                RowLevelSecurity.table("audit_records").key("id"),
                RowLevelSecurity.table("audit_counters").key(),
                RowLevelSecurity.table("jobs").key("id"),
                RowLevelSecurity.table("memories").key("path").readable(),
                RowLevelSecurity.table("tenancy_budget").key("budget", "subject", "period"),
                RowLevelSecurity.table("tenancy_budget_reservation").key("id"));
    }
}
