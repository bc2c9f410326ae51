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

/** Whatever A set in the only session of a pool, B finds it as the pool had it. */
@ParameterizedClass(name = "{0}, autoCommit={1}")
@CsvSource({"SESSION, false", "TRANSACTION, true", "TRANSACTION, false"})
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class PoisonedSettingsIT {
    private static HostDatabase database;

    private final Way way;
    private final boolean autoCommit;

    PoisonedSettingsIT(Way way, boolean autoCommit) {
        this.way = way;
        this.autoCommit = autoCommit;
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
    @MethodSource("dev.tenancy.jdbc.poison.SettingPoisons#all")
    void theNextTenantIsOnItsOwn(Poison poison) throws SQLException {
        new Ambush(database, way.binding(), autoCommit, 5).holds(poison);
    }
}
