package dev.tenancy.project;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.tenancy.TenantContext;
import dev.tenancy.TenantId;
import dev.tenancy.TenantIdentity;
import dev.tenancy.jdbc.TenantBinding;
import dev.tenancy.jdbc.TenantDataSource;
import dev.tenancy.testservers.TestPostgres;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/** The code in docs/connections.md is run here, that in docs/frameworks.md in framework-tests. */
class ConnectionsGuideIT {
    private static final String FRAMEWORKS = "framework-tests/src/test/java/dev/tenancy/frameworks/";

    @Test
    void whatTheGuideSaysIsWhatIsRunHere() {
        assertThat(Documents.text("docs/connections.md")).contains(Documents.region(ConnectionsGuideIT.class, "build"));
    }

    @Test
    void theRecipesAreWhatTheFrameworksAreTestedWith() {
        String guide = Documents.text("docs/frameworks.md");
        assertThat(guide).contains(Documents.region(FRAMEWORKS + "Hibernate.java", "aware"));
        assertThat(guide).contains(Documents.region(FRAMEWORKS + "Hibernate.java", "connections"));
        assertThat(Documents.text(FRAMEWORKS + "ActuatorIT.java"))
                .contains("new DataSourceHealthIndicator(source.withoutTenant())");
    }

    @Test
    void theGuideToSchemasIsWhatFlywayIsTestedWith() {
        String guide = Documents.text("docs/schema-per-tenant.md");
        for (String region : List.of("schemas", "source", "all")) {
            assertThat(guide).contains(Documents.region(FRAMEWORKS + "FlywaySchemasIT.java", region));
        }
        assertThat(guide).contains("SchemaMap map = SchemaMap.parse(\"acme:acme;globex:globex_2\");");
    }

    @Test
    void aConnectionServesItsTenant() throws SQLException {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(TestPostgres.newDatabase().appUrl());
        try (TenantDataSource source = source(new HikariDataSource(config))) {
            TenantContext.run(TenantIdentity.of(TenantId.of("acme"), "test"), () -> {
                try (Connection connection = source.getConnection();
                        Statement statement = connection.createStatement();
                        ResultSet row =
                                statement.executeQuery("SELECT current_setting('" + TenantBinding.SETTING + "')")) {
                    row.next();
                    assertThat(row.getString(1)).isEqualTo("acme");
                }
            });
        }
    }

    private static TenantDataSource source(DataSource pool) {
        // region build
        TenantDataSource source = TenantDataSource.builder(pool)
                .binding(TenantBinding.transaction())
                .connectionsPerTenant(8, Duration.ofMillis(200))
                .build();
        // endregion
        return source;
    }
}
