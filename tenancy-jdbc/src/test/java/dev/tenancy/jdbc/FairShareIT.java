package dev.tenancy.jdbc;

import static dev.tenancy.jdbc.NotesDatabase.visibleOn;
import static dev.tenancy.jdbc.NotesDatabase.visibleTo;
import static dev.tenancy.jdbc.Tenants.A;
import static dev.tenancy.jdbc.Tenants.B;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.tenancy.TenantContext;
import dev.tenancy.TenantIdentity;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** No tenant takes all connections of a pool, and what a tenant gave back in whatever way it may have again. */
@ParameterizedClass
@EnumSource(Way.class)
class FairShareIT {
    private static final int SHARE = 2;

    private final Way way;
    private final List<TenantIdentity> refused = new ArrayList<>();

    @AutoClose
    private NotesDatabase notes;

    private HikariDataSource pool;
    private TenantDataSource source;

    FairShareIT(Way way) {
        this.way = way;
    }

    @BeforeEach
    void makePool() throws SQLException {
        notes = new NotesDatabase();
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(notes.database().appUrl());
        config.setMaximumPoolSize(3);
        pool = new HikariDataSource(config);
        source = wrapped(Duration.ZERO);
    }

    @AfterEach
    void close() {
        source.close();
    }

    private TenantDataSource wrapped(Duration wait) {
        return TenantDataSource.builder(pool)
                .binding(way.binding())
                .connectionsPerTenant(SHARE, wait)
                .listener(new TenantDataSourceListener() {
                    @Override
                    public void overShare(TenantIdentity identity) {
                        refused.add(identity);
                    }
                })
                .build();
    }

    @Test
    void aTenantThatHoldsItsShareIsRefusedAndOthersAreServed() throws SQLException {
        TenantContext.run(A, () -> {
            try (Connection first = source.getConnection();
                    Connection second = source.getConnection()) {
                assertRefused();
                assertThat(visibleTo(source, B)).isEmpty();
                try (Connection nobody = source.withoutTenant().getConnection()) {
                    assertThat(visibleOn(nobody)).isEmpty();
                }
                assertThat(visibleOn(first)).isEqualTo(visibleOn(second));
            }
        });
        assertThat(refused).containsExactly(A);
        assertWholeShareIsFree();
    }

    @Test
    void whoWaitsIsServedWhenTheTenantGivesOneBack() throws Exception {
        TenantDataSource patient = wrapped(Duration.ofMinutes(5));
        FutureTask<List<String>> waiter = new FutureTask<>(() -> visibleTo(patient, A));
        Thread thread = new Thread(waiter);
        TenantContext.run(A, () -> {
            try (Connection first = patient.getConnection();
                    Connection second = patient.getConnection()) {
                assertThat(List.of(first, second)).hasSize(SHARE);
                thread.start();
                while (thread.getState() != Thread.State.TIMED_WAITING) {
                    Thread.onSpinWait();
                }
                assertThat(visibleTo(patient, B)).isEmpty();
            }
        });

        assertThat(waiter.get()).isEmpty();
        assertThat(refused).isEmpty();
    }

    @Test
    void twoDataSourcesOfOnePoolCountTogetherIfOneIsMadeOfTheOther() throws SQLException {
        TenantContext.run(A, () -> {
            try (Connection first = source.getConnection();
                    Connection second = source.untrusted().getConnection()) {
                assertThat(List.of(first, second)).hasSize(SHARE);
                assertRefused();
                assertThatThrownBy(source.untrusted()::getConnection).isInstanceOf(SQLTransientException.class);
            }
        });
        assertWholeShareIsFree();
    }

    @Test
    void aConnectionThatIsClosedTwiceComesBackOnce() throws SQLException {
        TenantContext.run(A, () -> {
            Connection first = source.getConnection();
            Connection second = source.getConnection();
            first.close();
            first.close();
            first.abort(Runnable::run);
            try (Connection third = source.getConnection()) {
                assertThat(third.isClosed()).isFalse();
                assertRefused();
            }
            second.close();
        });
        assertWholeShareIsFree();
    }

