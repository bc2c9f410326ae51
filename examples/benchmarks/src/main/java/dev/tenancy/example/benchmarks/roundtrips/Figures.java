package dev.tenancy.example.benchmarks.roundtrips;

import dev.tenancy.example.benchmarks.harness.Metric;
import dev.tenancy.example.benchmarks.harness.Samples;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What was measured of every way, a value a round. */
final class Figures {
    private final Map<Figure, Map<Way, List<Double>>> rounds = new LinkedHashMap<>();

    /**
     * What is measured of each way.
     *
     * @param scenario doing what
     * @param name what of it
     * @param unit in which unit
     */
    record Figure(Scenario scenario, String name, String unit) {}

    static Figure roundTrips(Scenario scenario) {
        return new Figure(scenario, "roundtrips", "round-trips");
    }

    static Figure latency(Scenario scenario, Wire wire) {
        return new Figure(scenario, "latency." + wire.label(), "us");
    }

    void add(Figure figure, Way way, double value) {
        rounds.computeIfAbsent(figure, added -> new LinkedHashMap<>())
                .computeIfAbsent(way, added -> new ArrayList<>())
                .add(value);
    }

    /** Each of ours beside each peer. */
    List<Metric> metrics() {
        List<Metric> metrics = new ArrayList<>();
        rounds.forEach((figure, ways) -> {
            for (Way ours : Ours.ALL) {
                for (Way peer : Peer.ALL) {
                    metrics.add(metric(figure, ours, peer, ways));
                }
            }
        });
        return metrics;
    }

    private static Metric metric(Figure figure, Way ours, Way peer, Map<Way, List<Double>> ways) {
        return new Metric(
                figure.scenario().metric(ours.label(), figure.name()),
                figure.unit(),
                peer.label(),
                samples(ways, ours),
                samples(ways, peer));
    }

    private static Samples samples(Map<Way, List<Double>> ways, Way way) {
        return new Samples(ways.getOrDefault(way, List.of()));
    }
}
