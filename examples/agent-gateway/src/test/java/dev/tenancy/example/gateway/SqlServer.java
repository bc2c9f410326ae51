package dev.tenancy.example.gateway;

import dev.tenancy.jdbc.audit.Finding;
import dev.tenancy.jdbc.audit.IsolationAudit;
import dev.tenancy.testservers.CuttableProxy;
import dev.tenancy.testservers.TestPostgres;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.postgresql.ds.PGSimpleDataSource;

/** A gateway whose tenants may run SQL, with a role for that or with that of the application; and many tenants. */
final class SqlServer implements AutoCloseable {
    static final int TENANTS = 60;

    private final TestPostgres.Database database = TestPostgres.newDatabase();
    private final CuttableProxy proxy = CuttableProxy.to(database.address());
    private final Connection superuser;
    private final AgentGateway gateway;

    SqlServer(boolean roleOfItsOwn) throws SQLException {
        superuser = DriverManager.getConnection(database.superuserUrl());
        String sqlRole = roleOfItsOwn ? database.name() + "_sql" : database.app();
        if (roleOfItsOwn) {
            database.asSuperuser(
                    "CREATE ROLE " + sqlRole + " LOGIN PASSWORD 'test'", "GRANT USAGE ON SCHEMA public TO " + sqlRole);
        }
        database.asSuperuser("GRANT CONNECT ON DATABASE " + database.name() + " TO " + database.app() + ", " + sqlRole);
        closeWhatOnlyASuperuserCan(sqlRole);
        gateway = AgentGateway.start(TestSettings.on(
                url(database.app()),
                url(database.owner()),
                "GATEWAY_SQL_JDBC_URL",
                url(sqlRole),
                "GATEWAY_TENANT_KEY_MAP",
                IntStream.range(0, TENANTS).mapToObj(n -> "key-" + n + ":t" + n).collect(Collectors.joining(";"))));
    }

    /** As an operator does who reads what the audit finds. */
    private void closeWhatOnlyASuperuserCan(String sqlRole) throws SQLException {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl(url(sqlRole));
        for (Finding open : IsolationAudit.standard().run(source).findings()) {
            open.mend().ifPresent(database::asSuperuser);
        }
    }

    private String url(String role) {
        return "jdbc:postgresql://127.0.0.1:" + proxy.port() + "/" + database.name() + "?password=test&user=" + role;
    }

    CuttableProxy proxy() {
        return proxy;
    }

    Client anonymous() {
        return Client.anonymous(gateway.url());
    }

    /** One of the tenants {@code t0}, {@code t1}, … */
    Client tenant(int number) {
        return anonymous().with("key-" + number);
    }

    /** Waits until no job has anything left to write. */
    void awaitJobs() throws SQLException {
        await("SELECT NOT EXISTS (SELECT FROM jobs WHERE state <> 'done')");
    }

    /** Waits until so many sessions sleep. */
    void awaitSleepers(int sessions) throws SQLException {
        await("SELECT count(*) >= " + sessions + " FROM pg_stat_activity WHERE wait_event = 'PgSleep'");
    }

    private void await(String condition) throws SQLException {
        try (Statement statement = superuser.createStatement()) {
            boolean holds = false;
            while (!holds) {
                try (ResultSet row = statement.executeQuery(condition)) {
                    row.next();
                    holds = row.getBoolean(1);
                }
            }
        }
    }

    /** A digest of all rows of everybody else, table by table, as a superuser sees them. */
    Map<String, String> rowsOfOthersThan(String tenant) throws SQLException {
        Map<String, String> digests = new LinkedHashMap<>();
        try (Statement statement = superuser.createStatement()) {
            for (String table : new String[] {
                "agents",
                "policies",
                "controls",
                "agent_policies",
                "agent_controls",
                "sessions",
                "session_records",
                "audit_records",
                "jobs",
                "memories",
                "tenancy_budget",
                "tenancy_budget_reservation"
            }) {
                try (ResultSet row =
                        statement.executeQuery("SELECT count(*) || ' ' || coalesce(md5(string_agg(t::text, ','"
                                + " ORDER BY t::text)), '') FROM " + table + " AS t WHERE tenant_id <> '" + tenant
                                + "'")) {
                    row.next();
                    digests.put(table, row.getString(1));
                }
            }
        }
        return digests;
    }

    @Override
    public void close() throws SQLException {
        gateway.close();
        proxy.close();
        superuser.close();
    }
}
