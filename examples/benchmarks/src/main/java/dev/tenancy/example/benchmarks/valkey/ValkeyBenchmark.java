package dev.tenancy.example.benchmarks.valkey;

import dev.tenancy.example.benchmarks.harness.Benchmark;
import dev.tenancy.example.benchmarks.harness.Metric;
import dev.tenancy.example.benchmarks.harness.Samples;
import dev.tenancy.example.benchmarks.harness.Settings;
import dev.tenancy.ratelimit.RateLimits;
import dev.tenancy.testservers.TestRedis;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** {@code limiter-valkey}: permits that are counted on a server, of many tenants and of one. */
public final class ValkeyBenchmark implements Benchmark {
    private static final int TENANTS = 1_000;
    private static final int COUNTED = 1_000;
    private static final long PERMITS = 1_000_000;
    private static final RateLimits PLENTY = RateLimits.parse("1000000/1s");
    private static final RateLimits NEARLY_NONE = RateLimits.parse("1/1d");

    @Override
    public String name() {
        return "limiter-valkey";
    }

    @Override
    public List<Metric> run(Settings settings) {
        ValkeyEffort effort = ValkeyEffort.of(settings.effort());
        try (TestRedis server = TestRedis.start()) {
            String uri = server.uri();
            List<Metric> metrics = new ArrayList<>();
            try (Limiter ours = Ours.on(uri, TENANTS, PLENTY);
                    Limiter leasing = Ours.leasing(uri, TENANTS, PLENTY);
                    Limiter peer = Peer.on(uri, TENANTS, PERMITS)) {
                Load.perSecond(ours, TENANTS, effort.warmUp());
                Load.perSecond(peer, TENANTS, effort.warmUp());
                metrics.add(compared("decisions-per-second", effort, TENANTS, ours, peer));
                metrics.add(compared("hot.decisions-per-second", effort, 1, ours, peer));
                metrics.add(compared("leased.decisions-per-second", effort, TENANTS, leasing, peer));
                metrics.add(compared("leased.hot.decisions-per-second", effort, 1, leasing, peer));
            }
            double ofPeer = roundTripsOfPeer(uri);
            metrics.add(roundTrips("roundtrips-per-decision", roundTrips(uri, Ours.on(uri, 1, PLENTY)), ofPeer));
            metrics.add(roundTrips(
                    "denied.roundtrips-per-decision", roundTrips(uri, Ours.on(uri, 1, NEARLY_NONE)), ofPeer));
            metrics.add(roundTrips(
                    "leased.roundtrips-per-decision", roundTrips(uri, Ours.leasing(uri, 1, PLENTY)), ofPeer));
            return metrics;
        }
    }

    private static Metric compared(String name, ValkeyEffort effort, int tenants, Limiter ours, Limiter peer) {
        Duration warmUp = effort.time().dividedBy(2);
        Load.perSecond(ours, tenants, warmUp);
        Load.perSecond(peer, tenants, warmUp);
        List<Double> ofOurs = new ArrayList<>();
        List<Double> ofPeer = new ArrayList<>();
        for (int round = 0; round < effort.rounds(); round++) {
            ofOurs.add(Load.perSecond(ours, tenants, effort.time()));
            ofPeer.add(Load.perSecond(peer, tenants, effort.time()));
        }
        return new Metric(name, "per-second", Peer.NAME, new Samples(ofOurs), new Samples(ofPeer));
    }

    private static Metric roundTrips(String name, double ours, double peer) {
        return new Metric(name, "roundtrips", Peer.NAME, new Samples(List.of(ours)), new Samples(List.of(peer)));
    }

    /** Of one caller: those who go together have fewer. */
    private static double roundTrips(String uri, Limiter limiter) {
        RedisClient client = RedisClient.create(uri);
        try (limiter;
                StatefulRedisConnection<String, String> connection = client.connect()) {
            limiter.tryAcquire(0);
            limiter.tryAcquire(0);
            long before = scripts(connection);
            for (int i = 0; i < COUNTED; i++) {
                limiter.tryAcquire(0);
            }
            return (double) (scripts(connection) - before) / COUNTED;
        } finally {
            client.shutdown(Duration.ZERO, Duration.ofSeconds(1));
        }
    }

    private static double roundTripsOfPeer(String uri) {
        AtomicLong sent = new AtomicLong();
        try (Limiter peer = Peer.counted(uri, 1, PERMITS, sent)) {
            peer.tryAcquire(0);
            long before = sent.get();
            for (int i = 0; i < COUNTED; i++) {
                peer.tryAcquire(0);
            }
            return (double) (sent.get() - before) / COUNTED;
        }
    }

    /** The server counts each call; what a script calls itself goes by other names. */
    private static long scripts(StatefulRedisConnection<String, String> connection) {
        return connection
                .sync()
                .info("commandstats")
                .lines()
                .filter(line -> line.startsWith("cmdstat_eval"))
                .mapToLong(line -> Long.parseLong(line.replaceAll(".*:calls=(\\d+),.*", "$1")))
                .sum();
    }
}
