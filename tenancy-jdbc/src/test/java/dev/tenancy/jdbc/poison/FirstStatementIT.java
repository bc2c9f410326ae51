package dev.tenancy.jdbc.poison;

import static dev.tenancy.jdbc.poison.Poison.committed;

import dev.tenancy.jdbc.TenantBinding;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** S3: what B does first takes away what A left, and may itself fail, be undone, or not be SQL at all. */
@ParameterizedClass(name = "autoCommit={0}")
@ValueSource(booleans = {true, false})
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class FirstStatementIT {
    /** None of them shows what it does, so all of them are there when B comes. */
    private static final List<Poison> QUERIES = List.of(
            committed("the tenant", "SELECT set_config('tenancy.tenant_id', 'tenant-a', false)"),
            committed(
                    "another table",
                    "SELECT run('CREATE TABLE workshop.notes (tenant_id text, id bigint, body text)')",
                    "SELECT set_config('search_path', 'workshop, public', false)"),
            committed("a temporary table", "SELECT run('CREATE TEMP TABLE notes AS SELECT ''of A'' AS body')"),
            committed("another role", "SELECT set_config('role', current_user || '_clerk', false)"),
            committed(
                    "strings that are read otherwise",
                    "SELECT set_config('standard_conforming_strings', 'off', false)"),
            committed("read-only transactions", "SELECT set_config('default_transaction_read_only', 'on', false)"),
            committed(
                    "serializable transactions",
                    "SELECT set_config('default_transaction_isolation', 'serializable', false)"),
            committed("deferrable transactions", "SELECT set_config('default_transaction_deferrable', 'on', false)"),
            committed("a statement in SQL", "SELECT run('PREPARE ambush AS SELECT 1')"));

    private static HostDatabase database;

    private final boolean autoCommit;

    FirstStatementIT(boolean autoCommit) {
        this.autoCommit = autoCommit;
    }

    @BeforeAll
    static void makeDatabase() throws SQLException {
        database = new HostDatabase();
    }

    @AfterAll
    static void closeDatabase() throws SQLException {
        database.close();
    }

    @ParameterizedTest
    @EnumSource
    void whateverTheNextTenantBeginsWithItIsOnItsOwn(Task first) throws SQLException {
        for (Poison poison : QUERIES) {
            new Ambush(database, TenantBinding.transaction(), autoCommit, 1).holds(poison, first);
        }
    }
}
