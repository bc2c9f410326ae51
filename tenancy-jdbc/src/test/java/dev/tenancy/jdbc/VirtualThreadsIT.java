package dev.tenancy.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.tenancy.TenantContext;
import dev.tenancy.TenantId;
import dev.tenancy.TenantIdentity;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Virtual threads that have one carrier: if who waits kept it, who is waited for would never come back. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class VirtualThreadsIT {
    private static final int THREADS = 200;
    private static final int TENANTS = 5;

    /** Read when the first virtual thread is made. */
    @BeforeAll
    static void haveOneCarrier() {
        assumeTrue(Runtime.version().feature() >= 21, "virtual threads need JDK 21 or newer");
        System.setProperty("jdk.virtualThreadScheduler.parallelism", "1");
        System.setProperty("jdk.virtualThreadScheduler.maxPoolSize", "1");
    }

    private static TenantDataSource source(NotesDatabase notes, Way way, int share) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(notes.database().appUrl());
        config.setMaximumPoolSize(4);
        return TenantDataSource.builder(new HikariDataSource(config))
                .binding(way.binding())
                .connectionsPerTenant(share, Duration.ofMinutes(5))
                .build();
    }

    @ParameterizedTest
    @EnumSource
    void manyAreServedAndEachStoresForItsTenant(Way way) throws Exception {
        NotesDatabase notes = new NotesDatabase();
        try (TenantDataSource source = source(notes, way, 2)) {
            ExecutorService threads = newVirtualThreadPerTaskExecutor();
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                int number = i;
                all.add(threads.submit(() -> {
                    NotesDatabase.store(source, tenant(number % TENANTS), "note " + number);
                    return null;
                }));
            }
            for (Future<?> one : all) {
                one.get();
            }
            threads.shutdown();
            for (int number = 0; number < TENANTS; number++) {
                assertThat(NotesDatabase.visibleTo(source, tenant(number))).hasSize(THREADS / TENANTS);
            }
        }
    }

    /** Each of the waiting ones is there before the one that holds the connection goes on. */
    @ParameterizedTest
    @EnumSource
    void whoWaitsForItsTenantsShareLetsOthersRun(Way way) throws Exception {
        NotesDatabase notes = new NotesDatabase();
        try (TenantDataSource source = source(notes, way, 1)) {
            CountDownLatch holds = new CountDownLatch(1);
            CountDownLatch waits = new CountDownLatch(2);
            ExecutorService threads = newVirtualThreadPerTaskExecutor();
            Future<?> holder = threads.submit(() -> {
                TenantContext.run(tenant(0), () -> {
                    try (Connection connection = source.getConnection()) {
                        holds.countDown();
                        waits.await();
                        NotesDatabase.insert(connection, "of who held it");
                    }
                });
                return null;
            });
            holds.await();
            List<Future<?>> waiting = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                String body = "of who waited, " + i;
                waiting.add(threads.submit(() -> {
                    waits.countDown();
                    NotesDatabase.store(source, tenant(0), body);
                    return null;
                }));
            }
            holder.get();
            for (Future<?> one : waiting) {
                one.get();
            }
            threads.shutdown();
            assertThat(NotesDatabase.visibleTo(source, tenant(0))).hasSize(3);
        }
    }

    private static TenantIdentity tenant(int number) {
        return TenantIdentity.of(TenantId.of("tenant-" + number), "test");
    }

    /** The JDK that compiles this does not know it. */
    private static ExecutorService newVirtualThreadPerTaskExecutor() throws ReflectiveOperationException {
        return (ExecutorService)
                Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
    }
}
