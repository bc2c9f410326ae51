package dev.tenancy.testservers;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import redis.embedded.core.ExecutableProvider;

/**
 * A Redis or Valkey server for tests, as its own process on a free port, until it is closed; it keeps nothing on disk
 * unless it is told to. It is the embedded Redis, or the program that the environment variable
 * {@code TENANCY_TEST_REDIS_SERVER} names, such as {@code /usr/bin/valkey-server}.
 */
public final class TestRedis implements AutoCloseable {
    private static final String PROGRAM = "TENANCY_TEST_REDIS_SERVER";
    private static final String IS_UP = "Ready to accept connections";

    private final int port;
    private final List<String> arguments;
    private Process process;

    private TestRedis(int port, List<String> arguments) {
        this.port = port;
        this.arguments = arguments;
        this.process = launch();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> process.destroyForcibly()));
    }

    /** A running server. */
    public static TestRedis start(String... arguments) {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int port = socket.getLocalPort();
            socket.close();
            return new TestRedis(port, List.of(arguments));
        } catch (IOException failure) {
            throw new UncheckedIOException("redis-server does not start", failure);
        }
    }

    /** Where it listens, as a URI. */
    public String uri() {
        return "redis://127.0.0.1:" + port;
    }

    /** Where it listens, the same after it was started again. */
    public InetSocketAddress address() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    /** Stops it where it is: connections stay, and nothing is answered until it is resumed. */
    public void pause() {
        signal("-STOP");
    }

    /** Goes on with what it was sent meanwhile. */
    public void resume() {
        signal("-CONT");
    }

    private void signal(String name) {
        try {
            int exit = new ProcessBuilder("kill", name, Long.toString(process.pid()))
                    .start()
                    .waitFor();
            if (exit != 0) {
                throw new IllegalStateException("kill " + name + " of redis-server failed with " + exit);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException("there is no kill", failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", interrupted);
        }
    }

    /** Ends it at once, as a power cut would. */
    public void kill() {
        process.destroyForcibly().onExit().join();
    }

    /** Starts it again after {@link #kill}. */
    public void startAgain() {
        process = launch();
    }

    @Override
    public void close() {
        kill();
    }

    private Process launch() {
        try {
            String named = System.getenv(PROGRAM);
            String program = named == null || named.isBlank() ? Embedded.PROGRAM : named;
            List<String> command = new ArrayList<>(List.of(
                    program,
                    "--port",
                    Integer.toString(port),
                    "--bind",
                    "127.0.0.1",
                    "--save",
                    "",
                    "--daemonize",
                    "no"));
            command.addAll(arguments);
            Process started =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            awaitUp(started);
            return started;
        } catch (IOException failure) {
            throw new UncheckedIOException("redis-server does not start", failure);
        }
    }

    /** It says so itself; what it says afterwards is read too, or the pipe would fill up and stop it. */
    private static void awaitUp(Process process) throws IOException {
        BufferedReader output = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8));
        List<String> said = new ArrayList<>();
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            said.add(line);
            if (line.contains(IS_UP)) {
                Relay.start(() -> readToTheEnd(output));
                return;
            }
        }
        throw new IllegalStateException("redis-server does not start: " + said);
    }

    private static void readToTheEnd(BufferedReader output) {
        try (output) {
            output.transferTo(Writer.nullWriter());
        } catch (IOException ended) {
            // Nobody can read what a process says that was ended.
        }
    }

    /** Unpacked once. */
    private static final class Embedded {
        static final String PROGRAM = unpacked();

        private static String unpacked() {
            try {
                return ExecutableProvider.newJarResourceProvider().get().getAbsolutePath();
            } catch (IOException failure) {
                throw new UncheckedIOException("the embedded redis-server cannot be unpacked", failure);
            }
        }
    }
}
