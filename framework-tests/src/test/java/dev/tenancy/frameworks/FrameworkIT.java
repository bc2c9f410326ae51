package dev.tenancy.frameworks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.zaxxer.hikari.HikariDataSource;
import dev.tenancy.jdbc.TenantDataSource;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Tests of a framework on a pool of one connection, run for every {@link Setup}. */
@ParameterizedClass(name = "{0}")
@MethodSource("dev.tenancy.frameworks.Setup#all")
abstract class FrameworkIT {
    final Setup setup;
    final ProjectsDatabase database;
    final HikariDataSource pool;
    final TenantDataSource source;

    FrameworkIT(Setup setup) {
        this.setup = setup;
        this.database = ProjectsDatabase.INSTANCE;
        this.pool = database.poolOfOne(setup.autoCommit());
        this.source = TenantDataSource.wrap(pool, setup.binding());
    }

    @BeforeEach
    void storeOneProjectOfEach() throws SQLException {
        database.reset();
    }

    /** The promise that every test ends with: the framework gave back what it took, and nothing of it stays. */
    @AfterEach
    void theConnectionIsGivenBackAsItWasAndServesNobody() throws SQLException {
        try (source) {
            assertThat(pool.getHikariPoolMXBean().getActiveConnections())
                    .as("connections that the framework kept")
                    .isZero();
            try (Connection raw = pool.getConnection()) {
                assertThat(raw.getAutoCommit()).isEqualTo(setup.autoCommit());
                servesNobody(raw);
            }
        }
    }

    private static void servesNobody(Connection raw) throws SQLException {
        try (Statement statement = raw.createStatement();
                ResultSet row = statement.executeQuery("""
                        SELECT (SELECT count(*) FROM projects) AS visible, * FROM
                            current_setting('transaction_isolation') AS isolation,
                            current_setting('transaction_read_only') AS read_only,
                            current_setting('statement_timeout') AS timeout
                        """)) {
            row.next();
            assertThat(row.getLong("visible")).as("rows that nobody sees").isZero();
            assertThat(row.getString("isolation")).isEqualTo("read committed");
            assertThat(row.getString("read_only")).isEqualTo("off");
            assertThat(row.getString("timeout")).isEqualTo("0");
        }
    }

    /** Whatever the framework makes of it, the cause is the database's or the library's error with {@code state}. */
    static void assertState(String state, ThrowingCallable call) {
        Throwable thrown = catchThrowable(call);
        assertThat(thrown).as("what was thrown").isNotNull();
        assertThat(Stream.<@Nullable Throwable>iterate(thrown, cause -> cause != null, Throwable::getCause)
                        .filter(SQLException.class::isInstance)
                        .map(cause -> ((SQLException) cause).getSQLState()))
                .as("SQLState of %s", thrown)
                .contains(state);
    }
}
