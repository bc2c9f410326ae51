package dev.tenancy.jdbc.torture;

import dev.tenancy.jdbc.RowLevelSecurity;
import dev.tenancy.testservers.TestPostgres;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/** One tenant table, {@code items(id, body)}, and what sees behind the back of the library how it is used. */
final class TortureDatabase {
    private static final String UNBOUND = "current_setting('tenancy.tenant_id', true)";

    private final TestPostgres.Database database = TestPostgres.newDatabase();

    /** With the first row of each tenant. */
    TortureDatabase(Collection<TenantRows> tenants) throws SQLException {
        database.asOwner(
                "CREATE TABLE items (id bigint NOT NULL, body text NOT NULL, slot bigint)",
                "CREATE FUNCTION count_items() RETURNS bigint LANGUAGE sql STABLE AS 'SELECT count(*) FROM public.items'",
                "CREATE FUNCTION store_item(bigint, text) RETURNS void LANGUAGE plpgsql AS"
                        + " 'BEGIN INSERT INTO public.items (id, body) VALUES ($1, $2); END'",
                "CREATE PROCEDURE call_store_item(bigint, text) LANGUAGE plpgsql AS"
                        + " 'BEGIN INSERT INTO public.items (id, body) VALUES ($1, $2); END'",
                "CREATE FUNCTION hidden_ambush() RETURNS int LANGUAGE plpgsql AS $$ BEGIN"
                        + " CREATE TEMPORARY TABLE IF NOT EXISTS items (id bigint, body text); RETURN 1; END $$");
        try (Connection owner = database.ownerConnection()) {
            RowLevelSecurity.table("items")
                    .key("id")
                    .grantTo(database.app())
                    .build()
                    .apply(owner);
        }
        countUnboundWrites();
        prepareAmbushes();
        prepareInterruptions();
        store(tenants);
    }

    /** A sequence counts what is rolled back too. */
    private void countUnboundWrites() {
        database.asOwner(
                "ALTER TABLE items ADD UNIQUE (tenant_id, slot) DEFERRABLE INITIALLY DEFERRED",
                "CREATE SEQUENCE unbound_writes MINVALUE 0 START 0",
                "SELECT nextval('unbound_writes')",
                "CREATE FUNCTION count_if_unbound() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN"
                        + " IF coalesce(" + UNBOUND
                        + ", '') = '' THEN PERFORM nextval('public.unbound_writes'); END IF;"
                        + " RETURN NULL; END $$",
                "CREATE TRIGGER count_if_unbound BEFORE INSERT OR UPDATE OR DELETE ON items"
                        + " FOR EACH STATEMENT EXECUTE FUNCTION count_if_unbound()");
    }

    private void prepareAmbushes() {
        database.asSuperuser(
                "CREATE SCHEMA ambush AUTHORIZATION " + database.app(),
                "CREATE TABLE ambush.items (id bigint, body text)",
                "INSERT INTO ambush.items VALUES (0, 'ambush')",
                "GRANT ALL ON ambush.items TO " + database.app(),
                "ALTER ROLE " + database.app() + " SET lock_timeout = '20s'");
    }

    private void prepareInterruptions() {
        database.asSuperuser("CREATE FUNCTION pid_of_sleeper(marker text) RETURNS int LANGUAGE plpgsql AS $$"
                + " DECLARE found int; BEGIN FOR i IN 1 .. 20000 LOOP"
                + " SELECT pid INTO found FROM pg_stat_activity WHERE wait_event = 'PgSleep'"
                + " AND query LIKE '%' || marker || '%';"
                + " EXIT WHEN found IS NOT NULL; PERFORM pg_sleep(0.001), pg_stat_clear_snapshot();"
                + " END LOOP; RETURN found; END $$");
    }

    private void store(Collection<TenantRows> tenants) throws SQLException {
        try (Connection superuser = DriverManager.getConnection(superuserUrl());
                PreparedStatement insert =
                        superuser.prepareStatement("INSERT INTO items (tenant_id, id, body) VALUES (?, ?, ?)");
                Statement statement = superuser.createStatement()) {
            for (TenantRows tenant : tenants) {
                insert.setString(1, tenant.id.value());
                insert.setLong(2, TenantRows.FIRST);
                insert.setString(3, tenant.rows().get(TenantRows.FIRST));
                insert.addBatch();
            }
            insert.executeBatch();
            statement.execute("ALTER SEQUENCE unbound_writes RESTART; SELECT nextval('unbound_writes')");
        }
    }

    String appUrl() {
        return database.appUrl();
    }

    String superuserUrl() {
        return database.superuserUrl();
    }

    /** How many statements that write ran for nobody. */
    long unboundWrites() throws SQLException {
        try (Connection superuser = DriverManager.getConnection(superuserUrl());
                Statement statement = superuser.createStatement();
                ResultSet row = statement.executeQuery("SELECT last_value FROM unbound_writes")) {
            row.next();
            return row.getLong(1);
        }
    }

    /** All rows, whosever they are, by tenant. */
    Map<String, NavigableMap<Long, String>> rows() throws SQLException {
        Map<String, NavigableMap<Long, String>> all = new TreeMap<>();
        try (Connection superuser = DriverManager.getConnection(superuserUrl());
                Statement statement = superuser.createStatement();
                ResultSet rows = statement.executeQuery("SELECT tenant_id, id, body FROM public.items")) {
            while (rows.next()) {
                all.computeIfAbsent(rows.getString(1), tenant -> new TreeMap<>())
                        .put(rows.getLong(2), rows.getString(3));
            }
        }
        return all;
    }

    /** What the tenants are to have, by tenant. */
    static Map<String, NavigableMap<Long, String>> modelOf(List<TenantRows> tenants) {
        Map<String, NavigableMap<Long, String>> all = new TreeMap<>();
        tenants.forEach(tenant -> all.put(tenant.id.value(), tenant.rows()));
        return all;
    }
}
