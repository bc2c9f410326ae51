package dev.tenancy.example.benchmarks.rls;

import dev.tenancy.example.benchmarks.harness.Benchmark;
import dev.tenancy.example.benchmarks.harness.Metric;
import dev.tenancy.example.benchmarks.harness.Settings;
import dev.tenancy.testservers.TestPostgres;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** {@code rls}: what the policies of the library cost, beside none and beside those that one would write. */
public final class RlsBenchmark implements Benchmark {

    @Override
    public String name() {
        return "rls";
    }

    @Override
    public List<Metric> run(Settings settings) {
        RlsEffort effort = RlsEffort.of(settings.effort());
        List<Metric> metrics = new ArrayList<>();
        try {
            TestPostgres.Database database = RowsDatabase.create(effort);
            for (Query query : Query.values()) {
                metrics.addAll(metrics(query, measure(database, query, effort)));
            }
        } catch (SQLException failure) {
            throw new IllegalStateException("the database fails", failure);
        }
        return metrics;
    }

    /** All protections take turns at every query; a figure of a round is the median of its queries. */
    private static List<Lane> measure(TestPostgres.Database database, Query query, RlsEffort effort)
            throws SQLException {
        List<Lane> lanes = new ArrayList<>();
        try {
            for (Protection protection : Protection.values()) {
                lanes.add(new Lane(database, query, protection, effort));
            }
            round(lanes, query.times(effort)); // the server keeps a plan from the fifth execution on
            lanes.forEach(Lane::forget);
            for (int i = 0; i < effort.rounds; i++) {
                round(lanes, query.times(effort));
            }
        } finally {
            for (Lane lane : lanes) {
                lane.close();
            }
        }
        return lanes;
    }

    private static void round(List<Lane> lanes, int times) throws SQLException {
        for (int i = 0; i < times; i++) {
            for (Lane lane : lanes) {
                lane.ask();
            }
        }
        lanes.forEach(Lane::endRound);
    }

    private static List<Metric> metrics(Query query, List<Lane> lanes) {
        List<Metric> metrics = new ArrayList<>();
        for (Lane ours : lanes) {
            for (Lane peer : lanes) {
                if (ours.protection().isOurs() && peer != ours && peer.protection() != Protection.SEALED) {
                    metrics.add(new Metric(
                            query.label() + "." + ours.protection().label(),
                            "us",
                            peer.protection().label(),
                            ours.rounds(),
                            peer.rounds()));
                }
            }
        }
        return metrics;
    }
}
