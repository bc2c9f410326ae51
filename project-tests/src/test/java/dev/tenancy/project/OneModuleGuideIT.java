package dev.tenancy.project;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.tenancy.TenantContext;
import dev.tenancy.TenantId;
import dev.tenancy.TenantIdentity;
import dev.tenancy.TenantRequest;
import dev.tenancy.jdbc.RowLevelSecurity;
import dev.tenancy.jdbc.TenantDataSource;
import dev.tenancy.ratelimit.RateLimit;
import dev.tenancy.ratelimit.RateLimiter;
import dev.tenancy.resolver.HostTenantResolver;
import dev.tenancy.testservers.TestPostgres;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/** The code in docs/one-module.md, run. */
class OneModuleGuideIT {

    @Test
    void whatTheGuideSaysIsWhatIsRunHere() {
        for (String name : List.of("wrap", "as", "limit", "resolve")) {
            assertThat(Documents.text("docs/one-module.md")).contains(Documents.region(OneModuleGuideIT.class, name));
        }
    }

    /** An application as it was before. */
    private record Invoices(DataSource source) {
        List<String> all() throws SQLException {
            try (Connection connection = source.getConnection();
                    Statement statement = connection.createStatement();
                    ResultSet rows = statement.executeQuery("SELECT text FROM invoices ORDER BY text")) {
                List<String> texts = new ArrayList<>();
                while (rows.next()) {
                    texts.add(rows.getString("text"));
                }
                return texts;
            }
        }

        void add(String text) throws SQLException {
            try (Connection connection = source.getConnection();
                    Statement statement = connection.createStatement()) {
                statement.execute("INSERT INTO invoices (text) VALUES ('" + text + "')");
            }
        }
    }

    private record Session(String organization) {}

    @Test
    void theDataSourceAlone() throws SQLException {
        TestPostgres.Database database = TestPostgres.newDatabase();
        database.asOwner("CREATE TABLE invoices (id bigint GENERATED ALWAYS AS IDENTITY, text text NOT NULL)");
        try (Connection owner = database.ownerConnection()) {
            RowLevelSecurity.table("invoices")
                    .key("id")
                    .grantTo(database.app())
                    .build()
                    .apply(owner);
        }
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(database.appUrl());
        HikariDataSource pool = new HikariDataSource(config);
        // region wrap
        TenantDataSource source = TenantDataSource.wrap(pool);
        // endregion
        try (source) {
            Invoices invoices = new Invoices(source);
            asUserOf(new Session("acme"), () -> {
                invoices.add("of acme");
                return List.of();
            });

            assertThat(asUserOf(new Session("acme"), invoices::all)).containsExactly("of acme");
            assertThat(asUserOf(new Session("globex"), invoices::all)).isEmpty();
            assertThatThrownBy(invoices::all).isInstanceOf(SQLException.class);
        }
    }

    private static List<String> asUserOf(Session session, TenantContext.Work<List<String>, SQLException> handler)
            throws SQLException {
        // region as
        TenantIdentity identity = TenantIdentity.of(TenantId.of(session.organization()), "session");
        return TenantContext.call(identity, handler);
        // endregion
    }

    @Test
    void theLimiterAlone() {
        TenantId acme = TenantId.of("acme");
        // region limit
        RateLimiter limiter = RateLimiter.inMemory();
        RateLimit limit = RateLimit.parse("600/1m burst 100");

        boolean granted = limiter.tryAcquire(acme, limit, 1) == 0;
        // endregion

        assertThat(granted).isTrue();
        assertThat(limiter.tryAcquire(acme, limit, 100)).isPositive();
        assertThat(limiter.tryAcquire(TenantId.of("globex"), limit, 100)).isZero();
    }

    @Test
    void theResolversAlone() {
        TenantRequest acme =
                TenantRequest.builder().authority("acme.example.com").build();

        assertThat(tenantOf(acme)).isEqualTo("acme");
        assertThat(tenantOf(TenantRequest.builder().build())).isEqualTo("nobody");
    }

    private static String tenantOf(TenantRequest request) {
        // region resolve
        HostTenantResolver resolver =
                HostTenantResolver.builder().suffix("example.com").build();

        return resolver.resolve(request)
                .fold(
                        resolved -> resolved.identity().tenantId().value(),
                        () -> "nobody",
                        () -> "not recognised",
                        rejected -> "refused",
                        unavailable -> "down");
        // endregion
    }
}
