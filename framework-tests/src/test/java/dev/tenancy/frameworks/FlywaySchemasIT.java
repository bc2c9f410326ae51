package dev.tenancy.frameworks;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.tenancy.TenantContext;
import dev.tenancy.TenantId;
import dev.tenancy.TenantIdentity;
import dev.tenancy.jdbc.SchemaMap;
import dev.tenancy.jdbc.TenantBinding;
import dev.tenancy.jdbc.TenantDataSource;
import dev.tenancy.jdbc.TenantSchemas;
import dev.tenancy.testservers.TestPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.JdbcTemplate;

/** Flyway makes each tenant's schema; the code is that of docs/schema-per-tenant.md. */
class FlywaySchemasIT {
    private static final Logger LOG = LoggerFactory.getLogger(FlywaySchemasIT.class);
    private static final SchemaMap MAP = SchemaMap.parse("acme:acme;globex:globex_2");

    @TempDir
    private Path migrations;

    @Test
    void eachTenantsSchemaIsMadeByFlywayOnce() throws Exception {
        Files.writeString(
                migrations.resolve("V1__notes.sql"),
                "CREATE TABLE notes (id bigint GENERATED ALWAYS AS IDENTITY, body text)");
        TestPostgres.Database database = TestPostgres.newDatabase();
        try (HikariDataSource owner = pool(database.ownerUrl());
                HikariDataSource pool = pool(database.appUrl())) {
            TenantSchemas schemas = schemas(owner, database.app());
            TenantDataSource source = source(pool, schemas);
            JdbcTemplate template = new JdbcTemplate(source);
            for (String tenant : List.of("acme", "globex", "acme")) {
                TenantContext.run(TenantIdentity.of(TenantId.of(tenant), "test"), () -> {
                    template.update("INSERT INTO notes (body) VALUES (?)", "of " + tenant);
                });
            }

            assertThat(notes(template, "acme")).containsExactly("of acme", "of acme");
            assertThat(notes(template, "globex")).containsExactly("of globex");
            assertThat(migrateAll(schemas).failed()).isEmpty();
            assertThat(new JdbcTemplate(owner)
                            .queryForList("SELECT version FROM globex_2.flyway_schema_history", String.class))
                    .contains("1");
        }
    }

    private static HikariDataSource pool(String url) {
        HikariDataSource pool = new HikariDataSource();
        pool.setJdbcUrl(url);
        pool.setMaximumPoolSize(8);
        return pool;
    }

    private static List<String> notes(JdbcTemplate template, String tenant) {
        List<String> notes = new ArrayList<>();
        TenantContext.run(
                TenantIdentity.of(TenantId.of(tenant), "test"),
                () -> notes.addAll(template.queryForList("SELECT body FROM notes", String.class)));
        return notes;
    }

    private TenantSchemas schemas(DataSource ownersDataSource, String appRole) throws SQLException, IOException {
        String migrations = "filesystem:" + this.migrations.toRealPath();
        SchemaMap map = MAP;
        // region schemas
        TenantSchemas schemas = TenantSchemas.builder(ownersDataSource, tenant -> map.schemaOf(tenant.value()))
                .migration(
                        "2",
                        (owner, schema) -> Flyway.configure()
                                .dataSource(owner)
                                .schemas(schema)
                                .locations(migrations)
                                .load()
                                .migrate())
                .grantTo(appRole)
                .build();
        // endregion
        return schemas;
    }

    private static TenantDataSource source(DataSource pool, TenantSchemas schemas) {
        // region source
        TenantDataSource source = TenantDataSource.builder(pool)
                .binding(TenantBinding.transaction())
                .schemas(schemas)
                .build();
        // endregion
        return source;
    }

    private static TenantSchemas.Report migrateAll(TenantSchemas schemas) throws InterruptedException {
        SchemaMap map = MAP;
        // region all
        TenantSchemas.Report report =
                schemas.migrateAll(map.schemas(), 4, done -> LOG.info("{} schemas are migrated", done));
        // endregion
        return report;
    }
}
