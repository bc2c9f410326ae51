package dev.tenancy.example.benchmarks;

import dev.tenancy.example.benchmarks.budget.BudgetBenchmark;
import dev.tenancy.example.benchmarks.context.ContextBenchmark;
import dev.tenancy.example.benchmarks.harness.Benchmark;
import dev.tenancy.example.benchmarks.harness.Report;
import dev.tenancy.example.benchmarks.harness.Settings;
import dev.tenancy.example.benchmarks.jwt.JwtBenchmark;
import dev.tenancy.example.benchmarks.limiter.LimiterBenchmark;
import dev.tenancy.example.benchmarks.rls.RlsBenchmark;
import dev.tenancy.example.benchmarks.roundtrips.RoundTripsBenchmark;
import dev.tenancy.example.benchmarks.tenants.TenantsBenchmark;
import dev.tenancy.example.benchmarks.valkey.ValkeyBenchmark;
import dev.tenancy.testservers.TestPostgres;
import java.io.PrintStream;
import java.util.List;
import java.util.stream.Collectors;

/** Runs the benchmark that the system property {@value Settings#NAME} names. */
public final class Benchmarks {
    private static final String LIST = "list";
    static final List<Benchmark> ALL = List.of(
            new ContextBenchmark(),
            new RoundTripsBenchmark(),
            new RlsBenchmark(),
            new LimiterBenchmark(),
            new ValkeyBenchmark(),
            new JwtBenchmark(),
            new BudgetBenchmark(),
            new TenantsBenchmark());

    private Benchmarks() {}

    /**
     * Runs one benchmark, or lists them all.
     *
     * @throws IllegalArgumentException if a setting is wrong; says what is allowed
     */
    public static void main(String[] arguments) {
        try {
            run(Settings.of(System::getProperty), ALL, System.out);
        } finally {
            TestPostgres.stop();
        }
    }

    static void run(Settings settings, List<Benchmark> benchmarks, PrintStream out) {
        if (settings.name().equals(LIST)) {
            benchmarks.forEach(benchmark -> out.println(benchmark.name()));
            return;
        }
        Benchmark chosen = benchmarks.stream()
                .filter(benchmark -> benchmark.name().equals(settings.name()))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(Settings.NAME + " is \"" + settings.name()
                        + "\"; allowed: " + LIST + ", "
                        + benchmarks.stream().map(Benchmark::name).collect(Collectors.joining(", "))));
        out.println("# " + chosen.name() + ", effort " + settings.effort() + ", logs in " + settings.directory());
        Report report = new Report(chosen.name(), chosen.run(settings));
        report.print(out);
        report.write(settings.directory());
    }
}
