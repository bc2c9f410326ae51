package dev.tenancy.example.shop;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.tenancy.Tenancy;
import dev.tenancy.TenantCatalog;
import dev.tenancy.TenantId;
import dev.tenancy.jdbc.TenantColumn;
import dev.tenancy.jdbc.TenantDataSource;
import dev.tenancy.jdbc.conversion.ConversionPlan;
import dev.tenancy.jdbc.conversion.SchemaConversion;
import dev.tenancy.resolver.PrincipalTenantResolver;
import dev.tenancy.servlet.TenancyFilter;
import dev.tenancy.testservers.TestPostgres;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.util.Base64;
import java.util.Objects;
import java.util.Optional;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The shop before and after: not a line of it, nor of its SQL, is changed. */
class AdoptionIT {
    private static final String ANN = "ann@acme:a";
    private static final String BOB = "bob@globex:b";

    private final HttpClient client = HttpClient.newHttpClient();
    private final TestPostgres.Database database = TestPostgres.newDatabase();

    @BeforeEach
    void makeTables() throws Exception {
        try (InputStream schema = Objects.requireNonNull(Shop.class.getResourceAsStream("schema.sql"))) {
            database.asOwner(new String(schema.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    @Test
    void beforeThatQueriesThatForgetShowEverything() throws Exception {
        try (HikariDataSource pool = pool(database.ownerUrl());
                Shop shop = new Shop(pool, pool, new ServletContextHandler())) {
            int port = shop.start();

            assertThat(get(port, BOB, "/products").body()).isEqualTo("reactor");
            assertThat(get(port, BOB, "/orders/1").body()).as("of Acme").isEqualTo("anvil x 2\nrope x 1");
            assertThat(get(port, BOB, "/report").body()).as("of both").isEqualTo("120300");
            assertThat(order(port, BOB, 1).statusCode()).as("what Acme sells").isEqualTo(200);
        }
    }

    @Test
    void afterThatNobodySeesWhatIsOfOthers() throws Exception {
        convert();
        HikariDataSource pool = pool(database.appUrl());
        // region wire
        TenantDataSource source =
                TenantDataSource.builder(pool).tenantColumn(TenantColumn.BIGINT).build();
        Tenancy tenancy = Tenancy.builder()
                .resolver(PrincipalTenantResolver.builder()
                        .tenantOf(principal -> principal instanceof User user
                                ? Optional.of(TenantId.of(Long.toString(user.organization())))
                                : Optional.empty())
                        .build())
                .catalog(TenantCatalog.acceptingAny())
                .build();
        ServletContextHandler context = new ServletContextHandler();
        Shop shop = new Shop(source.withoutTenant(), source, context);
        context.addServletContainerInitializer(
                (classes, servletContext) -> TenancyFilter.of(tenancy).register(servletContext, "/*"));
        // endregion
        try (source;
                shop) {
            int port = shop.start();

            assertThat(get(port, "eve@nowhere:e", "/products").statusCode()).isEqualTo(401);
            assertThat(get(port, BOB, "/products").body()).isEqualTo("reactor");
            assertThat(get(port, BOB, "/orders/1").statusCode()).as("of Acme").isEqualTo(404);
            assertThat(get(port, BOB, "/report").body()).isEqualTo("100000");
            assertThat(order(port, BOB, 1).statusCode()).as("what Acme sells").isEqualTo(404);

            assertThat(get(port, ANN, "/orders/1").body()).isEqualTo("anvil x 2\nrope x 1");
            assertThat(get(port, ANN, "/report").body()).isEqualTo("20300");
            HttpResponse<String> ordered = order(port, ANN, 2);
            assertThat(ordered.statusCode()).isEqualTo(200);
            assertThat(get(port, ANN, "/orders/" + ordered.body()).body()).isEqualTo("rope x 1");
            assertThat(get(port, BOB, "/orders/" + ordered.body()).statusCode()).isEqualTo(404);
        }
    }

    private void convert() throws Exception {
        String appRole = database.app();
        try (Connection owner = database.ownerConnection()) {
            // region convert
            SchemaConversion conversion = SchemaConversion.of("public")
                    .share("currencies", "organizations", "users")
                    .tenantFrom("products", "organization_id")
                    .tenantFrom("orders", "organization_id")
                    .tenantColumn(TenantColumn.BIGINT)
                    .grantTo(appRole)
                    .build();
            ConversionPlan plan = conversion.plan(owner);
            // endregion
            assertThat(plan.obstacles()).isEmpty();
            plan.apply(owner);
        }
        database.asOwner("GRANT SELECT ON currencies, organizations, users TO " + appRole);
    }

    private static HikariDataSource pool(String url) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setMaximumPoolSize(4);
        return new HikariDataSource(config);
    }

    private HttpResponse<String> get(int port, String login, String path) throws Exception {
        return client.send(request(port, login, path).build(), HttpResponse.BodyHandlers.ofString());
    }

    private HttpResponse<String> order(int port, String login, long product) throws Exception {
        return client.send(
                request(port, login, "/orders?product=" + product)
                        .POST(HttpRequest.BodyPublishers.noBody())
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private static HttpRequest.Builder request(int port, String login, String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .header(
                        "Authorization",
                        "Basic " + Base64.getEncoder().encodeToString(login.getBytes(StandardCharsets.UTF_8)));
    }
}
