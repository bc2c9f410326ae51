package dev.tenancy.jdbc.poison;

import dev.tenancy.jdbc.Way;
import java.sql.SQLException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever A left in the only session of a pool, B finds a session as if nobody had been there. */
@ParameterizedClass(name = "{0}, autoCommit={1}, prepareThreshold={2}")
@CsvSource({
    "SESSION, true, 5",
    "SESSION, false, 1",
    "TRANSACTION, true, 5",
    "TRANSACTION, true, 1",
    "TRANSACTION, false, 5"
})
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class PoisonedSessionIT {
    private static HostDatabase database;

    private final Way way;
    private final boolean autoCommit;
    private final int prepareThreshold;

    PoisonedSessionIT(Way way, boolean autoCommit, int prepareThreshold) {
        this.way = way;
        this.autoCommit = autoCommit;
        this.prepareThreshold = prepareThreshold;
    }

    @BeforeAll
    static void makeDatabase() throws SQLException {
        database = new HostDatabase();
    }

    @AfterAll
    static void closeDatabase() throws SQLException {
        database.close();
    }

    @ParameterizedTest
    @MethodSource("dev.tenancy.jdbc.poison.Poison#all")
    void theNextTenantIsOnItsOwn(Poison poison) throws SQLException {
        new Ambush(database, way.binding(), autoCommit, prepareThreshold).holds(poison);
    }
}
