package dev.tenancy.ratelimit.lettuce;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tenancy.TenantId;
import dev.tenancy.ratelimit.RateLimits;
import dev.tenancy.testservers.TestRedis;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Two JVMs on one server. */
class TwoProcessesIT {
    private static final RateLimits LIMITS = RateLimits.parse("1000/1d, 900/7d");
    private static final int TENANTS = 4;
    private static final int THREADS = 8;

    @Test
    void togetherAreGrantedExactlyWhatTheLimitAllows() throws Exception {
        try (TestRedis server = TestRedis.start()) {
            List<Process> processes = List.of(process(server.uri()), process(server.uri()));
            List<BufferedReader> outputs = processes.stream()
                    .map(process -> new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8)))
                    .toList();
            int[] granted = new int[TENANTS];
            for (int tenant = 0; tenant < TENANTS; tenant++) {
                // Each has taken one when it is ready, and goes on when the other one is.
                for (BufferedReader output : outputs) {
                    next("ready", output);
                }
                for (Process process : processes) {
                    process.outputWriter(UTF_8).append('\n').flush();
                }
                for (BufferedReader output : outputs) {
                    int taken = Integer.parseInt(next("granted ", output));
                    assertThat(taken).isPositive();
                    granted[tenant] += taken;
                }
            }
            for (Process process : processes) {
                assertThat(process.waitFor()).isZero();
            }
            // What comes back while they run is less than one permit.
            assertThat(granted).containsOnly(900);
        }
    }

    /** What comes after {@code beginning} in the next line that begins so; other lines are of the log. */
    private static String next(String beginning, BufferedReader output) throws IOException {
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            if (line.startsWith(beginning)) {
                return line.substring(beginning.length());
            }
        }
        throw new IllegalStateException("a process ended without " + beginning);
    }

    private static Process process(String uri) throws Exception {
        String path = Stream.of(System.getProperty("java.class.path"), System.getProperty("jdk.module.path"))
                .filter(Objects::nonNull)
                .filter(entries -> !entries.isEmpty())
                .collect(Collectors.joining(File.pathSeparator));
        String classes = Path.of(TwoProcessesIT.class
                        .getProtectionDomain()
                        .getCodeSource()
                        .getLocation()
                        .toURI())
                .toString();
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        classes + File.pathSeparator + path + testClasses(classes),
                        TwoProcessesIT.class.getName(),
                        uri)
                .redirectErrorStream(true)
                .start();
    }

    /** On the module path, tests are patched into the module that they test. */
    private static String testClasses(String classes) {
        Path tests = Path.of("target", "test-classes").toAbsolutePath();
        return tests.toString().equals(classes) ? "" : File.pathSeparator + tests;
    }

    /** Takes what there is, as both processes do at once. */
    public static void main(String[] arguments) throws Exception {
        ValkeyBucketStore store = ValkeyBucketStore.builder()
                .uri(arguments[0])
                .timeout(Duration.ofSeconds(10))
                .build();
        BufferedReader go = new BufferedReader(new InputStreamReader(System.in, UTF_8));
        for (int tenant = 0; tenant < TENANTS; tenant++) {
            TenantId id = TenantId.of("t" + tenant);
            int sum = store.tryAcquire(id, LIMITS, 1) == 0 ? 1 : 0;
            System.out.println("ready");
            go.readLine();
            List<Callable<Integer>> callers = new ArrayList<>();
            for (int thread = 0; thread < THREADS; thread++) {
                callers.add(() -> {
                    int taken = 0;
                    while (store.tryAcquire(id, LIMITS, 1) == 0) {
                        taken++;
                    }
                    return taken;
                });
            }
            try (InThreads threads = InThreads.start(callers)) {
                for (int taken : threads.<Integer>results()) {
                    sum += taken;
                }
            }
            System.out.println("granted " + sum);
        }
        store.close();
    }
}
