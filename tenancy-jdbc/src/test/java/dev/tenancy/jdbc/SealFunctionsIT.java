package dev.tenancy.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenancy.TenantId;
import dev.tenancy.TenantIdentity;
import dev.tenancy.testservers.TestPostgres;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.PGConnection;

/**
 * The server accepts what a key that it has signed, and answers everything else with nobody, and never with an error.
 */
class SealFunctionsIT {
    private static final SealKey KEY = SealKey.random("k1");
    private static final TenantIdentity ACME = TenantIdentity.builder(TenantId.of("acme"), "test")
            .readableTenants(Set.of(TenantId.of("shared"), TenantId.of("auth0|abc")))
            .build();

    @AutoClose
    private final TestPostgres.Database database = TestPostgres.newDatabase();

    private Connection owner;
    private Connection app;

    @BeforeEach
    void install() throws SQLException {
        owner = database.ownerConnection();
        app = DriverManager.getConnection(database.appUrl());
        TenantSeal.install(owner, KEY);
    }

    @AfterEach
    void close() throws SQLException {
        app.close();
        owner.close();
    }

    private String seal() throws SQLException {
        return seal(KEY, Instant.now());
    }

    private String seal(SealKey key, Instant now) throws SQLException {
        return TenantSeal.of(key).of(ACME, now, 0);
    }

    private String tenantOf(String seal) throws SQLException {
        return answer(app, "SELECT tenancy.current_tenant()", seal);
    }

