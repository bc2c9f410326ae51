package dev.tenancy.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenancy.Problem;
import dev.tenancy.TenantId;
import dev.tenancy.TenantIdentity;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TenancyMetricsTest {
    private final MeterRegistry registry = new SimpleMeterRegistry();
    private final TenancyMetrics metrics = TenancyMetrics.of(registry);

    @Test
    void whatHappensIsCountedByOutcomeStatusProblemAndResolver() {
        metrics.admitted(identity("jwt"));
        metrics.admitted(identity("jwt"));
        metrics.admitted(identity("api-key"));
        metrics.refused(Problem.unauthenticated());
        metrics.refused(Problem.unavailable());
        metrics.refused(identity("jwt"), Problem.suspended());

        assertThat(counts(TenancyMetrics.REQUESTS))
                .isEqualTo(Map.of(
                        "outcome=admitted problem=none resolver=jwt status=none", 2.0,
                        "outcome=admitted problem=none resolver=api-key status=none", 1.0,
                        "outcome=refused problem=unauthenticated resolver=none status=401", 1.0,
                        "outcome=refused problem=unavailable resolver=none status=503", 1.0,
                        "outcome=refused problem=suspended resolver=jwt status=403", 1.0));
    }

    @Test
    void finishedRequestsAreCountedFromTheStart() {
        assertThat(counts("tenancy.requests.finished"))
                .isEqualTo(Map.of("outcome=succeeded", 0.0, "outcome=failed", 0.0));

        metrics.finished(identity("jwt"), true);
        metrics.finished(identity("jwt"), true);
        metrics.finished(identity("jwt"), false);

        assertThat(counts("tenancy.requests.finished"))
                .isEqualTo(Map.of("outcome=succeeded", 2.0, "outcome=failed", 1.0));
    }

    @Test
    void noMeterNamesATenantOrSubject() {
        TenantIdentity named = TenantIdentity.builder(TenantId.of("acme-corp"), "jwt")
                .subject("alice@example.com")
                .build();
        metrics.admitted(named);
        metrics.refused(named, Problem.suspended());
        metrics.finished(named, true);

        assertThat(registry.getMeters())
                .isNotEmpty()
                .allSatisfy(meter -> assertThat(meter.getId().toString()).doesNotContain("acme", "alice"));
    }

    @Test
    void aProblemOfAnotherTypeIsNamedByTheEndOfIt() {
        metrics.refused(problem("about:blank"));
        metrics.refused(problem("https://example.com/problems/"));
        metrics.refused(problem("urn:example:full"));

        assertThat(counts(TenancyMetrics.REQUESTS).keySet())
                .containsExactly(
                        "outcome=refused problem=about:blank resolver=none status=418",
                        "outcome=refused problem=other resolver=none status=418",
                        "outcome=refused problem=urn:example:full resolver=none status=418");
    }

    @Test
    void aResolverThatNamesItselfAnewEachTimeDoesNotMakeMetersWithoutEnd() {
        for (int i = 0; i < 3 * TenancyMetrics.MOST_COUNTERS; i++) {
            metrics.admitted(identity("resolver-" + i));
        }
        metrics.admitted(identity("resolver-0"));
        metrics.refused(identity("new"), Problem.suspended());

        Map<String, Double> counts = counts(TenancyMetrics.REQUESTS);
        assertThat(counts).hasSize(TenancyMetrics.MOST_COUNTERS + 2);
        assertThat(counts)
                .containsEntry("outcome=admitted problem=none resolver=resolver-0 status=none", 2.0)
                .containsEntry("outcome=admitted problem=none resolver=resolver-499 status=none", 1.0)
                .containsEntry("outcome=admitted problem=other resolver=other status=none", 1000.0)
                .containsEntry("outcome=refused problem=other resolver=other status=403", 1.0);
    }

    @Test
    void manyThreadsCountExactly() throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(8);
        CyclicBarrier start = new CyclicBarrier(8);
        List<CompletableFuture<Void>> all = IntStream.range(0, 8)
                .mapToObj(thread -> CompletableFuture.runAsync(
                        () -> {
                            await(start);
                            for (int i = 0; i < 10_000; i++) {
                                metrics.admitted(identity("resolver-" + i % 10));
                            }
                        },
                        pool))
                .toList();
        all.forEach(CompletableFuture::join);
        pool.shutdownNow();

        assertThat(counts(TenancyMetrics.REQUESTS).values()).hasSize(10).containsOnly(8000.0);
    }

    private static void await(CyclicBarrier barrier) {
        try {
            barrier.await(60, TimeUnit.SECONDS);
        } catch (Exception broken) {
            throw new AssertionError(broken);
        }
    }

    private Map<String, Double> counts(String name) {
        Map<String, Double> counts = new TreeMap<>();
        registry.find(name).counters().forEach(counter -> counts.put(tags(counter.getId()), counter.count()));
        return counts;
    }

    private static String tags(Meter.Id id) {
        return String.join(
                " ",
                id.getTags().stream()
                        .map(tag -> tag.getKey() + "=" + tag.getValue())
                        .toList());
    }

    private static TenantIdentity identity(String resolver) {
        return TenantIdentity.of(TenantId.of("acme"), resolver);
    }

    private static Problem problem(String type) {
        return new Problem(URI.create(type), 418, "title", "detail", Map.of());
    }
}
