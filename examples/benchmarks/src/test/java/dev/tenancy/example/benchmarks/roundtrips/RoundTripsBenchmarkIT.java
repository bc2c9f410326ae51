package dev.tenancy.example.benchmarks.roundtrips;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import dev.tenancy.TenantContext;
import dev.tenancy.example.benchmarks.harness.Effort;
import dev.tenancy.example.benchmarks.harness.Metric;
import dev.tenancy.example.benchmarks.harness.Settings;
import dev.tenancy.testservers.TestPostgres;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.ds.PGSimpleDataSource;

class RoundTripsBenchmarkIT {
    private static List<Metric> metrics;

    @BeforeAll
    static void measure(@TempDir Path directory) {
        RoundTripsBenchmark benchmark = new RoundTripsBenchmark();
        metrics = benchmark.run(new Settings(benchmark.name(), Effort.SHAPE, directory));
    }

    @Test
    void everyMetricHasFiguresOfEachOfOursAndOfEachPeer() {
        List<String> figures = List.of(
                "one.%s.roundtrips",
                "one.%s.latency.0us",
                "one.%s.switching.roundtrips",
                "one.%s.switching.latency.0us",
                "tx3.%s.roundtrips",
                "tx3.%s.latency.0us",
                "batch.%s.roundtrips",
                "keys.%s.roundtrips",
                "one.%s.latency.500us",
                "one.%s.switching.latency.500us",
                "tx3.%s.latency.500us",
                "one.%s.latency.2ms",
                "one.%s.switching.latency.2ms",
                "tx3.%s.latency.2ms");

        assertThat(metrics)
                .extracting(metric -> metric.name() + " " + metric.peerName())
                .containsExactlyElementsOf(figures.stream()
                        .flatMap(figure -> Ours.ALL.stream().map(ours -> figure.formatted(ours.label())))
                        .flatMap(name -> Stream.of("unscoped", "set-at-borrow", "set-and-reset")
                                .map(peer -> name + " " + peer))
                        .toList());
        assertThat(metrics)
                .extracting(Metric::name)
                .contains("one.session.roundtrips", "tx3.session.roundtrips", "one.session.latency.500us");
        assertThat(metrics)
                .allSatisfy(
                        metric -> assertThat(metric.ours().values()).hasSize(1).allMatch(value -> value > 0));
    }

    @Test
    void roundTripsAreWholeNumbersThatAPeerCannotHelp() {
        assertThat(roundTripsOf("unscoped"))
                .containsExactly(
                        entry("one", 1.0),
                        entry("one.switching", 1.0),
                        entry("tx3", 4.0),
                        entry("batch", 1.0),
                        entry("keys", 1.0));
        assertThat(roundTripsOf("set-at-borrow"))
                .containsExactly(
                        entry("one", 2.0),
                        entry("one.switching", 2.0),
                        entry("tx3", 5.0),
                        entry("batch", 2.0),
                        entry("keys", 2.0));
        assertThat(roundTripsOf("set-and-reset"))
                .containsExactly(
                        entry("one", 3.0),
                        entry("one.switching", 3.0),
                        entry("tx3", 6.0),
                        entry("batch", 3.0),
                        entry("keys", 3.0));
    }

    @Test
    void noneOfOursTakesMoreRoundTripsThanSettingAndResetting() {
        assertThat(metrics)
                .filteredOn(metric ->
                        metric.unit().equals("round-trips") && metric.peerName().equals("set-and-reset"))
                .hasSize(5 * Ours.ALL.size())
                .allMatch(metric -> metric.ratio() <= 1);
    }

    @Test
    void workOnRowsOfAnotherTenantIsNotMeasuredButFails() throws SQLException {
        TestPostgres.Database database = NotesDatabase.create();
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl(database.appUrl());
        Way.Borrowing borrowing = Peer.SET_AND_RESET.over(source);

        TenantContext.run(Borrower.ACME.identity(), () -> {
            Connection connection = borrowing.borrow();
            for (Work work : List.of(Work.ONE_STATEMENT, Work.BATCH)) {
                work.run(connection, Table.NOTES, Borrower.ACME.firstNote());
                assertThatThrownBy(() -> work.run(connection, Table.NOTES, Borrower.GLOBEX.firstNote()))
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessage("0 rows where 1 should be");
            }
            borrowing.giveBack(connection);
        });
    }

    private static Map<String, Double> roundTripsOf(String peer) {
        Map<String, Double> found = new LinkedHashMap<>();
        metrics.stream()
                .filter(metric ->
                        metric.unit().equals("round-trips") && metric.peerName().equals(peer))
                .filter(metric -> metric.name().contains(".session."))
                .forEach(metric -> found.put(
                        metric.name().replace(".session", "").replace(".roundtrips", ""),
                        metric.peer().median()));
        return found;
    }
}
