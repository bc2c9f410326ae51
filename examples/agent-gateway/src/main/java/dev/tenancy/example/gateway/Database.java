package dev.tenancy.example.gateway;

import com.zaxxer.hikari.HikariConfig;
import dev.tenancy.TenantCatalog;
import dev.tenancy.jdbc.SealKey;
import dev.tenancy.jdbc.TenantBinding;
import dev.tenancy.jdbc.TenantDataSource;
import dev.tenancy.jdbc.TenantOffboarding;
import dev.tenancy.jdbc.TenantSchemas;
import dev.tenancy.jdbc.TenantSeal;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The PostgreSQL behind the gateway, with three roles: one owns the tables, one may only use them, and one is for SQL
 * that tenants write.
 */
final class Database implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Database.class);
    private static final long CONNECT_MILLIS = 3_000;

    /** What a client of a busy server may wait for; of one that is gone nobody does. */
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(15);

    private static final int SOCKET_SECONDS = 30;
    private static final String NAME = "gateway";

    /** Of this process only, so that no replica has to know another's. */
    private final SealKey sealKey =
            SealKey.random("gateway-" + UUID.randomUUID().toString().substring(0, 8));

    private final Settings.DatabaseUrls urls;
    private final Metrics metrics;
    private final SharedSecret secret;
    private final @Nullable EmbeddedPostgres embedded;

    private Database(Settings.DatabaseUrls urls, Metrics metrics, @Nullable EmbeddedPostgres embedded)
            throws SQLException {
        this.urls = urls;
        this.metrics = metrics;
        this.embedded = embedded;
        try (Connection owner = DriverManager.getConnection(urls.owner())) {
            TenantSeal.install(owner, sealKey);
            Schema.apply(owner, roleOf(urls.app()), roleOf(urls.sql()));
            this.secret = SharedSecret.in(owner);
        }
    }

    /** The given one, or else an embedded one, with the gateway's tables. */
    static Database open(Optional<Settings.DatabaseUrls> given, Metrics metrics) throws SQLException {
        return given.isPresent() ? new Database(given.get(), metrics, null) : startEmbedded(metrics);
    }

    /** A pool of the application's role whose connections serve the current tenant. */
    TenantDataSource pool(String name, int size) {
        return bound(plainPool(name, size, urls.app())).build();
    }

    /** Sessions for SQL that tenants write: of a role with less rights, if there is one; no tenant has all of them. */
    TenantDataSource sessionsForSql(int most) {
        NewSessions sessions = new NewSessions(urls.sql(), most, LONGEST_WAIT);
        sessions.setApplicationName("agent-gateway sql");
        sessions.setSocketTimeout(2 * SqlConsole.SECONDS);
        sessions.setSocketFactory(BoundedSocketFactory.class.getName());
        sessions.setSocketFactoryArg(Integer.toString(SqlConsole.MOST_BYTES));
        return bound(sessions, "sql")
                .connectionsPerTenant(Math.max(1, most / 2), LONGEST_WAIT)
                .build();
    }

    /** Which tenants have a schema of their own. */
    BankSchemas bankSchemas(TenantCatalog catalog) throws SQLException {
        return new BankSchemas(catalog, roleOf(urls.app()));
    }

    /** A pool of the application's role whose connections are in the current tenant's schema. */
    TenantDataSource poolInSchemas(TenantSchemas schemas, int size) throws SQLException {
        return bound(plainPool("banks", size, urls.app())).schemas(schemas).build();
    }

    private TenantDataSource.Builder bound(Pool pool) {
        return bound(pool, pool.getPoolName());
    }

    private TenantDataSource.Builder bound(DataSource source, String name) {
        return TenantDataSource.builder(source)
                .binding(TenantBinding.transaction())
                .listener(metrics.ofConnections(name))
                .seal(TenantSeal.of(sealKey));
    }

    private static Pool plainPool(String name, int size, String url) {
        HikariConfig config = new HikariConfig();
        config.setPoolName(name);
        config.setJdbcUrl(url);
        config.setMaximumPoolSize(size);
        config.setInitializationFailTimeout(-1);
        config.addDataSourceProperty("socketTimeout", Integer.toString(SOCKET_SECONDS));
        config.addDataSourceProperty("ApplicationName", "agent-gateway " + name);
        return new Pool(config, plain(url), LONGEST_WAIT);
    }

    /** A pool of the role that owns the tables: for the catalog, and for what the operator does. */
    Pool ownersPool(int size) {
        return plainPool("owner", size, urls.owner());
    }

    /** What all replicas on this database know. */
    SharedSecret secret() {
        return secret;
    }

    /** Plain connections of the role that owns the tables. */
    DataSource owner() {
        return plain(urls.owner());
    }

    TenantOffboarding offboarding(DataSource owners, TenantCatalog catalog, BankSchemas schemas) {
        return TenantOffboarding.builder(owners)
                .seal(TenantSeal.of(sealKey))
                .refuseActive(catalog)
                .schemas(schemas::all)
                .build();
    }

    /** Plain connections of the application's role, which serve no tenant. */
    DataSource withoutTenant() {
        return plain(urls.app());
    }

    /** The same of the role that runs SQL of tenants. */
    DataSource withoutTenantForSql() {
        return plain(urls.sql());
    }

    private static DataSource plain(String url) {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl(url);
        source.setConnectTimeout((int) TimeUnit.MILLISECONDS.toSeconds(CONNECT_MILLIS));
        source.setSocketTimeout(SOCKET_SECONDS);
        return source;
    }

    /** A superuser of the embedded server, or the owner of the tables in a real one. */
    Connection administrator() throws SQLException {
        return embedded == null
                ? DriverManager.getConnection(urls.owner())
                : embedded.getDatabase("postgres", NAME).getConnection();
    }

    private void dropSealKey() {
        try (Connection owner = DriverManager.getConnection(urls.owner())) {
            TenantSeal.dropKey(owner, sealKey.id());
        } catch (SQLException failure) {
            LOG.warn("the key {} stays in the database; its secret is gone with this process", sealKey.id(), failure);
        }
    }

    private static String roleOf(String url) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url)) {
            return connection.getMetaData().getUserName();
        }
    }

    private static Database startEmbedded(Metrics metrics) throws SQLException {
        try {
            EmbeddedPostgres server =
                    EmbeddedPostgres.builder().setRegisterShutdownHook(false).start();
            try {
                return new Database(urlsOf(server), metrics, server);
            } catch (SQLException | RuntimeException failure) {
                server.close();
                throw failure;
            }
        } catch (IOException failure) {
            throw new UncheckedIOException("embedded PostgreSQL does not start", failure);
        }
    }

    private static Settings.DatabaseUrls urlsOf(EmbeddedPostgres server) throws SQLException {
        String password = UUID.randomUUID().toString();
        try (Connection superuser = server.getPostgresDatabase().getConnection();
                Statement statement = superuser.createStatement()) {
            statement.execute("CREATE ROLE gateway_owner LOGIN PASSWORD '" + password + "'");
            statement.execute("CREATE ROLE gateway_app LOGIN PASSWORD '" + password + "'");
            statement.execute("CREATE ROLE gateway_sql LOGIN PASSWORD '" + password + "'");
            statement.execute("CREATE DATABASE " + NAME + " OWNER gateway_owner");
            statement.execute("GRANT CONNECT ON DATABASE " + NAME + " TO gateway_app, gateway_sql");
        }
        String url =
                "jdbc:postgresql://127.0.0.1:" + server.getPort() + "/" + NAME + "?password=" + password + "&user=";
        return new Settings.DatabaseUrls(url + "gateway_app", url + "gateway_owner", url + "gateway_sql");
    }

    @Override
    public void close() {
        dropSealKey();
        if (embedded != null) {
            try {
                embedded.close();
            } catch (IOException failure) {
                throw new UncheckedIOException("embedded PostgreSQL does not stop", failure);
            }
        }
    }
}
