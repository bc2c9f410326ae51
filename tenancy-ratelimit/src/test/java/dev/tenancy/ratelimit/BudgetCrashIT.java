package dev.tenancy.ratelimit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.tenancy.TenantContext;
import dev.tenancy.TenantId;
import dev.tenancy.TenantIdentity;
import dev.tenancy.UnavailableException;
import dev.tenancy.jdbc.TenantBinding;
import dev.tenancy.jdbc.TenantDataSource;
import dev.tenancy.testservers.KillablePostgres;
import java.io.BufferedReader;
import java.io.File;
import java.io.InputStreamReader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Processes and servers die, and nothing is lost or counted twice. */
class BudgetCrashIT {
    private static final TenantIdentity ACME = TenantIdentity.of(TenantId.of("acme"), "test");
    private static final Budget THOUSANDS = Budget.of(100_000, Budget.Period.TOTAL);
    private static final Budget NINE_HUNDRED = Budget.of(900, Budget.Period.TOTAL);
    private static final int RESERVATIONS = 1_000;
    private static final int CLIENTS = 8;

    @TempDir
    Path files;

    @Test
    void afterAJvmWasKilledTheLedgerIsWhatItHadSettled() throws Exception {
        try (LedgerDatabase database = LedgerDatabase.create(2)) {
            Process victim = process("spend", database.database().appUrl());
            long said = 0;
            try (BufferedReader out = new BufferedReader(new InputStreamReader(victim.getInputStream(), UTF_8))) {
                for (String line = out.readLine(); line != null; line = out.readLine()) {
                    if (line.startsWith("settled ")) {
                        said += Long.parseLong(line.substring("settled ".length()));
                        if (said > 1_000) {
                            victim.toHandle().destroyForcibly(); // SIGKILL; what it said can be read
                        }
                    }
                }
            }
            assertThat(victim.waitFor()).isEqualTo(137);
            Budgets budgets = Budgets.in(database.ledger());
            long settled = said;
            TenantContext.run(ACME, () -> {
                assertThat(budgets.usage(THOUSANDS).reserved())
                        .as("of the dead")
                        .isPositive();
                database.pass(Duration.ofMinutes(11));
                Budgets.Usage usage = budgets.usage(THOUSANDS);
                assertThat(usage.reserved()).isZero();
                // It may have settled one a thread which it could not say any more.
                assertThat(usage.spent()).isBetween(settled, settled + CLIENTS * 3);
                assertThat(budgets.usageByTag(THOUSANDS).values()).containsExactly(usage.spent());
                assertThat(budgets.reserve(THOUSANDS, usage.left()).release()).isTrue();
            });
        }
    }

    @Test
    void twoJvmsSpendTogetherWhatThereIs() throws Exception {
        try (LedgerDatabase database = LedgerDatabase.create(2)) {
            List<Process> processes = List.of(
                    process("take", database.database().appUrl()),
                    process("take", database.database().appUrl()));
            int taken = 0;
            for (Process process : processes) {
                String said = new String(process.getInputStream().readAllBytes(), UTF_8);
                assertThat(process.waitFor()).as(said).isZero();
                int one = said.lines()
                        .filter(line -> line.startsWith("took "))
                        .mapToInt(line -> Integer.parseInt(line.substring("took ".length())))
                        .sum();
                assertThat(one).as(said).isPositive();
                taken += one;
            }
            assertThat(taken).isEqualTo(900);
            TenantContext.run(
                    ACME,
                    () -> assertThat(Budgets.in(database.ledger())
                                    .usage(NINE_HUNDRED)
                                    .spent())
                            .isEqualTo(900));
        }
    }

