package dev.tenancy.example.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Path;
import java.util.Map;

/** The gateway in a process of its own, to be killed. */
final class ReplicaProcess implements AutoCloseable {
    private static final String READY = "agent-gateway ready on ";

    private final Process process;
    private final String url;

    private ReplicaProcess(Process process, String url) {
        this.process = process;
        this.url = url;
    }

    static ReplicaProcess start(Map<String, String> variables) throws IOException {
        ProcessBuilder command = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-XX:TieredStopAtLevel=1",
                        // As for users, on standard error: what tests log goes where nobody reads it any more.
                        "-Dlogback.configurationFile=logback.xml",
                        "-cp",
                        System.getProperty("java.class.path"),
                        AgentGateway.class.getName())
                .redirectError(ProcessBuilder.Redirect.appendTo(
                        Path.of("target", "replica.log").toFile()));
        command.environment().putAll(variables);
        Process process = command.start();
        BufferedReader output = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8));
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            if (line.startsWith(READY)) {
                return new ReplicaProcess(process, line.substring(READY.length()));
            }
        }
        throw new IOException("the replica ended with " + process.exitValue());
    }

    String url() {
        return url;
    }

    /** SIGKILL: nothing is finished or closed. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
