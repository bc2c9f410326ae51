package dev.tenancy.example.benchmarks.jmh;

import dev.tenancy.example.benchmarks.harness.Metric;
import dev.tenancy.example.benchmarks.harness.Samples;
import dev.tenancy.example.benchmarks.harness.Settings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/**
 * What JMH measured in several rounds. In a round ours and every peer run once, each in a JVM of its own, so that a
 * slow minute of the machine is a slow minute for all of them.
 */
public final class JmhRounds {
    /** The benchmark method that uses the library; the other methods of its class are peers. */
    private static final String OURS = "ours";

    /** Set, so that the forks do not take over the options of the JVM that Maven runs in. */
    private static final String[] JVM_OPTIONS = {"-Xms512m", "-Xmx512m"};

    private final List<Map<String, RunResult>> rounds;

    private JmhRounds(List<Map<String, RunResult>> rounds) {
        this.rounds = rounds;
    }

    /**
     * Measures all benchmark methods of {@code classes}. What JMH says about it goes to logs in the directory of the
     * reports.
     *
     * @throws IllegalStateException if a benchmark fails
     */
    public static JmhRounds run(Settings settings, List<Class<?>> classes) {
        JmhEffort effort = JmhEffort.of(settings.effort());
        List<Map<String, RunResult>> rounds = new ArrayList<>();
        try (ForkClassPath path = ForkClassPath.of(JmhRounds.class.getClassLoader())) {
            for (int round = 1; round <= effort.rounds(); round++) {
                rounds.add(round(effort, classes, log(settings, round)));
            }
        }
        return new JmhRounds(rounds);
    }

    /** {@return ours beside {@code peerMethod}, both of them benchmark methods of {@code measured}} */
    public Metric metric(String name, Figure figure, Class<?> measured, String peerMethod, String peerName) {
        return new Metric(
                name, figure.unit(), peerName, samples(figure, measured, OURS), samples(figure, measured, peerMethod));
    }

    private Samples samples(Figure figure, Class<?> measured, String method) {
        String benchmark = measured.getName() + "." + method;
        return new Samples(rounds.stream()
                .map(round -> figure.of(Objects.requireNonNull(round.get(benchmark), benchmark)))
                .toList());
    }

    private static Map<String, RunResult> round(JmhEffort effort, List<Class<?>> classes, Path log) {
        ChainedOptionsBuilder options = effort.applyTo(new OptionsBuilder())
                .mode(Mode.AverageTime)
                .timeUnit(TimeUnit.NANOSECONDS)
                .addProfiler(GCProfiler.class)
                .jvmArgs(JVM_OPTIONS)
                .shouldFailOnError(true)
                .output(log.toString());
        classes.forEach(measured -> options.include("^" + Pattern.quote(measured.getName()) + "\\.[^.]+$"));
        return results(options.build(), log);
    }

    private static Map<String, RunResult> results(Options options, Path log) {
        try {
            return new Runner(options)
                    .run().stream()
                            .collect(Collectors.toMap(
                                    result -> result.getParams().getBenchmark(), Function.identity()));
        } catch (RunnerException failure) {
            throw new IllegalStateException("JMH failed; what it says about it is in " + log, failure);
        }
    }

    private static Path log(Settings settings, int round) {
        try {
            return Files.createDirectories(settings.directory())
                    .resolve(settings.name() + ".round" + round + ".jmh.log");
        } catch (IOException failure) {
            throw new UncheckedIOException(settings.directory() + " cannot be made", failure);
        }
    }
}
