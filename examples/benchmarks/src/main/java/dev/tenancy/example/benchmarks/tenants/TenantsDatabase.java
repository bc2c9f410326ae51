package dev.tenancy.example.benchmarks.tenants;

import dev.tenancy.jdbc.JdbcTenantCatalog;
import dev.tenancy.jdbc.RowLevelSecurity;
import dev.tenancy.testservers.TestPostgres;
import java.sql.Connection;
import java.sql.SQLException;

/**
 * A database with so many tenants in its catalog, and a note of each.
 *
 * @param database the database
 * @param tenants how many: those with the numbers 1 to this
 */
record TenantsDatabase(TestPostgres.Database database, int tenants) {

    static TenantsDatabase create(int tenants) throws SQLException {
        TestPostgres.Database database = TestPostgres.newDatabase();
        database.asOwner(
                JdbcTenantCatalog.ddl(),
                "GRANT SELECT ON tenancy_tenant TO " + database.app(),
                "CREATE TABLE notes (id bigint NOT NULL, body text NOT NULL)",
                "INSERT INTO tenancy_tenant (id, settings) SELECT '" + name("' || n || '")
                        + "', '{\"rate-limit\": \"600/1m burst 100\", \"plan\": \"gold\"}' FROM generate_series(1, "
                        + tenants
                        + ") n");
        try (Connection owner = database.ownerConnection()) {
            RowLevelSecurity.table("notes")
                    .key("id")
                    .grantTo(database.app())
                    .build()
                    .apply(owner);
        }
        // No policy applies to a superuser, who may write for all tenants at once.
        database.asSuperuser(
                "INSERT INTO notes (tenant_id, id, body) SELECT '" + name("' || n || '") + "', 1, 'a note'"
                        + " FROM generate_series(1, " + tenants + ") n",
                "ANALYZE");
        return new TenantsDatabase(database, tenants);
    }

    static String name(String number) {
        return "tenant-" + number;
    }
}