    @Test
    void anAbortedConnectionComesBackOnceToo() throws SQLException {
        TenantContext.run(A, () -> {
            Connection first = source.getConnection();
            Connection second = source.getConnection();
            first.abort(Runnable::run);
            first.close();
            try (Connection third = source.getConnection()) {
                assertThat(third.isClosed()).isFalse();
                assertRefused();
            }
            second.close();
        });
        assertWholeShareIsFree();
    }

    @Test
    void aBorrowThatFailsHoldsNothing() throws SQLException {
        String function = "FUNCTION pg_catalog.set_config(text, text, boolean)";
        notes.database().asSuperuser("REVOKE EXECUTE ON " + function + " FROM PUBLIC");
        try {
            for (int i = 0; i < 2 * SHARE; i++) {
                TenantContext.run(
                        A,
                        () -> assertThatThrownBy(() -> {
                                    try (Connection connection = source.getConnection();
                                            Statement statement = connection.createStatement()) {
                                        statement.execute("CALL nothing()");
                                    }
                                })
                                .isInstanceOfSatisfying(
                                        SQLException.class,
                                        failure -> assertThat(failure.getSQLState())
                                                .isEqualTo("08006")));
            }
        } finally {
            notes.database().asSuperuser("GRANT EXECUTE ON " + function + " TO PUBLIC");
        }
        assertWholeShareIsFree();
    }

    @Test
    void aConnectionThatCannotBeCleanedHoldsNothing() throws SQLException {
        for (int i = 0; i < 2 * SHARE; i++) {
            TenantContext.run(A, () -> {
                try (Connection connection = source.getConnection();
                        Statement statement = connection.createStatement()) {
                    statement.execute("CREATE TEMP TABLE left_here (x int)");
                }
            });
        }
        assertWholeShareIsFree();
    }

    @Test
    void aSessionThatIsReplacedWhileItIsHeldCountsOnce() throws SQLException {
        try (TenantDataSource ofOne = TenantDataSource.builder(notes.poolOfOne(true))
                .binding(way.binding())
                .connectionsPerTenant(1, Duration.ZERO)
                .build()) {
            for (int i = 0; i < 3; i++) {
                TenantContext.run(A, () -> {
                    try (Connection connection = ofOne.getConnection();
                            Statement statement = connection.createStatement()) {
                        statement.execute("SELECT 1 AS x INTO TEMP left_here");
                    }
                });
                TenantContext.run(B, () -> {
                    try (Connection connection = ofOne.getConnection()) {
                        assertThat(visibleOn(connection)).isEmpty();
                        assertThatThrownBy(ofOne::getConnection).isInstanceOf(SQLTransientException.class);
                    }
                });
            }
        }
    }

    @Test
    void aPoolThatHasNoneLeavesTheShareUntouched() throws SQLException {
        pool.close();
        for (int i = 0; i < 2 * SHARE; i++) {
            TenantContext.run(
                    A,
                    () -> assertThatThrownBy(source::getConnection)
                            .isInstanceOf(SQLException.class)
                            .isNotInstanceOf(SQLTransientException.class));
        }
        assertThat(refused).isEmpty();
    }

    private void assertWholeShareIsFree() throws SQLException {
        TenantContext.run(A, () -> {
            try (Connection first = source.getConnection();
                    Connection second = source.getConnection()) {
                assertThat(visibleOn(first)).isEqualTo(visibleOn(second));
                assertRefused();
            }
        });
    }

    private void assertRefused() {
        assertThatThrownBy(source::getConnection)
                .isInstanceOfSatisfying(
                        SQLTransientException.class,
                        failure -> assertThat(failure.getSQLState()).isEqualTo("53300"));
    }

    @Test
    void aShareIsGivenBackWhateverKeptThePoolFromLending() throws SQLException {
        DataSource broken = (DataSource) Proxy.newProxyInstance(
                DataSource.class.getClassLoader(), new Class<?>[] {DataSource.class}, (proxy, method, arguments) -> {
                    throw new NoClassDefFoundError("a class of the pool");
                });
        TenantDataSource limited = TenantDataSource.builder(broken)
                .binding(way.binding())
                .connectionsPerTenant(1, Duration.ZERO)
                .build();

        TenantContext.run(A, () -> {
            for (int i = 0; i < 3; i++) {
                assertThatThrownBy(limited::getConnection).isInstanceOf(NoClassDefFoundError.class);
            }
        });
    }
}
