package dev.tenancy.testservers;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.postgresql.Driver;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.postgresql.PostgreSQLContainer;

/**
 * One PostgreSQL server for all tests of a JVM: the one at {@code TENANCY_TEST_JDBC_URL} (as a superuser) if that is
 * set, else a container where a Docker engine answers, else an embedded server.
 */
public final class TestPostgres {
    private static final Logger LOG = LoggerFactory.getLogger(TestPostgres.class);
    private static final String IMAGE = "postgres:17";
    /** Several runs may share a server. */
    private static final String RUN = UUID.randomUUID().toString().substring(0, 8);

    private static final AtomicInteger DATABASES = new AtomicInteger();
    private static final AtomicReference<AutoCloseable> STARTED = new AtomicReference<>(() -> {});

    private TestPostgres() {}

    /**
     * A new, empty database, for one test class or one test: owned by a role of its own, with a second role for the
     * application. Neither is a superuser.
     */
    public static Database newDatabase() {
        String name = "test_" + RUN + "_" + DATABASES.incrementAndGet();
        String owner = name + "_owner";
        String app = name + "_app";
        execute(
                Server.SUPERUSER_URL,
                "CREATE ROLE " + owner + " LOGIN PASSWORD 'test'",
                "CREATE ROLE " + app + " LOGIN PASSWORD 'test'",
                "CREATE DATABASE " + name + " OWNER " + owner + Server.COPIED);
        execute(
                urlOf(name, "", Server.SUPERUSER_URL),
                "ALTER SCHEMA public OWNER TO " + owner,
                "GRANT USAGE ON SCHEMA public TO " + app);
        return new Database(name, owner, app);
    }

    /**
     * Stops the server now, if this JVM started one; nothing can use it afterwards. Tests need not do this. A program
     * does whose JVM goes on without its classes, as Maven's does after {@code exec:java}: what stops the server with
     * the JVM would not find them.
     *
     * @throws IllegalStateException if it does not stop
     */
    public static void stop() {
        try {
            STARTED.getAndSet(() -> {}).close();
        } catch (Exception failure) {
            throw new IllegalStateException("the server for tests does not stop", failure);
        }
    }

    private static void execute(String url, String... statements) {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        } catch (SQLException failure) {
            throw new IllegalStateException("the server for tests cannot be prepared", failure);
        }
    }

    private static String urlOf(String database, String credentials, String serverUrl) {
        Properties server = parsed(serverUrl);
        String login = credentials.isEmpty()
                ? "user=" + server.getProperty("user") + "&password=" + server.getProperty("password", "")
                : credentials;
        return "jdbc:postgresql://" + server.getProperty("PGHOST") + ":" + server.getProperty("PGPORT") + "/" + database
                + "?" + login;
    }

    private static Properties parsed(String url) {
        Properties parsed = Driver.parseURL(url, new Properties());
        if (parsed == null) {
            throw new IllegalStateException(
                    "TENANCY_TEST_JDBC_URL is not a URL of PostgreSQL; allowed: jdbc:postgresql://host:port/database?user=…");
        }
        return parsed;
    }

    /**
     * A database for tests and its two roles.
     *
     * @param name its name
     * @param owner the role that owns it, for DDL
     * @param app the role of the application, that row-level security applies to
     */
    public record Database(String name, String owner, String app) implements AutoCloseable {

        /** The JDBC URL for the owner, with credentials. */
        public String ownerUrl() {
            return urlOf(name, "user=" + owner + "&password=test", Server.SUPERUSER_URL);
        }

        /** The JDBC URL for the application, with credentials. */
        public String appUrl() {
            return urlOf(name, "user=" + app + "&password=test", Server.SUPERUSER_URL);
        }

        /** The JDBC URL for a superuser, with credentials. */
        public String superuserUrl() {
            return urlOf(name, "", Server.SUPERUSER_URL);
        }

        /** Runs statements as the owner. */
        public void asOwner(String... statements) {
            execute(ownerUrl(), statements);
        }

        /** Runs statements as a superuser, in this database. */
        public void asSuperuser(String... statements) {
            execute(superuserUrl(), statements);
        }

        /** A new connection as the owner. */
        public Connection ownerConnection() throws SQLException {
            return DriverManager.getConnection(ownerUrl());
        }

        /** Drops it, whoever uses it. Where each test makes one, hundreds would be left to be deleted in the end. */
        @Override
        public void close() {
            execute(Server.SUPERUSER_URL, "DROP DATABASE " + name + " WITH (FORCE)");
        }

        /** The host and port of the server. */
        public InetSocketAddress address() {
            Properties server = parsed(Server.SUPERUSER_URL);
            return new InetSocketAddress(server.getProperty("PGHOST"), Integer.parseInt(server.getProperty("PGPORT")));
        }
    }

    /** Started when first used, stopped with the JVM. */
    private static final class Server {
        static final String SUPERUSER_URL = start();

        /** How a database is made in half of the time; before PostgreSQL 15 there was no other way. */
        static final String COPIED = isAtLeast(15) ? " STRATEGY file_copy" : "";

        private static boolean isAtLeast(int version) {
            try (Connection connection = DriverManager.getConnection(SUPERUSER_URL)) {
                return connection.getMetaData().getDatabaseMajorVersion() >= version;
            } catch (SQLException failure) {
                throw new IllegalStateException("the server for tests cannot be asked for its version", failure);
            }
        }

        private static String start() {
            String given = System.getenv("TENANCY_TEST_JDBC_URL");
            if (given != null && !given.isBlank()) {
                return given;
            }
            return DockerClientFactory.instance().isDockerAvailable() ? container() : embedded();
        }

        @SuppressWarnings("resource") // Testcontainers stops it with the JVM
        private static String container() {
            PostgreSQLContainer container = new PostgreSQLContainer(IMAGE);
            container.start();
            STARTED.set(container);
            LOG.info("tests use PostgreSQL in a container");
            return container.getJdbcUrl() + "&user=" + container.getUsername() + "&password=" + container.getPassword();
        }

        @SuppressWarnings("resource") // it stops itself with the JVM
        private static String embedded() {
            try {
                // Hundreds of databases would be vacuumed in turn, several each second. And nothing here outlives its
                // server: making a database takes two thirds of the time, and dropping it a fortieth.
                EmbeddedPostgres server = EmbeddedPostgres.builder()
                        .setServerConfig("autovacuum", "off")
                        .setServerConfig("fsync", "off")
                        .setServerConfig("full_page_writes", "off")
                        .start();
                STARTED.set(server);
                LOG.info("tests use embedded PostgreSQL on port {}", server.getPort());
                return server.getJdbcUrl("postgres", "postgres");
            } catch (IOException failure) {
                throw new UncheckedIOException("embedded PostgreSQL does not start", failure);
            }
        }
    }
}
