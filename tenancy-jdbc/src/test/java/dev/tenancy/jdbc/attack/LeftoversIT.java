package dev.tenancy.jdbc.attack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenancy.TenantContext;
import dev.tenancy.TenantId;
import dev.tenancy.TenantIdentity;
import dev.tenancy.jdbc.OneConnection;
import dev.tenancy.jdbc.TenantBinding;
import dev.tenancy.jdbc.TenantDataSource;
import dev.tenancy.jdbc.TenantSeal;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * What PostgreSQL shows to any SQL under one login, sealed or not: each is measured, and so is what closes it, where
 * something does. SECURITY.md says the same.
 */
class LeftoversIT {
    private VictimDatabase victim;

    @BeforeEach
    void create() throws SQLException {
        victim = new VictimDatabase(Column.TEXT, true);
    }

    @AfterEach
    void close() throws SQLException {
        victim.close();
    }

    private String seen(String... statements) throws SQLException {
        PGSimpleDataSource pool = new PGSimpleDataSource();
        pool.setUrl(victim.database().appUrl());
        TenantDataSource source = TenantDataSource.builder(pool)
                .binding(TenantBinding.transaction())
                .seal(TenantSeal.of(VictimDatabase.KEY))
                .build();
        return TenantContext.call(TenantIdentity.of(TenantId.of(Column.TEXT.attacker), "test"), () -> {
            try (Connection connection = source.untrusted().getConnection()) {
                return Outcome.of(connection, List.of(statements));
            }
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF) SELECT * FROM orders WHERE note = 'x'",
                "SELECT reltuples::int FROM pg_class WHERE relname = 'orders'"
            })
    void howManyRowsATableHasIsSeen(String sql) throws SQLException {
        assertThat(seen("SET enable_indexscan = off", "SET enable_bitmapscan = off", sql))
                .containsAnyOf("1240", "1237");
    }

    @Test
    void howLargeATableIsAndHowFarASequenceHasComeIsSeen() throws SQLException {
        victim.database().asSuperuser("SELECT setval('order_ids', 4711)");

        assertThat(seen("SELECT pg_relation_size('orders') > 8192")).contains("t ");
        assertThat(seen("SELECT last_value FROM order_ids")).contains("4711");
    }

    @Test
    void whatOtherSessionsRunIsSeenUnlessTheRoleDoesNotTellIt() throws SQLException {
        String look = "SELECT query FROM pg_stat_activity WHERE query LIKE '%' || 'OF-' || 'B-query%'"
                + " AND pid <> pg_backend_pid()";
        try (Connection ofVictim = DriverManager.getConnection(victim.database().appUrl())) {
            run(ofVictim, "SELECT 'OF-B-query'");
            assertThat(seen(look)).contains("OF-B-query");
        }

        victim.database().asSuperuser("ALTER ROLE " + victim.database().app() + " SET track_activities = off");
        try (Connection ofVictim = DriverManager.getConnection(victim.database().appUrl())) {
            run(ofVictim, "SELECT 'OF-B-query'");
            assertThat(seen(look)).doesNotContain("OF-B-query");
        }
    }

    @Test
    void largeObjectsAreEverybodysUnlessTheirFunctionsAreRevoked() throws SQLException {
        try (Connection ofVictim = DriverManager.getConnection(victim.database().appUrl())) {
            run(ofVictim, "SELECT lo_from_bytea(4711, 'OF-B')");
        }
        String look = "SELECT convert_from(lo_get(4711), 'UTF8')";
        assertThat(seen(look)).contains("OF-B");

        victim.database()
                .asSuperuser("REVOKE EXECUTE ON FUNCTION pg_catalog.lo_get(oid), pg_catalog.lo_get(oid, bigint, int),"
                        + " pg_catalog.loread(int, int), pg_catalog.lo_open(oid, int) FROM PUBLIC");
        assertThat(seen(look)).contains("permission denied").doesNotContain("OF-B");
    }

    @Test
    void otherSessionsCanBeEndedUnlessThatIsRevoked() throws SQLException {
        String end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
                + " AND datname = current_database() AND usename = current_user";
        try (Connection ofVictim = DriverManager.getConnection(victim.database().appUrl())) {
            run(ofVictim, "SELECT 1");
            assertThat(seen(end)).contains("t ");
        } catch (SQLException ended) {
            assertThat(ended.getSQLState()).isIn("57P01", "08006");
        }

        victim.database()
                .asSuperuser("REVOKE EXECUTE ON FUNCTION pg_catalog.pg_terminate_backend(int, bigint),"
                        + " pg_catalog.pg_cancel_backend(int) FROM PUBLIC");
        try (Connection ofVictim = DriverManager.getConnection(victim.database().appUrl())) {
            assertThat(seen(end)).contains("permission denied");
            run(ofVictim, "SELECT 1");
        }
    }

    @Test
    void transactionsOfOthersCanBePreparedAndEndedOnlyWhereTheServerAllowsIt() throws SQLException {
        assertThat(seen("BEGIN", "PREPARE TRANSACTION 'x'")).contains("prepared transactions are disabled");
    }

    @Test
    void literalsOfWhatTheDriverPreparedAreSeenInTheSameSessionUnlessItPreparesNothing() throws SQLException {
        assertThat(seenAfterTheVictim("")).contains("OF-B-literal").doesNotContain("OF-B-parameter");
        assertThat(seenAfterTheVictim("&prepareThreshold=0")).doesNotContain("OF-B-literal");
    }

    private String seenAfterTheVictim(String property) throws SQLException {
        try (OneConnection one = new OneConnection(victim.database().appUrl() + property)) {
            TenantDataSource source = TenantDataSource.builder(one.pool())
                    .seal(TenantSeal.of(VictimDatabase.KEY))
                    .build();
            TenantContext.run(TenantIdentity.of(TenantId.of(Column.TEXT.victim), "test"), () -> {
                try (Connection connection = source.getConnection();
                        PreparedStatement select =
                                connection.prepareStatement("SELECT FROM orders WHERE note IN ('OF-B-literal', ?)")) {
                    for (int i = 0; i < 6; i++) {
                        select.setString(1, "OF-B-parameter");
                        select.execute();
                    }
                }
            });
            return TenantContext.call(TenantIdentity.of(TenantId.of(Column.TEXT.attacker), "test"), () -> {
                try (Connection connection = source.getConnection()) {
                    return Outcome.of(connection, List.of("SELECT statement FROM pg_prepared_statements"));
                }
            });
        }
    }

    private static void run(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
