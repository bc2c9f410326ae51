package dev.tenancy.example.benchmarks.tenants;

import dev.tenancy.example.benchmarks.harness.Benchmark;
import dev.tenancy.example.benchmarks.harness.Metric;
import dev.tenancy.example.benchmarks.harness.Samples;
import dev.tenancy.example.benchmarks.harness.Settings;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * {@code tenants}: what a request takes, and a tenant keeps in memory, where there are many, beside where there are
 * ten.
 */
public final class TenantsBenchmark implements Benchmark {
    private static final int FEW = 10;
    private static final int CATALOGS_OF_FEW = 200;
    private static final int HOT = 1_000;
    private static final long SEED = 42;
    private static final double NANOS_PER_MICRO = 1_000;

    @Override
    public String name() {
        return "tenants";
    }

    @Override
    public List<Metric> run(Settings settings) {
        TenantsEffort effort = TenantsEffort.of(settings.effort());
        try {
            TenantsDatabase few = TenantsDatabase.create(FEW);
            TenantsDatabase many = TenantsDatabase.create(effort.tenants());
            List<Metric> metrics = new ArrayList<>(latencies(few, many, effort));
            metrics.add(new Metric(
                    "bytes-per-tenant",
                    "bytes",
                    "10-tenants",
                    new Samples(List.of(Heap.bytesPerTenant(many, effort.remembered()))),
                    new Samples(List.of(Heap.bytesPerTenant(few, FEW, CATALOGS_OF_FEW)))));
            return metrics;
        } catch (SQLException failure) {
            throw new IllegalStateException("the database fails", failure);
        }
    }

    private static List<Metric> latencies(TenantsDatabase few, TenantsDatabase many, TenantsEffort effort)
            throws SQLException {
        try (Line ofFew = new Line(few);
                Line ofMany = new Line(many)) {
            Random random = new Random(SEED);
            // As tenants do, most requests come from a part of them: a thousand, spread over all.
            int[] hot = random.ints(HOT, 0, effort.tenants()).toArray();
            for (int number : hot) {
                ofFew.run(number);
                ofMany.run(number);
            }
            List<Pair> known = new ArrayList<>();
            List<Pair> asked = new ArrayList<>();
            for (int round = 0; round < effort.rounds(); round++) {
                known.add(round(ofFew, ofMany, effort.units(), () -> hot[random.nextInt(HOT)], false));
                asked.add(round(ofFew, ofMany, effort.units(), () -> random.nextInt(effort.tenants()), true));
            }
            return List.of(metric("latency.1m", known), metric("latency.1m.not-remembered", asked));
        }
    }

    private static Metric metric(String name, List<Pair> rounds) {
        return new Metric(
                name,
                "us",
                "10-tenants",
                new Samples(rounds.stream().map(Pair::ofMany).toList()),
                new Samples(rounds.stream().map(Pair::ofFew).toList()));
    }

    /** The medians of units that take turns. */
    private static Pair round(Line ofFew, Line ofMany, int units, Choice choice, boolean forgotten)
            throws SQLException {
        List<Double> few = new ArrayList<>();
        List<Double> many = new ArrayList<>();
        for (int unit = 0; unit < units; unit++) {
            int number = choice.next();
            few.add(micros(ofFew, number, forgotten));
            many.add(micros(ofMany, number, forgotten));
        }
        return new Pair(new Samples(few).median(), new Samples(many).median());
    }

    private static double micros(Line line, int number, boolean forgotten) throws SQLException {
        if (forgotten) {
            line.forget(number);
        }
        long begin = System.nanoTime();
        line.run(number);
        return (System.nanoTime() - begin) / NANOS_PER_MICRO;
    }

    @FunctionalInterface
    private interface Choice {
        int next();
    }

    private record Pair(double ofFew, double ofMany) {}
}
