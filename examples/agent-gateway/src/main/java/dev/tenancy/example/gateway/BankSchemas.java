package dev.tenancy.example.gateway;

import dev.tenancy.Tenant;
import dev.tenancy.TenantCatalog;
import dev.tenancy.TenantId;
import dev.tenancy.jdbc.RowLevelSecurity;
import dev.tenancy.jdbc.TenantSchemas;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;

/**
 * Which tenant has a schema of its own, as the catalog says, and what is in it. A schema keeps apart SQL that names no
 * other one; so that no other does harm either, its tables are protected like all the others.
 */
final class BankSchemas {
    /** The setting of a tenant that names its schema. */
    static final String SETTING = "schema";

    private static final String VERSION = "1";

    private final TenantCatalog catalog;
    private final String appRole;

    BankSchemas(TenantCatalog catalog, String appRole) {
        this.catalog = catalog;
        this.appRole = appRole;
    }

    /** The tenant's schema, empty if it has none. */
    Optional<String> of(TenantId tenant) {
        return catalog.find(tenant).map(Tenant::settings).map(settings -> settings.get(SETTING));
    }

    /** The same as a list, for whoever erases a tenant. */
    List<String> all(TenantId tenant) {
        return of(tenant).map(List::of).orElseGet(List::of);
    }

    /** Makes a schema when its tenant first needs it. Behind it, the tables of all tenants are seen. */
    TenantSchemas migratedOnFirstUse(DataSource owners) throws SQLException {
        return TenantSchemas.builder(owners, this::of)
                .shared("public")
                .migration(VERSION, this::migrate)
                .build();
    }

    private void migrate(DataSource owners, String schema) throws SQLException {
        Flyway.configure()
                .dataSource(owners)
                .schemas(schema)
                .locations("classpath:banks")
                .load()
                .migrate();
        try (Connection owner = owners.getConnection();
                Statement statement = owner.createStatement()) {
            RowLevelSecurity.table(schema, "banks")
                    .key("id")
                    .unique("name")
                    .sealed()
                    .grantTo(appRole)
                    .build()
                    .apply(owner);
            RowLevelSecurity.table(schema, "bank_texts")
                    .key("id")
                    .belongsTo("bank_id", "banks")
                    .sealed()
                    .grantTo(appRole)
                    .build()
                    .apply(owner);
            statement.execute("GRANT USAGE ON SCHEMA " + statement.enquoteIdentifier(schema, true) + " TO "
                    + statement.enquoteIdentifier(appRole, true));
        }
    }
}
