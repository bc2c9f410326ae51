package dev.tenancy.ratelimit.lettuce;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tenancy.TenantId;
import dev.tenancy.ratelimit.RateLimits;
import dev.tenancy.testservers.TestRedis;
import java.io.File;
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
            int[] granted = new int[TENANTS];
            for (Process process : processes) {
                String said = new String(process.getInputStream().readAllBytes(), UTF_8);
                assertThat(process.waitFor()).as(said).isZero();
                List<Integer> numbers = said.lines()
                        .filter(line -> line.startsWith("granted "))
                        .map(line -> Integer.parseInt(line.substring("granted ".length())))
                        .toList();
                assertThat(numbers).as(said).hasSize(TENANTS).allMatch(number -> number > 0);
                for (int tenant = 0; tenant < TENANTS; tenant++) {
                    granted[tenant] += numbers.get(tenant);
                }
            }
            // What comes back while they run is less than one permit.
            assertThat(granted).containsOnly(900);
        }
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
        for (int tenant = 0; tenant < TENANTS; tenant++) {
            TenantId id = TenantId.of("t" + tenant);
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
            int sum = 0;
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
