package dev.tenancy.jdbc.poison;

import dev.tenancy.jdbc.Thoroughness;
import dev.tenancy.jdbc.Way;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever A left in the only session of a pool, B finds a session as if nobody had been there. In each build a poison
 * meets one pool in each way; {@code -Psoak} tries all.
 */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class PoisonedSessionIT {
    private static HostDatabase database;

    record Pool(Way way, boolean autoCommit, int prepareThreshold) {}

    private static final List<Pool> BOUND_IN_SESSIONS =
            List.of(new Pool(Way.SESSION, true, 5), new Pool(Way.SESSION, false, 1));
    private static final List<Pool> BOUND_BY_TRANSACTION = List.of(
            new Pool(Way.TRANSACTION, true, 5),
            new Pool(Way.TRANSACTION, true, 1),
            new Pool(Way.TRANSACTION, false, 5));

    @BeforeAll
    static void makeDatabase() throws SQLException {
        database = new HostDatabase();
    }

    @AfterAll
    static void closeDatabase() throws SQLException {
        database.close();
    }

    static Stream<Arguments> poisonsAndPools() {
        return Poison.all()
                .flatMap(poison -> Stream.of(BOUND_IN_SESSIONS, BOUND_BY_TRANSACTION)
                        .flatMap(pools -> Thoroughness.oneOrAll(pools, poison.name()).stream())
                        .map(pool -> Arguments.of(poison, pool)));
    }

    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("poisonsAndPools")
    void theNextTenantIsOnItsOwn(Poison poison, Pool pool) throws SQLException {
        new Ambush(database, pool.way().binding(), pool.autoCommit(), pool.prepareThreshold()).holds(poison);
    }
}