    @Test
    void afterTheServerWasKilledUnderLoadNothingIsLostOrDouble() throws Exception {
        try (KillablePostgres server = KillablePostgres.start(files)) {
            server.execute(PostgresBudgetLedger.ddl());
            HikariConfig config = new HikariConfig();
            config.setJdbcUrl(server.url());
            config.setMaximumPoolSize(CLIENTS);
            config.setConnectionTimeout(250);
            AtomicInteger settled = new AtomicInteger();
            AtomicInteger outages = new AtomicInteger();
            CountDownLatch warm = new CountDownLatch(200);
            ExecutorService threads = Executors.newFixedThreadPool(CLIENTS);
            try (HikariDataSource source = new HikariDataSource(config)) {
                Budgets budgets = Budgets.in(PostgresBudgetLedger.on(source));
                Callable<Void> client = TenantContext.call(
                        ACME,
                        () -> TenantContext.wrap((Callable<Void>) () -> {
                            for (int i = 0; i < 200; i++) {
                                Reservation reservation = reserved(budgets, outages);
                                insist(() -> reservation.settle(3), outages);
                                settled.addAndGet(3);
                                warm.countDown();
                            }
                            return null;
                        }));
                List<Future<Void>> clients = new ArrayList<>();
                for (int i = 0; i < CLIENTS; i++) {
                    clients.add(threads.submit(client));
                }
                warm.await();
                server.killAndRestart();
                for (Future<Void> each : clients) {
                    each.get();
                }
                assertThat(outages).as("calls that were not answered").hasPositiveValue();
                server.execute("UPDATE tenancy_budget_reservation SET expires_at = expires_at - interval '11 minutes'");
                TenantContext.run(ACME, () -> {
                    Budgets.Usage usage = budgets.usage(THOUSANDS);
                    assertThat(usage.spent()).isEqualTo(settled.get());
                    assertThat(usage.reserved()).isZero();
                    assertThat(budgets.usageByTag(THOUSANDS).values()).containsExactly(usage.spent());
                });
            } finally {
                threads.shutdownNow();
            }
        }
    }

    private static Reservation reserved(Budgets budgets, AtomicInteger outages) {
        while (true) {
            try {
                return budgets.reserve(THOUSANDS, 5);
            } catch (UnavailableException away) {
                outages.incrementAndGet();
            }
        }
    }

    private static void insist(Runnable call, AtomicInteger outages) {
        while (true) {
            try {
                call.run();
                return;
            } catch (UnavailableException away) {
                outages.incrementAndGet();
            }
        }
    }

    private static Process process(String what, String url) throws Exception {
        String path = Stream.of(System.getProperty("java.class.path"), System.getProperty("jdk.module.path"))
                .filter(Objects::nonNull)
                .filter(entries -> !entries.isEmpty())
                .collect(Collectors.joining(File.pathSeparator));
        String classes = Path.of(BudgetCrashIT.class
                        .getProtectionDomain()
                        .getCodeSource()
                        .getLocation()
                        .toURI())
                .toString();
        // On the module path, tests are patched into the module that they test.
        Path tests = Path.of("target", "test-classes").toAbsolutePath();
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        classes + File.pathSeparator + path + File.pathSeparator + tests,
                        BudgetCrashIT.class.getName(),
                        what,
                        url)
                .redirectErrorStream(true)
                .start();
    }

    /** What the processes do. */
    public static void main(String[] arguments) throws Exception {
        try (TenantDataSource source = LedgerDatabase.pool(arguments[1], 4, true, TenantBinding.session())) {
            Budgets budgets = Budgets.in(PostgresBudgetLedger.on(source));
            Callable<Integer> client = arguments[0].equals("spend") ? () -> spend(budgets) : () -> take(budgets);
            ExecutorService threads = Executors.newFixedThreadPool(CLIENTS);
            List<Callable<Integer>> clients = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                clients.add(TenantContext.call(ACME, () -> TenantContext.wrap(client)));
            }
            int sum = 0;
            for (Future<Integer> each : threads.invokeAll(clients)) {
                sum += each.get();
            }
            threads.shutdownNow();
            System.out.println("took " + sum);
        }
    }

    /** Two reservations of three are left as if their holder was still at work. */
    private static int spend(Budgets budgets) {
        for (int i = 0; i < RESERVATIONS; i++) {
            Reservation reservation = budgets.reserve(THOUSANDS, 5);
            if (i % 3 == 0 && reservation.settle(3)) {
                System.out.println("settled 3");
            }
        }
        return 0;
    }

    private static int take(Budgets budgets) {
        int taken = 0;
        while (true) {
            try {
                budgets.reserve(NINE_HUNDRED, 1).settle(1);
                taken++;
            } catch (BudgetSpentException spent) {
                return taken;
            }
        }
    }
}
