package dev.tenancy.jdbc.torture;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import dev.tenancy.jdbc.Way;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;

/**
 * Whatever 64 tenants do on the few connections of a pool, each of them sees and writes its own rows only, and all of
 * them.
 *
 * <p>System properties: {@code tenancy.test.operations}, how much is done, in all; {@code tenancy.test.seed}, to repeat
 * what a worker did (the threads still meet each other in another order).
 */
class TortureIT {
    private static final int OPERATIONS = Integer.getInteger("tenancy.test.operations", 10_000);
    private static final long SEED = Long.getLong("tenancy.test.seed", System.nanoTime());
    private static final int COMBINATIONS = 8;
    private static final int WORKERS = 4;

    /** They would tell of each of thousands of sessions that were broken on purpose. */
    private static final List<Logger> TOLD = List.of(logger("com.zaxxer.hikari"), logger("dev.tenancy.security"));

    private static Logger logger(String name) {
        return (Logger) LoggerFactory.getLogger(name);
    }

    @BeforeAll
    static void beQuiet() {
        TOLD.forEach(logger -> logger.setLevel(Level.OFF));
    }

    @AfterAll
    static void beAsBefore() {
        TOLD.forEach(logger -> logger.setLevel(null));
    }

    @ParameterizedTest(name = "{0}, pool of {1}, autoCommit={2}")
    @CsvSource({
        "SESSION,1,true",
        "SESSION,1,false",
        "SESSION,8,true",
        "SESSION,8,false",
        "TRANSACTION,1,true",
        "TRANSACTION,1,false",
        "TRANSACTION,8,true",
        "TRANSACTION,8,false"
    })
    void everyTenantSeesAndWritesExactlyItsOwnRows(Way way, int poolSize, boolean autoCommit) throws Exception {
        try (Bench bench = new Bench(way, poolSize, autoCommit)) {
            long steps = work(bench, OPERATIONS / COMBINATIONS / WORKERS);

            assertThat(bench.database().rows()).isEqualTo(TortureDatabase.modelOf(bench.tenants()));
            assertThat(bench.database().rows())
                    .allSatisfy((tenant, rows) ->
                            assertThat(rows.values()).allMatch(body -> body.startsWith(tenant + ":")));
            assertThat(bench.database().unboundWrites())
                    .as("writes that ran for nobody, of %s steps", steps)
                    .isEqualTo(bench.writesOfNobody());
        }
    }

    private static long work(Bench bench, int operations) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(WORKERS);
        try {
            AtomicBoolean failed = new AtomicBoolean();
            List<Future<Long>> workers = new ArrayList<>();
            for (int i = 0; i < WORKERS; i++) {
                workers.add(threads.submit(new Worker(bench, SEED + i, operations, failed)));
            }
            long steps = 0;
            for (Future<Long> worker : workers) {
                steps += worker.get();
            }
            return steps;
        } finally {
            threads.shutdownNow();
        }
    }
}
