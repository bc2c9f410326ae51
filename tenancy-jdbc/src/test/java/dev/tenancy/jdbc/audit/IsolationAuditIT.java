package dev.tenancy.jdbc.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenancy.jdbc.RowLevelSecurity;
import dev.tenancy.jdbc.SealKey;
import dev.tenancy.jdbc.TenantColumn;
import dev.tenancy.jdbc.TenantSeal;
import dev.tenancy.testservers.CountingProxy;
import dev.tenancy.testservers.TestPostgres;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Locale;
import javax.sql.DataSource;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.ds.PGSimpleDataSource;

/** What an audit as a whole does; the rules are in {@link AuditRulesIT}. */
class IsolationAuditIT {
    @AutoClose
    private AuditedDatabase made;

    private TestPostgres.Database database;

    @BeforeEach
    void create() throws SQLException {
        made = AuditedDatabase.hardened();
        database = made.database();
    }

    private static DataSource source(String url) {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl(url);
        return source;
    }

    private List<Finding> findings() throws SQLException {
        return made.audit().run(source(database.superuserUrl())).findings();
    }

    @Test
    void aSchemaMadeByRowLevelSecurityIsClean() throws SQLException {
        AuditReport report = IsolationAudit.standard().run(source(database.appUrl()));

        assertThat(report.findings()).isEmpty();
        assertThat(report.isClean()).isTrue();
        assertThat(report.role()).isEqualTo(database.app());
        assertThat(report.database()).isEqualTo(database.name());
    }

    @ParameterizedTest
    @EnumSource(TenantColumn.class)
    void aSealedSchemaIsCleanForEachTypeOfColumn(TenantColumn column) throws SQLException {
        TestPostgres.Database sealed = TestPostgres.newDatabase();
        sealed.asOwner(
                "CREATE TABLE notes (id bigint NOT NULL, body text)",
                "CREATE TABLE comments (id bigint NOT NULL, note bigint)");
        try (Connection owner = sealed.ownerConnection()) {
            TenantSeal.install(owner, SealKey.random("k1"));
            for (RowLevelSecurity.Builder table : List.of(
                    RowLevelSecurity.table("notes").unique("body"),
                    RowLevelSecurity.table("comments").belongsTo("note", "notes"))) {
                table.key("id")
                        .tenantColumn(column)
                        .sealed()
                        .grantTo(sealed.app())
                        .build()
                        .apply(owner);
            }
        }
        sealed.asSuperuser(made.hardening().replace(database.name(), sealed.name()));

        assertThat(IsolationAudit.standard().run(source(sealed.appUrl())).findings())
                .isEmpty();

        sealed.asSuperuser("ALTER FUNCTION tenancy.current_tenant() SET search_path = public");
        assertThat(IsolationAudit.standard().run(source(sealed.appUrl())).findings())
                .extracting(finding -> finding.rule().id())
                .contains("seal-function-altered");
    }

    @ParameterizedTest
    @EnumSource(TenantColumn.class)
    void aSchemaWithReadableTenantsIsCleanButReadableIsNotWritable(TenantColumn column) throws SQLException {
        database.asOwner("CREATE TABLE shared (id bigint NOT NULL)");
        try (Connection owner = database.ownerConnection()) {
            RowLevelSecurity.table("shared")
                    .key("id")
                    .tenantColumn(column)
                    .readable()
                    .grantTo(database.app())
                    .build()
                    .apply(owner);
        }
        assertThat(findings()).isEmpty();

        String readable =
                columnOf("SELECT pg_get_expr(polqual, polrelid) FROM pg_policy WHERE polname = 'tenancy_readable'");
        database.asOwner("CREATE POLICY other ON shared FOR UPDATE USING (" + readable + ")");
        assertThat(findings()).extracting(finding -> finding.rule().id()).containsExactly("policy-other-setting");
    }

    @Test
    void aDatabaseAsPostgresMakesItIsNotCleanAndItsOwnScriptMakesItSo() throws SQLException {
        AuditedDatabase fresh = new AuditedDatabase();
        AuditReport report = fresh.audit().run(source(fresh.database().appUrl()));
        assertThat(report.findings())
                .extracting(finding -> finding.rule().id())
                .contains("database-temporary", "setting-activities", "function-signals", "function-large-objects");

        fresh.database().asSuperuser(report.toSql());

        assertThat(fresh.audit().run(source(fresh.database().appUrl())).findings())
                .isEmpty();
    }

