package dev.tenancy.jdbc.attack;

import dev.tenancy.jdbc.RowLevelSecurity;
import dev.tenancy.jdbc.SealKey;
import dev.tenancy.jdbc.TenantSeal;
import dev.tenancy.testservers.TestPostgres;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Two tables with rows of an attacker, few, and of a victim, many and marked; and more rights than an application
 * should have: a schema in which it may create, and temporary objects.
 */
final class VictimDatabase implements AutoCloseable {
    static final SealKey KEY = SealKey.random("k1");

    /** How many rows the victim has, and how many there are in all: numbers that nothing else has. */
    static final List<Integer> COUNTS = List.of(617, 1_237, 620, 1_240);

    private static final List<String> TABLES = List.of("accounts", "orders");

    private final TestPostgres.Database database = TestPostgres.newDatabase();
    private final Connection superuser = DriverManager.getConnection(database.superuserUrl());
    private final Column column;

    VictimDatabase(Column column, boolean sealed) throws SQLException {
        this.column = column;
        database.asOwner(
                "CREATE TABLE accounts (id bigint NOT NULL, email text NOT NULL, secret text, amount numeric,"
                        + " tenant_id " + column.type + ")",
                "CREATE TABLE orders (id bigint NOT NULL, account bigint, note text, tenant_id " + column.type + ")",
                "CREATE SEQUENCE order_ids");
        try (Connection owner = database.ownerConnection()) {
            TenantSeal.install(owner, KEY);
            protect(owner, "accounts", table -> table.unique("email"), sealed);
            protect(owner, "orders", table -> table.belongsTo("account", "accounts"), sealed);
        }
        database.asOwner(
                "CREATE VIEW account_totals AS SELECT count(*), sum(amount) FROM accounts",
                "CREATE FUNCTION count_accounts() RETURNS bigint LANGUAGE sql AS 'SELECT count(*) FROM public.accounts'");
        database.asSuperuser("CREATE SCHEMA lab");
        store();
        repair();
    }

    private void protect(Connection owner, String table, UnaryOperator<RowLevelSecurity.Builder> keys, boolean sealed)
            throws SQLException {
        RowLevelSecurity.Builder builder =
                keys.apply(RowLevelSecurity.table(table).key("id").tenantColumn(column.tenantColumn));
        (sealed ? builder.sealed() : builder).build().apply(owner);
    }

    private void store() {
        database.asSuperuser(
                rows("accounts", 3, 0, column.attacker, "n, 'a-' || n || '@of-a.example', 'of a ' || n, n"),
                rows(
                        "accounts",
                        617,
                        9_000,
                        column.victim,
                        "9000 + n, 'b-' || n || '@of-b.example', 'SECRET-OF-B-' || n, 777000 + n"),
                rows("orders", 3, 0, column.attacker, "n, n, 'of a ' || n"),
                rows("orders", 1_237, 9_000, column.victim, "9000 + n, 9001 + n % 617, 'NOTE-OF-B-' || n"),
                "ANALYZE");
    }

    private static String rows(String table, int count, int offset, String tenant, String columns) {
        return "INSERT INTO " + table + " SELECT " + columns + ", '" + tenant + "' FROM generate_series(1, " + count
                + ") AS n WHERE " + offset + " >= 0";
    }

    TestPostgres.Database database() {
        return database;
    }

    /** Gives the application what it had, whatever it did to itself, and the attacker its rows. */
    void repair() throws SQLException {
        String app = database.app();
        try (Statement statement = superuser.createStatement()) {
            statement.execute("DROP SCHEMA lab CASCADE; CREATE SCHEMA lab; GRANT ALL ON SCHEMA lab TO " + app
                    + "; CREATE TABLE lab.parent (id bigint); GRANT ALL ON lab.parent TO " + app
                    + "; GRANT SELECT, INSERT, UPDATE, DELETE ON accounts, orders TO " + app
                    + "; GRANT SELECT ON account_totals TO " + app + "; GRANT ALL ON SEQUENCE order_ids TO " + app
                    + "; ALTER ROLE " + app + " RESET ALL; ALTER ROLE " + app + " PASSWORD 'test'");
            statement.execute("DELETE FROM accounts WHERE tenant_id = '" + column.attacker + "'");
            statement.execute(
                    rows("accounts", 3, 0, column.attacker, "n, 'a-' || n || '@of-a.example', 'of a ' || n, n"));
            statement.execute(rows("orders", 3, 0, column.attacker, "n, n, 'of a ' || n"));
        }
    }

    /** What the victim has, as nobody's policy changes it. */
    String victimsRows() throws SQLException {
        StringBuilder all = new StringBuilder();
        for (String table : TABLES) {
            try (Statement statement = superuser.createStatement();
                    ResultSet row =
                            statement.executeQuery("SELECT count(*), md5(string_agg(t::text, ',' ORDER BY t.id))"
                                    + " FROM " + table + " AS t WHERE tenant_id = '" + column.victim + "'")) {
                row.next();
                all.append(table)
                        .append(' ')
                        .append(row.getInt(1))
                        .append(' ')
                        .append(row.getString(2))
                        .append('\n');
            }
        }
        return all.toString();
    }

    @Override
    public void close() throws SQLException {
        superuser.close();
        database.close();
    }
}
