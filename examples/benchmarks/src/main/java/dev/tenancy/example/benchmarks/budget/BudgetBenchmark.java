package dev.tenancy.example.benchmarks.budget;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.tenancy.example.benchmarks.harness.Benchmark;
import dev.tenancy.example.benchmarks.harness.Metric;
import dev.tenancy.example.benchmarks.harness.Samples;
import dev.tenancy.example.benchmarks.harness.Settings;
import dev.tenancy.ratelimit.PostgresBudgetLedger;
import dev.tenancy.testservers.CountingProxy;
import dev.tenancy.testservers.TestPostgres;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** {@code budget}: reservations that are settled, of one tenant and of many; and what is overspent. */
public final class BudgetBenchmark implements Benchmark {
    private static final int TENANTS = 1_000;
    private static final int CONNECTIONS = 8;
    private static final int THREADS = 16;
    private static final int OVERSPENDERS = 64;
    private static final long PLENTY = 1_000_000_000_000_000L;
    private static final long SCARCE = 1_000;

    @Override
    public String name() {
        return "budget";
    }

    @Override
    public List<Metric> run(Settings settings) {
        BudgetEffort effort = BudgetEffort.of(settings.effort());
        TestPostgres.Database database = TestPostgres.newDatabase();
        database.asOwner(PostgresBudgetLedger.ddl(), CheckThenRecord.ddl());
        database.asOwner(SelectForUpdate.ddl());
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(database.ownerUrl());
        config.setMaximumPoolSize(CONNECTIONS);
        List<Metric> metrics = new ArrayList<>();
        try (HikariDataSource source = new HikariDataSource(config)) {
            Spender ours = new Ours(source, TENANTS, PLENTY);
            Spender peer = new SelectForUpdate(source, PLENTY, true);
            Spender lean = new SelectForUpdate(source, PLENTY, false);
            for (int tenants : new int[] {1, TENANTS}) {
                String name = (tenants == 1 ? "hot" : "spread") + ".per-second";
                metrics.addAll(compared(name, effort, tenants, ours, peer, lean));
            }
        }
        metrics.addAll(overALink(database, effort));
        config.setMaximumPoolSize(OVERSPENDERS);
        try (HikariDataSource source = new HikariDataSource(config)) {
            double ofOurs = overspend(new Ours(source, TENANTS, SCARCE));
            double ofPeer = overspend(new CheckThenRecord(source, SCARCE));
            metrics.add(new Metric("overspend", "units", "check-then-record", samples(ofOurs), samples(ofPeer)));
        }
        return metrics;
    }

    /** As between two machines of one data centre. */
    private static List<Metric> overALink(TestPostgres.Database database, BudgetEffort effort) {
        HikariConfig config = new HikariConfig();
        config.setMaximumPoolSize(CONNECTIONS);
        try (CountingProxy link = CountingProxy.to(database.address(), Duration.ofNanos(500_000))) {
            config.setJdbcUrl(link.url(database.ownerUrl()));
            try (HikariDataSource source = new HikariDataSource(config)) {
                return compared(
                        "spread.500us.per-second",
                        effort,
                        TENANTS,
                        new Ours(source, TENANTS, PLENTY),
                        new SelectForUpdate(source, PLENTY, true),
                        new SelectForUpdate(source, PLENTY, false));
            }
        }
    }

    private static Samples samples(double value) {
        return new Samples(List.of(value));
    }

    private static List<Metric> compared(
            String name, BudgetEffort effort, int tenants, Spender ours, Spender peer, Spender lean) {
        List<Spender> all = List.of(ours, peer, lean);
        List<List<Double>> figures = List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        for (int round = -1; round < effort.rounds(); round++) {
            for (int i = 0; i < all.size(); i++) {
                double perSecond = perSecond(all.get(i), tenants, effort.time());
                if (round >= 0) {
                    figures.get(i).add(perSecond);
                }
            }
        }
        Samples ofOurs = new Samples(figures.get(0));
        return List.of(
                new Metric(name, "per-second", "select-for-update", ofOurs, new Samples(figures.get(1))),
                new Metric(
                        name, "per-second", "select-for-update-without-records", ofOurs, new Samples(figures.get(2))));
    }

    private static double perSecond(Spender spender, int tenants, Duration time) {
        long start = System.nanoTime();
        long done = sum(THREADS, thread -> {
            long spent = 0;
            int tenant = thread * 31;
            while (System.nanoTime() - start < time.toNanos()) {
                tenant = (tenant + 17) % tenants;
                if (!spender.spend(tenant)) {
                    throw new IllegalStateException("what there is was refused");
                }
                spent++;
            }
            return spent;
        });
        return done * 1e9 / (System.nanoTime() - start);
    }

    /** What is spent beyond the budget by those who all stop when they are refused. */
    private static double overspend(Spender spender) {
        long times = sum(OVERSPENDERS, thread -> {
            long spent = 0;
            while (spender.spend(0)) {
                spent++;
            }
            return spent;
        });
        return Math.max(0, times * 7 - SCARCE);
    }

    private static long sum(int callers, Spending spending) {
        ExecutorService threads = Executors.newFixedThreadPool(callers);
        try {
            List<Callable<Long>> all = new ArrayList<>();
            for (int i = 0; i < callers; i++) {
                int thread = i;
                all.add(() -> spending.by(thread));
            }
            long sum = 0;
            for (Future<Long> each : threads.invokeAll(all)) {
                sum += each.get();
            }
            return sum;
        } catch (Exception failure) {
            throw new IllegalStateException("spending cannot be measured", failure);
        } finally {
            threads.shutdownNow();
        }
    }

    private interface Spending {
        long by(int thread) throws Exception;
    }
}
