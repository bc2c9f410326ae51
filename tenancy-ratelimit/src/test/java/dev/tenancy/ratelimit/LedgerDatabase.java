package dev.tenancy.ratelimit;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.tenancy.TenantId;
import dev.tenancy.jdbc.RowLevelSecurity;
import dev.tenancy.jdbc.TenantBinding;
import dev.tenancy.jdbc.TenantDataSource;
import dev.tenancy.testservers.TestPostgres;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

/**
 * A database with the tables of a ledger under row-level security, and the application's pool.
 *
 * @param database the database
 * @param source its pool, as a role that row-level security applies to
 */
record LedgerDatabase(TestPostgres.Database database, TenantDataSource source) implements AutoCloseable {

    static LedgerDatabase create(int connections) throws SQLException {
        return create(connections, true, TenantBinding.session());
    }

    static LedgerDatabase create(int connections, boolean autoCommit, TenantBinding binding) throws SQLException {
        TestPostgres.Database database = TestPostgres.newDatabase();
        database.asOwner(PostgresBudgetLedger.ddl(), PostgresBudgetLedger.ddl());
        try (Connection owner = database.ownerConnection()) {
            RowLevelSecurity.table("tenancy_budget")
                    .key("budget", "subject", "period")
                    .grantTo(database.app())
                    .build()
                    .apply(owner);
            RowLevelSecurity.table("tenancy_budget_reservation")
                    .key("id")
                    .grantTo(database.app())
                    .build()
                    .apply(owner);
        }
        return new LedgerDatabase(database, pool(database.appUrl(), connections, autoCommit, binding));
    }

    static TenantDataSource pool(String url, int connections, boolean autoCommit, TenantBinding binding) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setMaximumPoolSize(connections);
        config.setAutoCommit(autoCommit);
        return TenantDataSource.wrap(new HikariDataSource(config), binding);
    }

    PostgresBudgetLedger ledger() {
        return PostgresBudgetLedger.on(source);
    }

    /** Everything is so much older. */
    void pass(Duration time) {
        String interval = "interval '" + time.toMillis() + " milliseconds'";
        database.asSuperuser(
                "UPDATE tenancy_budget SET swept_to = swept_to - " + interval,
                "UPDATE tenancy_budget_reservation SET expires_at = expires_at - " + interval
                        + ", reserved_at = reserved_at - " + interval);
    }

    /** How many reservations of a tenant are in a state. */
    int inState(String state, TenantId tenant) throws SQLException {
        try (Connection connection = DriverManager.getConnection(database.superuserUrl());
                PreparedStatement statement = connection.prepareStatement(
                        "SELECT count(*) FROM tenancy_budget_reservation WHERE tenant_id = ? AND state = ?")) {
            statement.setString(1, tenant.value());
            statement.setString(2, state);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getInt(1);
            }
        }
    }

    long number(String selected) throws SQLException {
        try (Connection connection = DriverManager.getConnection(database.superuserUrl());
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT " + selected)) {
            row.next();
            return row.getLong(1);
        }
    }

    boolean isSomebodyWaitingForALock() throws SQLException {
        return number("count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'")
                > 0;
    }

    /** When it ends, a session has said what it has read, and how often it was in a deadlock. */
    void closePoolAndAwaitEndOfSessions() throws SQLException {
        source.close();
        while (number("count(*) FROM pg_stat_activity WHERE usename = '" + database.app() + "'") > 0) {
            Thread.onSpinWait();
        }
    }

    void empty() {
        database.asSuperuser("TRUNCATE tenancy_budget, tenancy_budget_reservation");
    }

    @Override
    public void close() {
        source.close();
        database.close();
    }
}
