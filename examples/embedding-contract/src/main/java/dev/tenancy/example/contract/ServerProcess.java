package dev.tenancy.example.contract;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A server from its packaged jars, as a process of its own. */
public final class ServerProcess implements AutoCloseable {
    private static final Pattern PORT = Pattern.compile("notes on port (\\d+)");
    private static final long START_SECONDS = 60;
    private static final long STOP_SECONDS = 30;

    private final Process process;
    private final List<String> lines = new ArrayList<>();
    private final CompletableFuture<Integer> port = new CompletableFuture<>();

    private ServerProcess(Process process) {
        this.process = process;
    }

    /** Starts a Java program and waits until it says on which port it listens. */
    public static ServerProcess start(List<String> arguments, Map<String, String> variables) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1"));
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().keySet().removeIf(name -> name.startsWith("TENANCY_") || name.startsWith("JAVA_TOOL"));
        builder.environment().putAll(variables);
        try {
            ServerProcess server = new ServerProcess(builder.start());
            Thread reader = new Thread(server::read, "output of the server");
            reader.setDaemon(true);
            reader.start();
            return server;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** The jar of the module whose tests these are, which the build has just made. */
    public static Path jar(String artifact) {
        return jar(Path.of("target"), artifact);
    }

    /** The same in the directory of another module. */
    public static Path jar(Path directory, String artifact) {
        Pattern name = Pattern.compile(Pattern.quote(artifact) + "-\\d[^-]*(-SNAPSHOT)?\\.jar");
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(
                            file -> name.matcher(file.getFileName().toString()).matches())
                    .findFirst()
                    .orElseThrow(() ->
                            new IllegalStateException(directory + " has no jar of " + artifact + "; package it first"));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private void read() {
        try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                synchronized (lines) {
                    lines.add(line);
                }
                Matcher found = PORT.matcher(line);
                if (found.find()) {
                    port.complete(Integer.valueOf(found.group(1)));
                }
            }
        } catch (IOException failure) {
            port.completeExceptionally(failure);
        }
        port.completeExceptionally(new IllegalStateException("the server has ended: " + output()));
    }

    /** The port on which it listens. */
    public int port() {
        try {
            return port.get(START_SECONDS, TimeUnit.SECONDS);
        } catch (Exception failure) {
            close();
            throw new IllegalStateException("the server does not start: " + output(), failure);
        }
    }

    /** Whether a new connection is taken. */
    boolean listens() {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port())) {
            return socket.isConnected();
        } catch (IOException refused) {
            return false;
        }
    }

    /** All that it has said so far. */
    public String output() {
        synchronized (lines) {
            return String.join("\n", lines);
        }
    }

    /** Asks it to end, as an operator does: SIGTERM. */
    public void terminate() {
        process.destroy();
    }

    /** Whether it ends, and its own processes with it. */
    public boolean ends() {
        List<ProcessHandle> all = Stream.concat(Stream.of(process.toHandle()), process.descendants())
                .toList();
        try {
            return process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)
                    && all.stream().noneMatch(ProcessHandle::isAlive);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Waits until somebody ends it. */
    void awaitEnd() {
        process.onExit().join();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
