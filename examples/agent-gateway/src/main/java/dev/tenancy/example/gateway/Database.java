package dev.tenancy.example.gateway;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.tenancy.jdbc.TenantBinding;
import dev.tenancy.jdbc.TenantDataSource;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The PostgreSQL behind the gateway, with two roles: one owns the tables, the other may only use them. */
final class Database implements AutoCloseable {
    private static final long CONNECT_MILLIS = 3_000;

    private final Settings.DatabaseUrls urls;
    private final @Nullable EmbeddedPostgres embedded;

    private Database(Settings.DatabaseUrls urls, @Nullable EmbeddedPostgres embedded) {
        this.urls = urls;
        this.embedded = embedded;
    }

    /** The given one, or else an embedded one, with the gateway's tables. */
    static Database open(Optional<Settings.DatabaseUrls> given) throws SQLException {
        Database database = given.isPresent() ? new Database(given.get(), null) : startEmbedded();
        try (Connection owner = DriverManager.getConnection(database.urls.owner())) {
            Schema.apply(owner, database.appRole());
        }
        return database;
    }

    /** A pool of the application's role whose connections serve the current tenant. */
    TenantDataSource pool(String name, int size) {
        HikariConfig config = new HikariConfig();
        config.setPoolName(name);
        config.setJdbcUrl(urls.app());
        config.setMaximumPoolSize(size);
        config.setConnectionTimeout(CONNECT_MILLIS);
        config.setInitializationFailTimeout(-1);
        config.addDataSourceProperty("socketTimeout", "30");
        config.addDataSourceProperty("ApplicationName", "agent-gateway " + name);
        return TenantDataSource.wrap(new HikariDataSource(config), TenantBinding.transaction());
    }

    private String appRole() throws SQLException {
        try (Connection app = DriverManager.getConnection(urls.app())) {
            return app.getMetaData().getUserName();
        }
    }

    private static Database startEmbedded() throws SQLException {
        try {
            EmbeddedPostgres server =
                    EmbeddedPostgres.builder().setRegisterShutdownHook(false).start();
            String password = UUID.randomUUID().toString();
            try (Connection superuser = server.getPostgresDatabase().getConnection();
                    Statement statement = superuser.createStatement()) {
                statement.execute("CREATE ROLE gateway_owner LOGIN PASSWORD '" + password + "'");
                statement.execute("CREATE ROLE gateway_app LOGIN PASSWORD '" + password + "'");
                statement.execute("CREATE DATABASE gateway OWNER gateway_owner");
            }
            String url = "jdbc:postgresql://127.0.0.1:" + server.getPort() + "/gateway?password=" + password + "&user=";
            return new Database(new Settings.DatabaseUrls(url + "gateway_app", url + "gateway_owner"), server);
        } catch (IOException failure) {
            throw new UncheckedIOException("embedded PostgreSQL does not start", failure);
        }
    }

    @Override
    public void close() {
        if (embedded != null) {
            try {
                embedded.close();
            } catch (IOException failure) {
                throw new UncheckedIOException("embedded PostgreSQL does not stop", failure);
            }
        }
    }
}
