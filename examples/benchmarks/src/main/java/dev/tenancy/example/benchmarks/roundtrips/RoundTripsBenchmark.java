package dev.tenancy.example.benchmarks.roundtrips;

import dev.tenancy.example.benchmarks.harness.Benchmark;
import dev.tenancy.example.benchmarks.harness.Metric;
import dev.tenancy.example.benchmarks.harness.Settings;
import dev.tenancy.testservers.TestPostgres;
import java.sql.SQLException;
import java.util.List;

/**
 * {@code roundtrips}: how often a unit of work waits for the database, and what it takes over wires of some lengths.
 */
public final class RoundTripsBenchmark implements Benchmark {

    @Override
    public String name() {
        return "roundtrips";
    }

    @Override
    public List<Metric> run(Settings settings) {
        WireEffort effort = WireEffort.of(settings.effort());
        Figures figures = new Figures();
        try {
            TestPostgres.Database database = NotesDatabase.create();
            for (Wire wire : Wire.values()) {
                measure(wire, database, effort, figures);
            }
        } catch (SQLException failure) {
            throw new IllegalStateException("the database fails", failure);
        }
        return figures.metrics();
    }

    private static void measure(Wire wire, TestPostgres.Database database, WireEffort effort, Figures figures)
            throws SQLException {
        try (Link link = Link.open(wire, database)) {
            Figures ofWarmUp = new Figures();
            for (Scenario scenario : Scenario.measuredOn(wire)) {
                link.round(scenario, effort.warmUpUnits(wire), ofWarmUp);
            }
            for (int round = 0; round < effort.rounds(); round++) {
                for (Scenario scenario : Scenario.measuredOn(wire)) {
                    link.round(scenario, effort.units(wire), figures);
                }
            }
        }
    }
}
