package dev.tenancy.example.benchmarks.roundtrips;

import dev.tenancy.testservers.CountingProxy;
import dev.tenancy.testservers.TestPostgres;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** All ways over one wire, taking turns: what disturbs one unit of one of them disturbs those of the others too. */
final class Link implements AutoCloseable {
    private final Wire wire;
    private final CountingProxy proxy;
    private final List<Lane> lanes;

    private Link(Wire wire, CountingProxy proxy, List<Lane> lanes) {
        this.wire = wire;
        this.proxy = proxy;
        this.lanes = lanes;
    }

    static Link open(Wire wire, TestPostgres.Database database) {
        CountingProxy proxy = CountingProxy.to(database.address(), wire.latency());
        List<Lane> lanes = Stream.concat(Ours.ALL.stream(), Peer.ALL.stream())
                .map(way -> Lane.open(way, proxy.url(database.appUrl())))
                .toList();
        return new Link(wire, proxy, lanes);
    }

    /** Lets every way do {@code scenario} so many times, and adds what is typical of each to {@code figures}. */
    void round(Scenario scenario, int units, Figures figures) throws SQLException {
        Map<Lane, Units> done = new LinkedHashMap<>();
        lanes.forEach(lane -> done.put(lane, new Units()));
        for (int unit = 0; unit < units; unit++) {
            for (Map.Entry<Lane, Units> lane : done.entrySet()) {
                measure(lane.getKey(), scenario, unit, lane.getValue());
            }
        }
        done.forEach((lane, measured) -> {
            if (wire == Wire.NONE) {
                figures.add(Figures.roundTrips(scenario), lane.way(), measured.roundTrips());
            }
            if (scenario.isTimed()) {
                figures.add(Figures.latency(scenario, wire), lane.way(), measured.micros());
            }
        });
    }

    private void measure(Lane lane, Scenario scenario, int unit, Units measured) throws SQLException {
        long begin = System.nanoTime();
        long roundTrips = proxy.roundTripsOf(() -> lane.run(scenario, unit));
        measured.add(roundTrips, System.nanoTime() - begin);
    }

    @Override
    public void close() {
        lanes.forEach(Lane::close);
        proxy.close();
    }
}
