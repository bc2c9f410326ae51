package dev.tenancy.example.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.metrics.IMetricsTracker;
import dev.tenancy.testservers.CuttableProxy;
import dev.tenancy.testservers.TestPostgres;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.postgresql.ds.PGSimpleDataSource;

/** Who waits for a connection, and who does not. */
@Timeout(value = 1, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PoolIT {
    private static final TestPostgres.Database DATABASE = TestPostgres.newDatabase();
    private static final Duration FOR_EVER = Duration.ofDays(1);

    private final CountDownLatch twoLooks = new CountDownLatch(2);

    @Test
    void aDatabaseThatIsGoneIsNotWaitedFor() throws Exception {
        try (CuttableProxy proxy = CuttableProxy.to(DATABASE.address());
                Pool pool = poolOfOne(proxy.port(), FOR_EVER)) {
            try (Connection connection = pool.getConnection();
                    Statement statement = connection.createStatement()) {
                proxy.cut();
                assertThatThrownBy(() -> statement.execute("SELECT 1")).isInstanceOf(SQLException.class);
            }

            assertThatThrownBy(pool::getConnection).isInstanceOf(SQLException.class);
            assertThatThrownBy(pool::getConnection).isInstanceOf(SQLException.class);

            proxy.restore();
            try (Connection connection = pool.getConnection()) {
                assertThat(connection.isValid(1)).isTrue();
            }
        }
    }

    @Test
    void aBusyDatabaseIsWaitedFor() throws Exception {
        ExecutorService waiter = Executors.newSingleThreadExecutor();
        try (Pool pool = poolOfOne(DATABASE.address().getPort(), FOR_EVER)) {
            Future<Boolean> served;
            try (Connection busy = pool.getConnection()) {
                assertThat(busy.isClosed()).isFalse();
                served = waiter.submit(() -> {
                    try (Connection connection = pool.getConnection()) {
                        return connection.isValid(1);
                    }
                });
                twoLooks.await();
            }

            assertThat(served.get()).isTrue();
        } finally {
            waiter.shutdownNow();
        }
    }

    @Test
    void nobodyWaitsForLongerThanIsSaid() throws Exception {
        try (Pool pool = poolOfOne(DATABASE.address().getPort(), Duration.ofMillis(1));
                Connection busy = pool.getConnection()) {
            assertThatThrownBy(pool::getConnection).isInstanceOf(SQLException.class);
            assertThat(busy.isValid(1)).isTrue();
        }
    }

    private Pool poolOfOne(int port, Duration longestWait) {
        String url =
                "jdbc:postgresql://127.0.0.1:" + port + "/" + DATABASE.name() + "?password=test&user=" + DATABASE.app();
        PGSimpleDataSource plain = new PGSimpleDataSource();
        plain.setUrl(url);
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setMaximumPoolSize(1);
        config.setMetricsTrackerFactory((name, stats) -> new IMetricsTracker() {
            @Override
            public void recordConnectionTimeout() {
                twoLooks.countDown();
            }
        });
        return new Pool(config, plain, longestWait);
    }
}
