package dev.tenancy.jdbc.attack;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.tenancy.TenantContext;
import dev.tenancy.TenantId;
import dev.tenancy.TenantIdentity;
import dev.tenancy.jdbc.TenantDataSource;
import dev.tenancy.jdbc.TenantSeal;
import dev.tenancy.jdbc.Thoroughness;
import dev.tenancy.jdbc.Way;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;

/**
 * SQL that an attacker writes on its own tenant's connection reads, writes, counts and guesses nothing of another's.
 */
class AttackIT {
    private static final List<Attack> ATTACKS = Stream.of(
                    SettingAttacks.ALL, ObjectAttacks.ALL, RowAttacks.ALL, ServerAttacks.ALL)
            .flatMap(List::stream)
            .toList();

    /** Any two of them are met together. In each build an attack meets one in each way; {@code -Psoak} tries all. */
    private static final List<Target> BOUND_IN_SESSIONS = List.of(
            new Target(Way.SESSION, Column.TEXT, false),
            new Target(Way.SESSION, Column.UUID, true),
            new Target(Way.SESSION, Column.BIGINT, false));

    private static final List<Target> BOUND_BY_TRANSACTION = List.of(
            new Target(Way.TRANSACTION, Column.TEXT, true),
            new Target(Way.TRANSACTION, Column.UUID, false),
            new Target(Way.TRANSACTION, Column.BIGINT, true));

    record Target(Way way, Column column, boolean autoCommit) {
        private List<Attack> attacks() {
            List<Target> alternatives = way == Way.SESSION ? BOUND_IN_SESSIONS : BOUND_BY_TRANSACTION;
            return ATTACKS.stream()
                    .filter(attack ->
                            Thoroughness.oneOrAll(alternatives, attack.name()).contains(this))
                    .toList();
        }
    }

    private static final List<Logger> TOLD = Stream.of("com.zaxxer.hikari", "dev.tenancy.security")
            .map(name -> (Logger) LoggerFactory.getLogger(name))
            .toList();

    @BeforeAll
    static void beQuiet() {
        TOLD.forEach(logger -> logger.setLevel(Level.OFF));
    }

    @AfterAll
    static void beAsBefore() {
        TOLD.forEach(logger -> logger.setLevel(null));
    }

    @Test
    void thereAreManyAttacksAndNoneTwice() {
        assertThat(ATTACKS).hasSizeGreaterThanOrEqualTo(150).doesNotHaveDuplicates();
    }

    static Stream<Target> targets() {
        return Stream.of(BOUND_IN_SESSIONS, BOUND_BY_TRANSACTION).flatMap(List::stream);
    }

    @ParameterizedTest
    @MethodSource("targets")
    void noneGetsAnythingOfAnotherTenant(Target target) throws SQLException {
        assertThat(harm(target, target.attacks(), true)).isEmpty();
    }

    /** So that the attacks are known to be some, and what they get to be seen. */
    @ParameterizedTest
    @CsvSource({"SESSION", "TRANSACTION"})
    void withoutASealTheyReadAndWrite(Way way) throws SQLException {
        assertThat(String.join("\n", harm(new Target(way, Column.TEXT, true), ATTACKS, false)))
                .contains("LOOP RAISE NOTICE '%', r; END LOOP; END$$\n   shows warning (9001,b-1@of-b.example")
                .contains("WHERE id = 9002; END$$\n   changes rows of the other tenant");
    }

    private static List<String> harm(Target target, List<Attack> attacks, boolean sealed) throws SQLException {
        Column column = target.column();
        List<String> harm = new ArrayList<>();
        try (VictimDatabase victim = new VictimDatabase(column, sealed);
                HikariDataSource pool = pool(victim, target.autoCommit())) {
            TenantDataSource.Builder builder = TenantDataSource.builder(pool)
                    .binding(target.way().binding())
                    .tenantColumn(column.tenantColumn);
            TenantDataSource source = (sealed ? builder.seal(TenantSeal.of(VictimDatabase.KEY)) : builder).build();
            String before = victim.victimsRows();
            for (Attack attack : attacks) {
                String stolen = Outcome.ofVictim(run(source.untrusted(), attack, column));
                if (stolen != null) {
                    harm.add(attack + "\n   shows " + stolen);
                }
                if (!victim.victimsRows().equals(before)) {
                    harm.add(attack + "\n   changes rows of the other tenant");
                    before = victim.victimsRows();
                }
                victim.repair();
            }
            if (harm.isEmpty()) {
                assertThat(count(source, column.victim))
                        .as("what the victim sees")
                        .isEqualTo(617);
                assertThat(count(source, column.attacker))
                        .as("what the attacker sees")
                        .isEqualTo(3);
            }
        }
        return harm;
    }

    private static HikariDataSource pool(VictimDatabase victim, boolean autoCommit) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(victim.database().appUrl());
        config.setMaximumPoolSize(1);
        config.setAutoCommit(autoCommit);
        return new HikariDataSource(config);
    }

    private static TenantIdentity tenant(String id) {
        return TenantIdentity.of(TenantId.of(id), "test");
    }

    private static String run(TenantDataSource source, Attack attack, Column column) throws SQLException {
        return TenantContext.call(tenant(column.attacker), () -> {
            try (Connection connection = source.getConnection()) {
                String seen = Outcome.of(connection, attack.on(column));
                if (!connection.getAutoCommit()) {
                    connection.commit();
                }
                return seen;
            } catch (SQLException failure) {
                return "ERROR at the end " + failure.getMessage();
            }
        });
    }

    private static int count(TenantDataSource source, String tenant) throws SQLException {
        return TenantContext.call(tenant(tenant), () -> {
            try (Connection connection = source.getConnection();
                    Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery("SELECT count(*) FROM accounts")) {
                row.next();
                return row.getInt(1);
            }
        });
    }
}
