package dev.tenancy.example.benchmarks.tenants;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.tenancy.Tenancy;
import dev.tenancy.TenantId;
import dev.tenancy.TenantRequest;
import dev.tenancy.jdbc.JdbcTenantCatalog;
import dev.tenancy.jdbc.TenantBinding;
import dev.tenancy.jdbc.TenantDataSource;
import dev.tenancy.resolver.HeaderTenantResolver;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** The whole line of a request: resolver, catalog, context, bound connection, one statement. */
final class Line implements AutoCloseable {
    private static final String HEADER = "X-Tenant";
    private static final int QUERIES_PER_SECOND = 100_000; // what is measured is not to be held back

    private final int tenants;
    private final HikariDataSource catalogPool;
    private final TenantDataSource source;
    private final Tenancy tenancy;
    private final JdbcTenantCatalog catalog;

    Line(TenantsDatabase database) {
        this.tenants = database.tenants();
        this.catalogPool = pool(database);
        this.source = TenantDataSource.wrap(pool(database), TenantBinding.transaction());
        this.catalog = catalog(catalogPool, tenants);
        this.tenancy = Tenancy.builder()
                .resolver(HeaderTenantResolver.of(HEADER))
                .catalog(catalog)
                .build();
    }

    /** A catalog that remembers all of its tenants. */
    static JdbcTenantCatalog catalog(HikariDataSource pool, int tenants) {
        return JdbcTenantCatalog.builder(pool)
                .cached(cache -> cache.maximumSize(tenants))
                .queriesPerSecond(QUERIES_PER_SECOND)
                .build();
    }

    static HikariDataSource pool(TenantsDatabase database) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(database.database().appUrl());
        config.setMaximumPoolSize(1);
        return new HikariDataSource(config);
    }

    /** Has the catalog asked anew. */
    void forget(int number) {
        catalog.invalidate(tenant(number));
    }

    /** One request of a tenant: of the {@code number}th, or, if there are not so many, of one that there is. */
    void run(int number) throws SQLException {
        TenantRequest request =
                TenantRequest.builder().header(HEADER, tenant(number).value()).build();
        int notes = tenancy.handle(request, admitted -> notes(), problem -> -problem.status());
        if (notes != 1) {
            throw new IllegalStateException("a tenant that has one note saw " + notes);
        }
    }

    private TenantId tenant(int number) {
        return TenantId.of(TenantsDatabase.name(Integer.toString(1 + number % tenants)));
    }

    private int notes() throws SQLException {
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT count(*) FROM notes WHERE id = 1")) {
            row.next();
            return row.getInt(1);
        }
    }

    @Override
    public void close() {
        tenancy.close();
        catalog.close();
        source.close();
        catalogPool.close();
    }
}
