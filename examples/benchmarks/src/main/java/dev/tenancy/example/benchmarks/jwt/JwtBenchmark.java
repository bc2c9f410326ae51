package dev.tenancy.example.benchmarks.jwt;

import static dev.tenancy.example.benchmarks.jmh.Figure.BYTES;
import static dev.tenancy.example.benchmarks.jmh.Figure.NANOSECONDS;

import dev.tenancy.example.benchmarks.harness.Benchmark;
import dev.tenancy.example.benchmarks.harness.Metric;
import dev.tenancy.example.benchmarks.harness.Settings;
import dev.tenancy.example.benchmarks.jmh.JmhRounds;
import java.util.List;

/** {@code jwt}: the tenant of a token, seen for the first time and seen before. */
public final class JwtBenchmark implements Benchmark {
    private static final String PEER = "nimbus-default-jwt-processor";
    private static final String PEER_METHOD = "nimbus";

    @Override
    public String name() {
        return "jwt";
    }

    @Override
    public List<Metric> run(Settings settings) {
        JmhRounds rounds = JmhRounds.run(
                settings, List.of(Rs256.class, Rs256Remembered.class, Es256.class, Es256Remembered.class));
        return List.of(
                rounds.metric("rs256.cached.ns", NANOSECONDS, Rs256Remembered.class, PEER_METHOD, PEER),
                rounds.metric("rs256.uncached.ns", NANOSECONDS, Rs256.class, PEER_METHOD, PEER),
                rounds.metric("es256.cached.ns", NANOSECONDS, Es256Remembered.class, PEER_METHOD, PEER),
                rounds.metric("es256.uncached.ns", NANOSECONDS, Es256.class, PEER_METHOD, PEER),
                rounds.metric("rs256.cached.alloc.bytes", BYTES, Rs256Remembered.class, PEER_METHOD, PEER),
                rounds.metric("rs256.uncached.alloc.bytes", BYTES, Rs256.class, PEER_METHOD, PEER));
    }
}
