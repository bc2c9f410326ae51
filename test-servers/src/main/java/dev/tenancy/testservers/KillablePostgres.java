package dev.tenancy.testservers;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.TimeUnit;

/** An embedded PostgreSQL of one test, which is killed in the middle of its work and started again on its files. */
public final class KillablePostgres implements AutoCloseable {
    private final Path files;
    private EmbeddedPostgres server;

    private KillablePostgres(Path files, EmbeddedPostgres server) {
        this.files = files;
        this.server = server;
    }

    /**
     * Starts one that forgets nothing it has committed.
     *
     * @param files an empty directory
     */
    public static KillablePostgres start(Path files) {
        return new KillablePostgres(files, start(files, 0));
    }

    private static EmbeddedPostgres start(Path files, int port) {
        try {
            EmbeddedPostgres.Builder builder = EmbeddedPostgres.builder()
                    .setDataDirectory(files)
                    .setCleanDataDirectory(false)
                    .setServerConfig("synchronous_commit", "on");
            return (port == 0 ? builder : builder.setPort(port)).start();
        } catch (IOException failure) {
            throw new UncheckedIOException("embedded PostgreSQL does not start", failure);
        }
    }

    /** The JDBC URL for a superuser, the same after each start. */
    public String url() {
        return server.getJdbcUrl("postgres", "postgres");
    }

    /** Runs statements as a superuser. */
    public void execute(String... statements) {
        try (Connection connection = DriverManager.getConnection(url());
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        } catch (SQLException failure) {
            throw new IllegalStateException("the server cannot be prepared", failure);
        }
    }

    /**
     * Ends all of its processes at once: none finishes what it does, and what is in its memory is lost (SIGQUIT, manual
     * section 18.5). Then starts it again.
     */
    public void killAndRestart() {
        try {
            int port = server.getPort();
            String pid = Files.readAllLines(files.resolve("postmaster.pid")).get(0);
            ProcessHandle postmaster =
                    ProcessHandle.of(Long.parseLong(pid.strip())).orElseThrow();
            if (new ProcessBuilder("kill", "-QUIT", pid.strip()).start().waitFor() != 0) {
                throw new IllegalStateException("PostgreSQL cannot be killed");
            }
            postmaster.onExit().get(30, TimeUnit.SECONDS);
            server.close(); // it has ended; this frees the files
            server = start(files, port);
        } catch (Exception failure) {
            throw new IllegalStateException("PostgreSQL cannot be killed and started again", failure);
        }
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException failure) {
            throw new UncheckedIOException("embedded PostgreSQL does not stop", failure);
        }
    }
}
