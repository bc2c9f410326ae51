package dev.tenancy.testservers;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A PgBouncer in front of one database for tests, as its own process, until it is closed. Needs an installed
 * {@code pgbouncer}: where {@link #isInstalled()} says no, a test skips and says {@link #NOT_INSTALLED}.
 */
public final class TestPgBouncer implements AutoCloseable {
    /** Why a test skips. */
    public static final String NOT_INSTALLED = "pgbouncer is not installed (Debian: apt-get install pgbouncer)";

    private static final String COMMAND = "pgbouncer";
    private static final String IS_UP = "process up";
    private static final long SECONDS_TO_END = 10;

    private final TestPostgres.Database database;
    private final int port;
    private final Path directory;
    private final Process process;

    private TestPgBouncer(TestPostgres.Database database, int port, Path directory, Process process) {
        this.database = database;
        this.port = port;
        this.directory = directory;
        this.process = process;
    }

    /** When a server session goes from one client to another. */
    public enum PoolMode {
        /** When the client disconnects; the session is then reset. */
        SESSION,
        /** After each transaction; nothing is reset. */
        TRANSACTION,
        /** After each statement; there are no transactions of several. */
        STATEMENT
    }

    /** Whether there is one to start. */
    public static boolean isInstalled() {
        return executable().isPresent();
    }

    /**
     * A running PgBouncer that lets both roles of {@code database} in.
     *
     * @param poolSize how many sessions of the server the clients of one role share
     */
    public static TestPgBouncer start(TestPostgres.Database database, PoolMode mode, int poolSize) {
        String executable = executable().orElseThrow(() -> new IllegalStateException(NOT_INSTALLED));
        try {
            int port = freePort();
            Path directory = Files.createTempDirectory(COMMAND);
            Files.write(directory.resolve("users.txt"), users(database));
            Path config =
                    Files.write(directory.resolve("pgbouncer.ini"), config(database, mode, poolSize, port, directory));
            Process process = new ProcessBuilder(executable, config.toString())
                    .redirectErrorStream(true)
                    .start();
            Runtime.getRuntime().addShutdownHook(new Thread(process::destroy));
            TestPgBouncer bouncer = new TestPgBouncer(database, port, directory, process);
            bouncer.awaitUp();
            return bouncer;
        } catch (IOException failure) {
            throw new UncheckedIOException("pgbouncer does not start", failure);
        }
    }

    /** The JDBC URL for the application's role, with credentials. */
    public String appUrl() {
        return url(database.app());
    }

    /** The JDBC URL for the owner's role, with credentials. */
    public String ownerUrl() {
        return url(database.owner());
    }

    /** Where it listens. */
    public InetSocketAddress address() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    /** Ends the process, and waits until it has ended. */
    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(SECONDS_TO_END, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
            try (Stream<Path> files = Files.list(directory)) {
                for (Path file : files.toList()) {
                    Files.delete(file);
                }
            }
            Files.delete(directory);
        } catch (IOException failure) {
            throw new UncheckedIOException("what pgbouncer needed cannot be deleted", failure);
        } catch (InterruptedException failure) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    private String url(String role) {
        return "jdbc:postgresql://127.0.0.1:" + port + "/" + database.name() + "?user=" + role + "&password=test";
    }

    /** It says so itself; what it says afterwards is read too, or the pipe would fill up and stop it. */
    private void awaitUp() throws IOException {
        BufferedReader output = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8));
        List<String> said = new ArrayList<>();
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            said.add(line);
            if (line.contains(IS_UP)) {
                Relay.start(() -> readToTheEnd(output));
                return;
            }
        }
        close();
        throw new IllegalStateException("pgbouncer does not start: " + said);
    }

    private static void readToTheEnd(BufferedReader output) {
        try (output) {
            output.transferTo(Writer.nullWriter());
        } catch (IOException ended) {
            // Nobody can read what a process says that was ended.
        }
    }

    private static List<String> users(TestPostgres.Database database) {
        return Stream.of(database.owner(), database.app())
                .map(role -> "\"" + role + "\" \"test\"")
                .toList();
    }

    private static List<String> config(
            TestPostgres.Database database, PoolMode mode, int poolSize, int port, Path directory) {
        InetSocketAddress server = database.address();
        List<String> lines = new ArrayList<>(List.of(
                "[databases]",
                database.name() + " = host=" + server.getAddress().getHostAddress() + " port=" + server.getPort(),
                "[pgbouncer]",
                "listen_addr = 127.0.0.1",
                "listen_port = " + port,
                "unix_socket_dir =",
                "auth_type = trust",
                "auth_file = " + directory.resolve("users.txt"),
                "pool_mode = " + mode.name().toLowerCase(Locale.ROOT),
                "default_pool_size = " + poolSize,
                // The JDBC driver asks for it when it connects, and PgBouncer would refuse what it does not know.
                "ignore_startup_parameters = extra_float_digits"));
        if ("root".equals(System.getProperty("user.name"))) {
            // It refuses to go on as root.
            lines.add("user = nobody");
        }
        return lines;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** Debian installs it where only root looks. */
    private static Optional<String> executable() {
        String path = Optional.ofNullable(System.getenv("PATH")).orElse("") + File.pathSeparator + "/usr/sbin";
        return Stream.of(path.split(File.pathSeparator))
                .map(directory -> Path.of(directory, COMMAND))
                .filter(Files::isExecutable)
                .map(Path::toString)
                .findFirst();
    }
}
