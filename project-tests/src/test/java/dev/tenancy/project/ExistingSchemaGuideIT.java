package dev.tenancy.project;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenancy.TenantContext;
import dev.tenancy.TenantId;
import dev.tenancy.TenantIdentity;
import dev.tenancy.jdbc.TenantColumn;
import dev.tenancy.jdbc.TenantDataSource;
import dev.tenancy.jdbc.conversion.ConversionPlan;
import dev.tenancy.jdbc.conversion.SchemaConversion;
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
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

/** The code in docs/adopt-on-an-existing-schema.md, on a schema that was not written for us. */
class ExistingSchemaGuideIT {
    private static final Path TRACKER =
            Path.of("..", "tenancy-jdbc/src/test/resources/dev/tenancy/jdbc/conversion/tracker.sql");
    private static final TenantId FIRST = TenantId.of("7b2a3ea5-0000-4000-8000-000000000001");

    /** Runs what the guide wires. */
    private static final String ADOPTION = "examples/adoption/src/test/java/dev/tenancy/example/shop/AdoptionIT.java";

    private final TestPostgres.Database database = TestPostgres.newDatabase();

    @BeforeEach
    void load() throws IOException {
        database.asOwner(
                Files.readString(TRACKER), "CREATE TABLE flyway_schema_history (installed_rank integer PRIMARY KEY)");
        database.asOwner("INSERT INTO organizations (id, slug) VALUES ('" + FIRST.value() + "', 'first')");
    }

    @Test
    void whatTheGuideSaysIsWhatIsRunHere() {
        String guide = Documents.text("docs/adopt-on-an-existing-schema.md");
        for (String name : List.of("plan", "apply", "prepare", "look")) {
            assertThat(guide).contains(Documents.region(ExistingSchemaGuideIT.class, name));
        }
        assertThat(guide).contains(Documents.region(ADOPTION, "wire"));
    }

    @Test
    void aSmallSchemaIsConvertedAtOnce() throws SQLException {
        try (Connection owner = database.ownerConnection()) {
            SchemaConversion conversion = conversion(owner, database.app());
            assertThatThrownBy(() -> lookAgain(conversion, owner)).isInstanceOf(IllegalStateException.class);
            ConversionPlan plan = conversion.plan(owner);
            // region apply
            plan.apply(owner);
            // endregion
            lookAgain(conversion, owner);
        }
        assertConverted();
    }

    @Test
    void aLargeSchemaIsPreparedBefore() throws SQLException {
        try (Connection owner = database.ownerConnection()) {
            SchemaConversion conversion = conversion(owner, database.app());
            // region prepare
            conversion.plan(owner).prepare(owner, Duration.ofSeconds(2), 20);
            conversion.plan(owner).apply(owner);
            // endregion
            lookAgain(conversion, owner);
        }
        assertConverted();
    }

    @Test
    void aPlanIsAMigration() throws SQLException {
        try (Connection owner = database.ownerConnection()) {
            SchemaConversion conversion = conversion(owner, database.app());
            database.asOwner("BEGIN; " + conversion.plan(owner).sql() + " COMMIT");
            lookAgain(conversion, owner);
        }
        assertConverted();
    }

    private static SchemaConversion conversion(Connection owner, String appRole) throws SQLException {
        // region plan
        SchemaConversion conversion = SchemaConversion.of("public")
                .share("locales", "flyway_schema_history")
                .tenantFrom("organizations", "id")
                .tenantColumn(TenantColumn.UUID)
                .grantTo(appRole)
                .build();

        ConversionPlan plan = conversion.plan(owner);
        System.out.println(plan.obstacles());
        System.out.println(plan.sql());
        // endregion
        return conversion;
    }

    private static void lookAgain(SchemaConversion conversion, Connection owner) throws SQLException {
        // region look
        if (!conversion.plan(owner).isEmpty()) {
            throw new IllegalStateException("the schema is not what it must be: "
                    + conversion.plan(owner).statements());
        }
        // endregion
    }

    private void assertConverted() throws SQLException {
        PGSimpleDataSource plain = new PGSimpleDataSource();
        plain.setUrl(database.appUrl());
        try (TenantDataSource source =
                TenantDataSource.builder(plain).tenantColumn(TenantColumn.UUID).build()) {
            TenantContext.run(TenantIdentity.of(FIRST, "test"), () -> {
                try (Connection connection = source.getConnection();
                        Statement statement = connection.createStatement()) {
                    try (ResultSet row = statement.executeQuery("SELECT string_agg(slug, ' ') FROM organizations")) {
                        row.next();
                        assertThat(row.getString(1)).isEqualTo("first");
                    }
                    assertThat(statement.executeUpdate("INSERT INTO accounts (organization_id, email, name) VALUES ('"
                                    + FIRST.value() + "', 'a1@org1.test', 'taken elsewhere')"
                                    + " ON CONFLICT (tenant_id, lower(email)) WHERE NOT disabled DO NOTHING"))
                            .isEqualTo(1);
                }
            });
        }
    }
}