    private static String answer(Connection connection, String query, String seal) throws SQLException {
        try (PreparedStatement set = connection.prepareStatement("SELECT set_config('tenancy.seal', ?, false)")) {
            set.setString(1, seal);
            set.execute();
        }
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            row.next();
            return String.valueOf(row.getString(1));
        }
    }

    @Test
    void aSealSaysWhoseItIsAndWhoMayBeRead() throws SQLException {
        assertThat(tenantOf(seal())).isEqualTo("acme");
        assertThat(answer(app, "SELECT tenancy.readable_tenants()", seal())).isEqualTo("{acme,auth0|abc,shared}");
        assertThat(answer(app, "SELECT tenancy.require_tenant() IS NULL", seal()))
                .isEqualTo("f");
    }

    /** The whole alphabet of a tenant's id passes, and none of it is read as the end of a field. */
    @Test
    void everyTenantThatThereCanBeIsItself() throws SQLException {
        String all = "aA0._:@/+=~-|";
        for (String id : List.of(all, "auth0|abc", "a".repeat(128))) {
            TenantIdentity identity = TenantIdentity.of(TenantId.of(id), "test");

            assertThat(tenantOf(TenantSeal.of(KEY).of(identity, Instant.now(), 0)))
                    .isEqualTo(id);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ";",
                "ts1",
                "acme",
                "ts1;k1;99999999999;;acme;;",
                "ts1;k1;;;acme;;0000000000000000000000000000000000000000000000000000000000000000",
                "ts1;k1;99999999999;;acme;;0000000000000000000000000000000000000000000000000000000000000000",
                "ts1;nobodys;99999999999;;acme;;0000000000000000000000000000000000000000000000000000000000000000",
                "ts1;;99999999999;;acme;;0000000000000000000000000000000000000000000000000000000000000000",
                "ts1;k1;x;y;acme;;0000000000000000000000000000000000000000000000000000000000000000",
                "\\x00\\y\\;k1;\\;\\;\\;\\0000000000000000000000000000000000000000000000000000000000000000",
                "ä€😀;k1;😀;;acme;;😀00000000000000000000000000000000000000000000000000000000000000",
                "0000000000000000000000000000000000000000000000000000000000000000"
            })
    void whatIsNoSealIsNobodys(String text) throws SQLException {
        assertNobodys(text);
    }

    private void assertNobodys(String seal) throws SQLException {
        assertThat(tenantOf(seal)).as(seal).isEqualTo("null");
        assertThat(answer(app, "SELECT tenancy.readable_tenants()", seal)).isEqualTo("null");
        assertThatThrownBy(() -> answer(app, "SELECT tenancy.require_tenant()", seal))
                .isInstanceOfSatisfying(
                        SQLException.class,
                        fault -> assertThat(fault.getSQLState()).isEqualTo("TS001"))
                .hasMessageContaining("the seal of the tenant is not accepted")
                .satisfies(fault -> assertThat(fault.getMessage()).doesNotContain("acme"));
    }

    @Test
    void aSessionThatWasNeverToldIsNobodys() throws SQLException {
        try (Statement statement = app.createStatement();
                ResultSet row = statement.executeQuery("SELECT tenancy.current_tenant(), tenancy.readable_tenants()")) {
            row.next();
            assertThat(row.getString(1)).isNull();
            assertThat(row.getString(2)).isNull();
        }
    }

    @Test
    void aSealThatIsTooLongIsNotEvenHashed() throws SQLException {
        String signed = "ts1;k1;99999999999;;acme;" + ",b".repeat(8_000) + ";";

        assertNobodys(signed + KEY.sign(signed));
    }

    @Test
    void aSealExpiresByTheServersClockAlsoInATransactionThatBeganBefore() throws SQLException {
        assertNobodys(seal(KEY, Instant.now().minus(Duration.ofMinutes(6))));

        String shortLived = TenantSeal.of(KEY).of(ACME, Instant.now().minusSeconds(299), 0);
        app.setAutoCommit(false);
        String tenant = tenantOf(shortLived);
        while (!tenant.equals("null")) {
            tenant = tenantOf(shortLived);
        }
        app.rollback();
    }

    @Test
    void aSealOfASessionIsNobodysInAnother() throws SQLException {
        TenantSeal bound = TenantSeal.builder(KEY).boundToSession().build();
        int pid = app.unwrap(PGConnection.class).getBackendPID();

        assertThat(tenantOf(bound.of(ACME, Instant.now(), pid))).isEqualTo("acme");
        assertNobodys(bound.of(ACME, Instant.now(), pid + 1));
    }

    @Test
    void noChangeOfASealIsAccepted() throws SQLException {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        List<String> changed = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            changed.add(mutated(seal(), random));
        }

        try (PreparedStatement ask = app.prepareStatement(
                "SELECT set_config('tenancy.seal', ?, false)" + " <> '' AND tenancy.current_tenant() IS NOT NULL")) {
            for (String each : changed) {
                ask.setString(1, each);
                try (ResultSet row = ask.executeQuery()) {
                    row.next();
                    assertThat(row.getBoolean(1)).as("seed %s: %s", seed, each).isFalse();
                }
            }
        }
    }

    private static String mutated(String seal, SplittableRandom random) {
        String mutated = seal;
        while (mutated.equals(seal)) {
            int at = random.nextInt(seal.length());
            mutated = switch (random.nextInt(8)) {
                case 0 -> seal.substring(0, at) + seal.substring(at + 1);
                case 1 -> seal.substring(0, at) + (char) (' ' + random.nextInt(95)) + seal.substring(at);
                case 2 -> seal.substring(0, at) + (char) (' ' + random.nextInt(95)) + seal.substring(at + 1);
                case 3 -> seal.substring(0, at);
                case 4 -> seal.substring(at);
                case 5 -> seal.substring(0, at) + seal.substring(at).toUpperCase(Locale.ROOT);
                case 6 -> seal + seal.substring(at);
                default ->
                    seal.substring(0, at)
                            + seal.substring(random.nextInt(seal.length()))
                            + seal.substring(Math.min(seal.length(), at + random.nextInt(9)));
            };
        }
        return mutated;
    }

    @Test
    void aKeyIsChangedWithoutAnybodyNoticingAndTheOldOneIsAcceptedNoMore() throws SQLException {
        SealKey next = SealKey.random("k2");
        String old = seal();
        TenantSeal.install(owner, KEY, next);
        TenantSeal.install(owner, next);

        assertThat(tenantOf(old)).isEqualTo("acme");
        assertThat(tenantOf(seal(next, Instant.now()))).isEqualTo("acme");
        assertThat(TenantSeal.dropKey(owner, "k1")).isTrue();
        assertThat(TenantSeal.dropKey(owner, "k1")).isFalse();
        assertNobodys(old);
        assertThat(tenantOf(seal(next, Instant.now()))).isEqualTo("acme");
    }

    @Test
    void aKeyOfTheSameIdWithAnotherSecretIsRefusedAndChangesNothing() throws SQLException {
        assertThatThrownBy(() -> TenantSeal.install(owner, SealKey.random("k1")))
                .isInstanceOfSatisfying(
                        SQLException.class,
                        fault -> assertThat(fault.getSQLState()).isEqualTo("23505"));

        assertThat(tenantOf(seal())).isEqualTo("acme");
        assertNobodys(seal(SealKey.random("k1"), Instant.now()));
    }

    @Test
    void withoutKeysEverybodyIsNobody() throws SQLException {
        TenantSeal.dropKey(owner, "k1");

        assertNobodys(seal());
    }

    @Test
    void theTextForAMigrationDoesWhatInstallDoes() throws SQLException {
        TestPostgres.Database other = TestPostgres.newDatabase();
        other.asOwner(TenantSeal.sql());
        other.asOwner(TenantSeal.sql());

        try (Connection connection = DriverManager.getConnection(other.appUrl())) {
            assertThat(answer(connection, "SELECT tenancy.current_tenant()", seal()))
                    .isEqualTo("null");
        }
    }

    @Test
    void theApplicationSeesNoKeyAndMakesNone() {
        for (String sql : List.of(
                "SELECT * FROM tenancy.seal_key",
                "INSERT INTO tenancy.seal_key SELECT 'mine', repeat('a', 64)::bytea, repeat('a', 64)::bytea",
                "DELETE FROM tenancy.seal_key",
                "CREATE FUNCTION tenancy.mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
                "CREATE OR REPLACE FUNCTION tenancy.current_tenant() RETURNS text LANGUAGE sql AS $$SELECT 'b'$$",
                "ALTER FUNCTION tenancy.current_tenant() SECURITY INVOKER",
                "DROP FUNCTION tenancy.current_tenant()",
                "ALTER TABLE tenancy.seal_key OWNER TO current_user",
                "COPY tenancy.seal_key TO STDOUT")) {
            assertThatThrownBy(() -> {
                        try (Statement statement = app.createStatement()) {
                            statement.execute(sql);
                        }
                    })
                    .as(sql)
                    .isInstanceOfSatisfying(
                            SQLException.class,
                            fault -> assertThat(fault.getSQLState()).isEqualTo("42501"));
        }
    }

    @Test
    void aSchemaThatSomebodyElseMadeGetsNoKey() {
        TestPostgres.Database other = TestPostgres.newDatabase();
        other.asSuperuser(
                "CREATE SCHEMA tenancy",
                "CREATE TABLE tenancy.seal_key (id text PRIMARY KEY, inner_pad bytea, outer_pad bytea)",
                "ALTER TABLE tenancy.seal_key OWNER TO " + other.app(),
                "GRANT ALL ON SCHEMA tenancy TO " + other.owner());

        assertThatThrownBy(() -> {
                    try (Connection connection = other.ownerConnection()) {
                        TenantSeal.install(connection, KEY);
                    }
                })
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("belongs to another role");
    }

    @Test
    void whatACallerPutsInItsWayIsNotFound() throws SQLException {
        try (Statement statement = app.createStatement()) {
            for (String sql : List.of(
                    "CREATE FUNCTION pg_temp.sha256(bytea) RETURNS bytea LANGUAGE sql AS 'SELECT NULL::bytea'",
                    "CREATE FUNCTION pg_temp.current_setting(text, boolean) RETURNS text LANGUAGE sql AS"
                            + " $$SELECT 'acme'$$",
                    "CREATE TEMP TABLE seal_key (id text, inner_pad bytea, outer_pad bytea)",
                    "INSERT INTO pg_temp.seal_key VALUES ('k1', '', '')",
                    "SET search_path = pg_temp, tenancy, pg_catalog")) {
                statement.execute(sql);
            }
        }

        assertNobodys("ts1;k1;99999999999;;acme;;" + KEY.sign("anything"));
        assertThat(tenantOf(seal())).isEqualTo("acme");
    }
}
