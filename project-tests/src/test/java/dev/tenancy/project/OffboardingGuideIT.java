package dev.tenancy.project;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenancy.Tenant;
import dev.tenancy.TenantId;
import dev.tenancy.jdbc.ErasureProof;
import dev.tenancy.jdbc.JdbcTenantCatalog;
import dev.tenancy.jdbc.TenantExport;
import dev.tenancy.jdbc.TenantOffboarding;
import dev.tenancy.jdbc.TenantRegistry;
import dev.tenancy.testservers.TestPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.ds.PGSimpleDataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The code in docs/offboarding.md, run. */
class OffboardingGuideIT {
    private static final Logger LOG = LoggerFactory.getLogger(OffboardingGuideIT.class);

    private final TestPostgres.Database database = TestPostgres.newDatabase();

    @TempDir
    private Path temporary;

    @Test
    void whatTheGuideSaysIsWhatIsRunHere() {
        for (String name : List.of("build", "suspend", "export", "erase", "restore", "catalog")) {
            assertThat(Documents.text("docs/offboarding.md"))
                    .contains(Documents.region(OffboardingGuideIT.class, name));
        }
    }

    @Test
    void aTenantLeavesAndReturns() throws SQLException, IOException {
        TenantId acme = TenantId.of("acme");
        Path directory = temporary.resolve("acme");
        database.asOwner(
                JdbcTenantCatalog.ddl(),
                "GRANT SELECT ON tenancy_tenant TO " + database.app(),
                "CREATE TABLE notes (tenant_id text, body text)",
                "INSERT INTO notes VALUES ('acme', 'of acme'), ('globex', 'of globex')");
        DataSource owner = source(database.ownerUrl());
        try (JdbcTenantCatalog catalog = catalog(source(database.appUrl()), source(database.appUrl()))) {
            TenantRegistry registry = registry(catalog, owner);
            registry.put(Tenant.of(acme));
            TenantOffboarding offboarding = offboarding(owner, catalog);

            suspend(registry, acme);
            assertThat(export(offboarding, directory, acme).tables()).hasSize(1);
            try (Stream<String> lines = Files.lines(directory.resolve("0001-public.notes.jsonl"))) {
                assertThat(lines).containsExactly("{\"tenant_id\" : \"acme\", \"body\" : \"of acme\"}");
            }
            erase(offboarding, registry, acme);
            assertThat(notes()).isEqualTo("of globex");
            assertThat(catalog.find(acme)).isEmpty();

            restore(offboarding, directory, acme);
            assertThat(notes()).isEqualTo("of acme, of globex");
        }
    }

    private static JdbcTenantCatalog catalog(DataSource pool, DataSource direct) {
        // region catalog
        JdbcTenantCatalog catalog = JdbcTenantCatalog.builder(pool)
                .cached(cache -> cache.timeToLive(Duration.ofSeconds(30)))
                .listenOn(direct)
                .build();
        // endregion
        return catalog;
    }

    private static TenantRegistry registry(JdbcTenantCatalog catalog, DataSource administrators) {
        return catalog.registry(administrators);
    }

    private static TenantOffboarding offboarding(DataSource ownersDataSource, JdbcTenantCatalog catalog) {
        // region build
        TenantOffboarding offboarding = TenantOffboarding.builder(ownersDataSource)
                .refuseActive(catalog)
                .progress(step -> LOG.info("{} {} {}", step.step(), step.table(), step.rows()))
                .build();
        // endregion
        return offboarding;
    }

    private static void suspend(TenantRegistry registry, TenantId tenant) throws SQLException {
        // region suspend
        registry.setStatus(tenant, Tenant.Status.SUSPENDED);
        // endregion
    }

    private static TenantExport export(TenantOffboarding offboarding, Path directory, TenantId tenant)
            throws SQLException, IOException {
        // region export
        TenantExport export = offboarding.exportTo(directory, tenant);
        // endregion
        return export;
    }

    private static void erase(TenantOffboarding offboarding, TenantRegistry registry, TenantId tenant)
            throws SQLException {
        // region erase
        ErasureProof proof = offboarding.erase(tenant);
        if (!proof.isErased()) {
            throw new IllegalStateException("left of " + tenant + ": " + proof.rowsLeft() + proof.schemasLeft());
        }
        registry.remove(tenant);
        // endregion
    }

    private static void restore(TenantOffboarding offboarding, Path directory, TenantId tenant)
            throws SQLException, IOException {
        // region restore
        offboarding.restoreFrom(directory, tenant);
        // endregion
    }

    private String notes() throws SQLException {
        try (Connection connection = database.ownerConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT string_agg(body, ', ' ORDER BY body) FROM notes")) {
            row.next();
            return row.getString(1);
        }
    }

    private static DataSource source(String url) {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl(url);
        return source;
    }
}
