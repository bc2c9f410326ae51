package dev.tenancy.frameworks;

import static dev.tenancy.frameworks.FrameworkIT.assertState;
import static dev.tenancy.frameworks.Tenants.A;
import static dev.tenancy.frameworks.Tenants.B;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.tenancy.TenantContext;
import dev.tenancy.TenantIdentity;
import dev.tenancy.jdbc.RowLevelSecurity;
import dev.tenancy.jdbc.TenantDataSource;
import dev.tenancy.testservers.TestPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfoService;
import org.flywaydb.core.api.MigrationState;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Flyway migrates as the owner of the tables; the application may look whether it did, without a tenant. */
@ParameterizedClass(name = "{0}")
@MethodSource("dev.tenancy.frameworks.Setup#all")
class FlywayIT {
    private final TestPostgres.Database database = TestPostgres.newDatabase();
    private final TenantDataSource source;

    @TempDir
    Path migrations;

    FlywayIT(Setup setup) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(database.appUrl());
        // Flyway holds one connection while it uses another.
        config.setMaximumPoolSize(2);
        config.setConnectionTimeout(10_000);
        config.setAutoCommit(setup.autoCommit());
        source = TenantDataSource.wrap(new HikariDataSource(config), setup.binding());
    }

    @BeforeEach
    void writeMigrations() throws IOException {
        write("V1__notes.sql", "CREATE TABLE notes (id bigint GENERATED ALWAYS AS IDENTITY, body text NOT NULL);");
        write("V2__history.sql", "GRANT SELECT ON flyway_schema_history TO " + database.app() + ";");
        write("R__row_level_security.sql", protection().sql());
    }

    @AfterEach
    void close() {
        source.close();
    }

    private RowLevelSecurity protection() {
        return RowLevelSecurity.table("notes")
                .key("id")
                .unique("body")
                .grantTo(database.app())
                .build();
    }

    private void write(String file, String sql) throws IOException {
        Files.writeString(migrations.resolve(file), sql);
    }

    @Test
    void theOwnerMigratesAndTheTablesAreTenantTables() {
        assertThat(asOwner().migrate().migrationsExecuted).isEqualTo(3);
        assertThat(asOwner().migrate().migrationsExecuted).isZero();

        addNote("of A", A);
        addNote("of B", B);
        assertThat(TenantContext.call(A, this::notes)).containsExactly("of A");
        assertThat(TenantContext.call(B, this::notes)).containsExactly("of B");
    }

    @Test
    void aChangedProtectionIsAppliedAgainAndKeepsTheRowsApart() throws IOException {
        asOwner().migrate();
        addNote("of A", A);

        write("R__row_level_security.sql", "-- once more\n" + protection().sql());

        assertThat(asOwner().migrate().migrationsExecuted).isEqualTo(1);
        assertThat(TenantContext.call(A, this::notes)).containsExactly("of A");
        assertThat(TenantContext.call(B, this::notes)).isEmpty();
    }

    @Test
    void theApplicationValidatesAndListsMigrationsWithoutATenant() throws IOException {
        asOwner().migrate();
        Flyway looking = on(source.withoutTenant());

        assertThat(looking.validateWithResult().validationSuccessful).isTrue();
        MigrationInfoService info = looking.info();
        assertThat(info.pending()).isEmpty();
        assertThat(info.applied()).hasSize(3).allMatch(applied -> applied.getState() == MigrationState.SUCCESS);

        write("V3__later.sql", "CREATE TABLE later (id bigint);");
        assertThat(on(source.withoutTenant()).info().pending()).hasSize(1);
        assertThat(on(source.withoutTenant()).validateWithResult().validationSuccessful)
                .isFalse();
    }

    @Test
    void theApplicationsRoleMigratesNothing() throws IOException {
        asOwner().migrate();
        write("V3__later.sql", "CREATE TABLE later (id bigint);");

        assertState("42501", on(source.withoutTenant())::migrate);

        assertThat(asOwner().info().pending()).hasSize(1);
    }

    @Test
    void withoutATenantNothingIsDoneOnTheTenantDataSource() {
        asOwner().migrate();

        assertThatThrownBy(on(source)::info).isInstanceOf(FlywayException.class);
        assertState("28000", on(source)::migrate);
    }

    private Flyway asOwner() {
        return configured()
                .dataSource(database.ownerUrl(), database.owner(), "test")
                .load();
    }

    private Flyway on(DataSource dataSource) {
        return configured().dataSource(dataSource).load();
    }

    private FluentConfiguration configured() {
        return Flyway.configure().locations("filesystem:" + migrations).connectRetries(0);
    }

    private void addNote(String body, TenantIdentity tenant) {
        TransactionTemplate transaction = new TransactionTemplate(new JdbcTransactionManager(source));
        TenantContext.run(
                tenant,
                () -> transaction.executeWithoutResult(
                        status -> new JdbcTemplate(source).update("INSERT INTO notes (body) VALUES (?)", body)));
    }

    private List<String> notes() {
        return new JdbcTemplate(source).queryForList("SELECT body FROM notes", String.class);
    }
}