    @Test
    void whoeverAsksSeesTheSame() throws SQLException {
        database.asSuperuser(
                "GRANT TRUNCATE ON notes TO " + database.app(),
                "CREATE VIEW seen AS SELECT * FROM notes",
                "GRANT SELECT ON seen TO " + database.app());
        List<Finding> seen = findings();

        assertThat(seen).hasSizeGreaterThan(1);
        assertThat(made.audit().run(source(database.appUrl())).findings()).isEqualTo(seen);
        assertThat(made.audit().run(source(database.ownerUrl())).findings()).isEqualTo(seen);
    }

    @Test
    void aSchemaOutOfReachIsNotLookedAtNorOneThatIsExcluded() throws SQLException {
        database.asOwner("CREATE SCHEMA far", "CREATE TABLE far.bare (tenant_id text)");
        assertThat(findings()).isEmpty();

        database.asOwner("GRANT USAGE ON SCHEMA far TO PUBLIC");
        assertThat(findings()).extracting(Finding::object).contains("table far.bare");

        assertThat(IsolationAudit.builder()
                        .role(database.app())
                        .exclude("far")
                        .build()
                        .run(source(database.appUrl()))
                        .findings())
                .isEmpty();
    }

    @Test
    void anotherTenantColumnCanBeLookedFor() throws SQLException {
        database.asOwner("CREATE TABLE bare (org text)");
        assertThat(findings()).isEmpty();

        assertThat(IsolationAudit.builder()
                        .role(database.app())
                        .tenantColumn("org")
                        .build()
                        .run(source(database.appUrl()))
                        .findings())
                .filteredOn(finding -> finding.object().equals("table public.bare"))
                .extracting(finding -> finding.rule().id())
                .contains("table-unprotected", "table-tenant-nullable");
    }

    @Test
    void whatSomebodyPutIntoTheSearchPathIsNotAsked() throws SQLException {
        database.asSuperuser(
                "CREATE SCHEMA trap",
                "CREATE VIEW trap.pg_roles AS SELECT * FROM pg_catalog.pg_roles WHERE false",
                "CREATE VIEW trap.pg_class AS SELECT * FROM pg_catalog.pg_class WHERE false",
                "CREATE FUNCTION trap.never(name, name) RETURNS boolean LANGUAGE sql AS 'SELECT false'",
                "CREATE OPERATOR trap.= (LEFTARG = name, RIGHTARG = name, FUNCTION = trap.never)",
                "GRANT USAGE ON SCHEMA trap TO PUBLIC",
                "GRANT TRUNCATE ON notes TO " + database.app());
        try (Connection connection = DriverManager.getConnection(database.appUrl());
                Statement statement = connection.createStatement()) {
            statement.execute("SET search_path = trap, pg_catalog; SET standard_conforming_strings = off");

            assertThat(made.audit().run(connection).findings())
                    .extracting(finding -> finding.rule().id())
                    .contains("table-grant-truncate");
            assertThat(settingsOf(statement)).isEqualTo("trap, pg_catalog off on");
            assertThat(connection.getAutoCommit()).isTrue();
        }
    }

    @Test
    void aTransactionThatIsOpenGoesOnAsItWas() throws SQLException {
        try (Connection connection = DriverManager.getConnection(database.ownerUrl());
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("SET LOCAL search_path = public, pg_catalog");
            statement.execute("ALTER TABLE notes NO FORCE ROW LEVEL SECURITY");

            assertThat(made.audit().run(connection).findings())
                    .extracting(Finding::object)
                    .containsExactly("table public.notes");
            assertThat(settingsOf(statement)).isEqualTo("public, pg_catalog on on");
            connection.commit();
        }
        assertThat(findings()).hasSize(1);
    }

