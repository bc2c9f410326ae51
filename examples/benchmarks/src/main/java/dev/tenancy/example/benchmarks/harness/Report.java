package dev.tenancy.example.benchmarks.harness;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What a benchmark found, as lines and as JSON.
 *
 * @param name which benchmark
 * @param metrics what it measured
 */
public record Report(String name, List<Metric> metrics) {
    /** More digits than these are noise. */
    private static final MathContext PRINTED = new MathContext(4);

    /** Keeps a copy. */
    public Report {
        metrics = List.copyOf(metrics);
    }

    /** Prints a line a metric, and before each, after {@code #}, how far its rounds lie apart. */
    public void print(PrintStream out) {
        for (Metric metric : metrics) {
            out.println(spread(metric));
            out.println(line(metric));
        }
    }

    /**
     * Writes {@code name.json} into {@code directory}, which is made if need be.
     *
     * @throws UncheckedIOException if it cannot be written
     */
    public void write(Path directory) {
        try {
            Files.writeString(Files.createDirectories(directory).resolve(name + ".json"), json());
        } catch (IOException failure) {
            throw new UncheckedIOException("the report cannot be written to " + directory, failure);
        }
    }

    private static String line(Metric metric) {
        return metric.name() + " ours=" + printed(metric.ours().median()) + " peer="
                + printed(metric.peer().median()) + " (" + metric.peerName() + ") ratio=" + printed(metric.ratio());
    }

    private static String spread(Metric metric) {
        return "# " + metric.name() + ", rounds of " + metric.unit() + ": "
                + metric.ours().values().size() + ", ours " + range(metric.ours()) + ", " + metric.peerName() + " "
                + range(metric.peer()) + ", ratio " + range(metric.ratios());
    }

    private static String range(Samples samples) {
        return printed(samples.smallest()) + " … " + printed(samples.largest());
    }

    private static String printed(double figure) {
        if (Double.isInfinite(figure)) {
            return "infinite";
        }
        BigDecimal rounded = BigDecimal.valueOf(figure).round(PRINTED).stripTrailingZeros();
        return rounded.toPlainString();
    }

    /** The names are plain words, so nothing is to be escaped. */
    private String json() {
        return metrics.stream().map(Report::json).collect(Collectors.joining(",\n", "[\n", "\n]\n"));
    }

    private static String json(Metric metric) {
        return """
                  {"metric": "%s", "ours": %s, "peer": %s, "peerName": "%s", "ratio": %s, "unit": "%s"}""".formatted(
                        metric.name(),
                        json(metric.ours().median()),
                        json(metric.peer().median()),
                        metric.peerName(),
                        json(metric.ratio()),
                        metric.unit());
    }

    /** JSON has no infinity. */
    private static String json(double figure) {
        return Double.isInfinite(figure) ? "null" : Double.toString(figure);
    }
}