    private static String settingsOf(Statement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery(
                "SELECT pg_catalog.concat_ws(' ', pg_catalog.current_setting('search_path'),"
                        + " pg_catalog.current_setting('standard_conforming_strings'), pg_catalog.current_setting('jit'))")) {
            row.next();
            return row.getString(1);
        }
    }

    @Test
    void aTenantThatWasLeftInTheSessionIsFound() throws SQLException {
        try (Connection connection = DriverManager.getConnection(database.appUrl());
                Statement statement = connection.createStatement()) {
            statement.execute("SET tenancy.tenant_id = 'acme'");

            assertThat(made.audit().run(connection).findings())
                    .extracting(Finding::object)
                    .containsExactly("setting tenancy.tenant_id");

            statement.execute("RESET tenancy.tenant_id");
            assertThat(made.audit().run(connection).isClean()).isTrue();
        }
    }

    @Test
    void nothingIsChanged() throws SQLException {
        try (Connection connection = DriverManager.getConnection(database.superuserUrl());
                Statement statement = connection.createStatement()) {
            statement.execute("SET default_transaction_read_only = on");
            assertThat(made.audit().run(connection).findings()).isEmpty();
        }
    }

    @Test
    void aRoleThatIsNotThereIsAnErrorAndNotACleanReport() {
        IsolationAudit audit = IsolationAudit.builder().role("nobody_here").build();

        assertThatThrownBy(() -> audit.run(source(database.appUrl())))
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("nobody_here")
                .extracting(failure -> ((SQLException) failure).getSQLState())
                .isEqualTo("42704");
    }

    @Test
    void enforceRefusesWithAllReasonsAndGoesOnWithLess() throws SQLException {
        database.asSuperuser("CREATE SEQUENCE numbers", "GRANT SELECT ON SEQUENCE numbers TO " + database.app());
        assertThat(made.audit().enforce(source(database.appUrl())).findings())
                .extracting(finding -> finding.rule().id())
                .containsExactly("sequence-readable");

        database.asSuperuser("GRANT TRUNCATE, TRIGGER ON notes TO " + database.app());
        assertThatThrownBy(() -> made.audit().enforce(source(database.appUrl())))
                .isInstanceOfSatisfying(IsolationException.class, refusal -> {
                    assertThat(refusal.report().findings()).hasSize(3);
                    assertThat(refusal.problem().status()).isEqualTo(503);
                })
                .hasMessageContaining("table-grant-truncate")
                .hasMessageContaining("table-grant-trigger")
                .hasMessageContaining("REVOKE TRUNCATE ON public.notes")
                .message()
                .doesNotContain("sequence-readable")
                .doesNotContain("password");

        IsolationAudit strict = IsolationAudit.builder()
                .refuseFrom(Severity.LOW)
                .allow("table-grant-truncate", "*", "x")
                .allow("table-grant-trigger", "*", "x")
                .build();
        assertThatThrownBy(() -> strict.enforce(source(database.appUrl()))).isInstanceOf(IsolationException.class);
    }

    @Test
    void theWorstComesFirst() throws SQLException {
        database.asSuperuser(
                "CREATE SEQUENCE numbers",
                "GRANT SELECT, UPDATE ON SEQUENCE numbers TO " + database.app(),
                "GRANT TRUNCATE, REFERENCES ON notes TO " + database.app());

        assertThat(findings())
                .extracting(finding -> finding.rule().severity())
                .containsExactly(Severity.CRITICAL, Severity.HIGH, Severity.MEDIUM, Severity.LOW);
    }

    @Test
    void whatIsAllowedIsReportedApartWithItsReason() throws SQLException {
        database.asSuperuser(
                "CREATE TABLE countries (code text)",
                "CREATE TABLE currencies (code text)",
                "GRANT SELECT ON countries, currencies TO " + database.app());
        AuditReport report = IsolationAudit.builder()
                .allow("table-shared", "table public.countries", "a list that is the same for everybody")
                .allow("role-superuser", "*", "in development")
                .build()
                .run(source(database.appUrl()));

        assertThat(report.allowed()).hasSize(1).first().satisfies(allowed -> {
            assertThat(allowed.finding().object()).isEqualTo("table public.countries");
            assertThat(allowed.reason()).isEqualTo("a list that is the same for everybody");
        });
        assertThat(report.findings())
                .extracting(finding -> finding.rule().id() + " " + finding.object())
                .containsExactly("table-shared table public.currencies", "allowed-nothing role-superuser on *");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "  "})
    void anEntryWithoutAReasonIsRefused(String reason) {
        IsolationAudit.Builder builder = IsolationAudit.builder();

        assertThatThrownBy(() -> builder.allow("table-shared", "*", reason))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("reason");
        assertThatThrownBy(() -> builder.allow("table-shared", reason, "why"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("object");
        assertThatThrownBy(() -> builder.allow("no-such-rule", "*", "why"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no-such-rule");
    }

    @ParameterizedTest
    @ValueSource(ints = {140_018, 150_013, 160_009, 170_005})
    void aServerWithKnownFlawsIsFound(int version) throws SQLException {
        assertThat(takenFor(version)).containsExactly("server-flaws");
    }

    @ParameterizedTest
    @ValueSource(ints = {140_019, 150_014, 160_010, 170_006})
    void aServerInWhichTheyAreMendedIsNot(int version) throws SQLException {
        assertThat(takenFor(version)).isEmpty();
    }

    @Test
    void aServerThatNobodyMendsIsFound() throws SQLException {
        assertThat(takenFor(130_022)).containsExactly("server-unsupported");
    }

    private List<String> takenFor(int version) throws SQLException {
        return IsolationAudit.builder()
                .serverVersion(version)
                .build()
                .run(source(database.appUrl()))
                .findings()
                .stream()
                .map(finding -> finding.rule().id())
                .toList();
    }

    @Test
    void aNameCannotEndALineNorACommentOfTheReport() throws SQLException {
        database.asSuperuser(
                "CREATE TABLE \"x\nDROP TABLE notes; --\u001b[2J\" (id int)",
                "GRANT SELECT ON \"x\nDROP TABLE notes; --\u001b[2J\" TO " + database.app());
        AuditReport report = made.audit().run(source(database.appUrl()));

        assertThat(report.findings()).hasSize(1);
        assertThat(report.toText()).doesNotContain("\nDROP").doesNotContain("\u001b");
        assertThat(report.toSql().lines().findFirst())
                .hasValueSatisfying(line -> assertThat(line).contains("x\uFFFDDROP"));
        assertThat(report.toJson()).contains("x\\u000aDROP").contains("\\u001b");

        database.asSuperuser(report.toSql());
        assertThat(findings()).isEmpty();
        assertThat(columnOf("SELECT count(*) FROM pg_class WHERE relname = 'notes'"))
                .isEqualTo("1");
    }

    private String columnOf(String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(database.superuserUrl());
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }

    @Test
    void aThousandTablesCostNoMoreRoundTripsThanThree() throws SQLException {
        long ofThree = roundTrips();
        database.asOwner(
                "DO $$BEGIN FOR n IN 1..1000 LOOP EXECUTE format('CREATE TABLE t%s (LIKE notes INCLUDING ALL)', n); EXECUTE format("
                        + "'ALTER TABLE t%1$s ENABLE ROW LEVEL SECURITY; ALTER TABLE t%1$s FORCE ROW LEVEL SECURITY; CREATE POLICY p ON t%1$s USING"
                        + " (tenant_id = (SELECT nullif(pg_catalog.current_setting(''tenancy.tenant_id'', true), '''')));"
                        + " GRANT SELECT, INSERT, UPDATE, DELETE ON t%1$s TO " + database.app()
                        + "', n); END LOOP; END$$");
        long begin = System.nanoTime();
        List<Finding> findings = findings();
        System.getLogger("audit")
                .log(
                        System.Logger.Level.INFO,
                        String.format(Locale.ROOT, "1,003 tables: %d ms", (System.nanoTime() - begin) / 1_000_000));

        assertThat(findings)
                .hasSize(1_000)
                .extracting(finding -> finding.rule().id())
                .containsOnly("policy-without-guard");
        assertThat(roundTrips()).isEqualTo(ofThree).isLessThan(20);
    }

    private long roundTrips() throws SQLException {
        try (CountingProxy wire = CountingProxy.to(database.address());
                Connection connection = DriverManager.getConnection(wire.url(database.appUrl()))) {
            made.audit().run(connection);
            return wire.<SQLException>roundTripsOf(() -> made.audit().run(connection));
        }
    }
}
