package dev.tenancy.jdbc;

import static dev.tenancy.jdbc.OffboardingDatabase.ACME;
import static dev.tenancy.jdbc.OffboardingDatabase.GLOBEX;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenancy.TenancyConfigException;
import dev.tenancy.Tenant;
import dev.tenancy.TenantCatalog;
import dev.tenancy.TenantId;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is erased, what stays, and what is refused. */
class TenantErasureIT {
    @AutoClose
    private OffboardingDatabase host;

    @BeforeEach
    void makeDatabase() throws SQLException {
        host = new OffboardingDatabase();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 1_000})
    void nothingOfTheTenantIsLeftAndAllOfTheOthers(int batchSize) throws SQLException {
        List<String> others = host.rowsOfOthersThan("acme");
        List<OffboardingProgress> told = new ArrayList<>();

        ErasureProof proof = host.offboarding()
                .batchSize(batchSize)
                .progress(told::add)
                .build()
                .erase(ACME);

        assertThat(proof.isErased()).isTrue();
        assertThat(proof.rowsLeft()).hasSize(OffboardingDatabase.TABLES.size()).containsValues(0L);
        assertThat(host.rowsOf("acme")).isEmpty();
        assertThat(host.rowsOfOthersThan("acme")).isEqualTo(others).isNotEmpty();
        assertThat(told).filteredOn(step -> !step.table().contains("ring_")).allMatch(step -> step.rows() <= batchSize);
        assertThat(told.stream()
                        .filter(step -> step.step() == OffboardingProgress.Step.DELETED)
                        .mapToLong(OffboardingProgress::rows)
                        .sum())
                .isEqualTo(OffboardingDatabase.ROWS);
    }

    @Test
    void theProofCountsWhatIsThere() throws SQLException {
        ErasureProof proof = host.offboarding().build().prove(ACME);

        assertThat(proof.isErased()).isFalse();
        assertThat(proof.rowsLeft())
                .containsEntry("\"public\".\"tasks\"", 40L)
                .containsEntry("\"public\".\"events\"", 30L)
                .containsEntry("\"public\".\"archive\"", 1L)
                .containsEntry("\"public\".\"archive_old\"", 2L)
                .containsEntry("\"elsewhere\".\"notes\"", 9L)
                .doesNotContainKey("\"public\".\"events_1\"");
        assertThat(proof.rowsLeft().values().stream().mapToLong(rows -> rows).sum())
                .isEqualTo(OffboardingDatabase.ROWS);
    }

    @Test
    void aProofThatLooksAtNoTableIsNone() {
        TenantOffboarding offboarding =
                host.offboarding().tenantColumn("tenantid").build();

        assertThatThrownBy(() -> offboarding.prove(ACME)).hasMessageContaining("no table has a column tenantid");
        assertThatThrownBy(() -> offboarding.erase(ACME)).hasMessageContaining("no table has a column tenantid");
    }

    @Test
    void erasingTwiceIsErasingOnce() throws SQLException {
        TenantOffboarding offboarding = host.offboarding().build();
        offboarding.erase(ACME);

        assertThat(offboarding.erase(ACME).isErased()).isTrue();
        assertThat(host.rowsOf("globex")).isNotEmpty();
    }

    @Test
    void anActiveTenantIsNotErased() throws SQLException {
        TenantOffboarding offboarding = host.offboarding()
                .refuseActive(TenantCatalog.of(
                        Tenant.of(ACME),
                        Tenant.builder(GLOBEX).status(Tenant.Status.SUSPENDED).build()))
                .build();

        assertThatThrownBy(() -> offboarding.erase(ACME)).hasMessageContaining("suspend it");
        assertThat(host.rowsOf("acme")).isNotEmpty();
        assertThat(offboarding.erase(GLOBEX).isErased()).isTrue();
    }

    @Test
    void idsWithEveryCharacterAreTakenToTheLetter() throws SQLException {
        String odd = "a.9._:@/+=~|-_";
        List<String> near = List.of("a.9._:@/+=~|-", "A.9._:@/+=~|-_", "a.9.x:@/+=~|-_", "a");
        host.addOf(odd);
        near.forEach(host::addOf);
        List<String> others = host.rowsOfOthersThan(odd);

        assertThat(host.offboarding().build().erase(TenantId.of(odd)).isErased())
                .isTrue();

        assertThat(host.rowsOf(odd)).isEmpty();
        assertThat(host.rowsOfOthersThan(odd)).isEqualTo(others);
    }

    @Test
    void tablesThatAreMadeMeanwhileAreErasedToo() throws SQLException {
        AtomicInteger made = new AtomicInteger();
        ErasureProof proof = host.offboarding()
                .progress(step -> {
                    if (made.getAndIncrement() == 0) {
                        host.database().asOwner("CREATE TABLE latecomers (tenant_id text)");
                        host.database().asOwner("INSERT INTO latecomers VALUES ('acme'), ('globex')");
                    }
                })
                .build()
                .erase(ACME);

        assertThat(proof.isErased()).isTrue();
        assertThat(proof.rowsLeft()).containsEntry("\"public\".\"latecomers\"", 0L);
        assertThat(host.strings("SELECT tenant_id FROM latecomers")).containsExactly("globex");
    }

    @Test
    void whatTheTenantWritesMeanwhileIsErasedToo() throws SQLException {
        AtomicInteger late = new AtomicInteger();
        ErasureProof proof = host.offboarding()
                .batchSize(10)
                .progress(step -> {
                    // After the notes are gone, and before their tasks are: one task cannot be deleted then.
                    if (step.table().contains("tasks") && late.getAndIncrement() < 3) {
                        host.database()
                                .asSuperuser("INSERT INTO elsewhere.notes SELECT 'acme', min(id), 'late' FROM tasks"
                                        + " WHERE tenant_id = 'acme' HAVING min(id) IS NOT NULL");
                    }
                })
                .build()
                .erase(ACME);

        assertThat(late.get()).isGreaterThan(2);
        assertThat(proof.isErased()).isTrue();
        assertThat(host.rowsOf("acme")).isEmpty();
    }

    @Test
    void aTenantThatNeverStopsWritingIsNotCalledErased() throws SQLException {
        AtomicInteger written = new AtomicInteger();
        ErasureProof proof = host.offboarding()
                .rounds(3)
                .progress(step -> {
                    if (step.table().contains("plain")) {
                        written.incrementAndGet();
                        host.database().asSuperuser("INSERT INTO plain (tenant_id, body) VALUES ('acme', 'again')");
                    }
                })
                .build()
                .erase(ACME);

        assertThat(proof.isErased()).isFalse();
        assertThat(proof.rowsLeft()).containsEntry("\"public\".\"plain\"", 1L);
        assertThat(written).hasValue(3);
    }

    @Test
    void aRightThatIsMissingIsNamedBeforeARowIsTouched() throws SQLException {
        host.database().asOwner("REVOKE DELETE ON plain FROM " + host.database().owner());
        List<String> before = host.rowsOf("acme");

        assertThatThrownBy(() -> host.offboarding().build().erase(ACME))
                .isInstanceOfSatisfying(
                        SQLException.class,
                        failure -> assertThat(failure.getSQLState()).isEqualTo("42501"))
                .hasMessageContaining("\"public\".\"plain\" may not be deleted from");
        assertThat(host.rowsOf("acme")).isEqualTo(before);
    }

    @Test
    void whatCannotBeReadIsNotProven() {
        host.database().asOwner("REVOKE ALL ON plain FROM " + host.database().owner());

        assertThatThrownBy(() -> host.offboarding().build().prove(ACME))
                .hasMessageContaining("\"public\".\"plain\" may not be read");
    }

    @Test
    void aPolicyThatHidesRowsOfTheTenantIsNotTakenForTheirAbsence() throws SQLException {
        host.database().asOwner("CREATE POLICY hides ON projects AS RESTRICTIVE USING (name <> 'project 3')");

        assertThatThrownBy(() -> host.offboarding().build().prove(ACME))
                .hasMessageContaining("policies of table \"public\".\"projects\"");
        assertThatThrownBy(() -> host.offboarding().build().erase(ACME))
                .hasMessageContaining("policies of table \"public\".\"projects\"");
        assertThat(host.rowsOf("acme")).isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "DROP POLICY bound ON events",
                "ALTER POLICY bound ON events USING (tenant_id = current_setting('other.tenant', true))",
                "ALTER POLICY bound ON events USING (tenant_id = current_setting('tenancy.tenant_id', true) AND at > 3)",
                "CREATE POLICY no ON events AS RESTRICTIVE FOR DELETE USING (false)",
                "CREATE POLICY no ON events AS RESTRICTIVE FOR SELECT USING (events IS NOT NULL)",
            })
    void aPolicyThatMayNotShowAllOfTheTenantIsRefused(String policy) throws SQLException {
        host.database().asOwner(policy);

        assertThatThrownBy(() -> host.offboarding().build().erase(ACME))
                .hasMessageContaining("policies of table \"public\".\"events\"");
        assertThat(host.rowsOf("acme")).hasSize(OffboardingDatabase.ROWS);
    }

    @Test
    void aPolicyForAnotherRoleChangesNothing() throws SQLException {
        host.database()
                .asOwner("CREATE POLICY no ON events AS RESTRICTIVE TO "
                        + host.database().app() + " USING (false)");

        assertThat(host.offboarding().build().erase(ACME).isErased()).isTrue();
        assertThat(host.rowsOf("acme")).isEmpty();
    }

    @Test
    void aCascadeThatCouldReachAnotherTenantIsRefusedByName() throws SQLException {
        host.database()
                .asOwner(
                        "ALTER TABLE plain ADD UNIQUE (id)",
                        "CREATE TABLE stickers (tenant_id text, plain_id bigint CONSTRAINT sticks REFERENCES plain (id) ON DELETE CASCADE)");
        host.database().asSuperuser("INSERT INTO stickers SELECT 'globex', id FROM plain WHERE tenant_id = 'acme'");

        assertThatThrownBy(() -> host.offboarding().build().erase(ACME))
                .hasMessageContaining("foreign key \"sticks\" of table public.stickers");
        assertThat(host.strings("SELECT count(*) FROM stickers")).containsExactly("25");
    }

    @ParameterizedTest
    @ValueSource(strings = {"CASCADE", "SET NULL", "SET DEFAULT"})
    void anActionOnATableWithoutTenantsIsRefusedByName(String action) {
        host.database()
                .asOwner(
                        "ALTER TABLE plain ADD UNIQUE (id)",
                        "CREATE TABLE stickers (plain_id bigint CONSTRAINT sticks REFERENCES plain (id) ON DELETE "
                                + action + ")");

        assertThatThrownBy(() -> host.offboarding().build().erase(ACME))
                .hasMessageContaining("foreign key \"sticks\" of table public.stickers");
    }

    @Test
    void aReferenceWhoseEndWouldTakeTheTenantFromARowIsRefused() throws SQLException {
        host.database()
                .asOwner(
                        "CREATE TABLE stickers (tenant_id text, project bigint,"
                                + " CONSTRAINT sticks FOREIGN KEY (tenant_id, project) REFERENCES projects ON DELETE SET NULL)");

        assertThatThrownBy(() -> host.offboarding().build().erase(ACME))
                .hasMessageContaining("foreign key \"sticks\" of table public.stickers would take tenant_id");

        host.database()
                .asOwner(
                        "ALTER TABLE stickers DROP CONSTRAINT sticks",
                        "ALTER TABLE stickers ADD FOREIGN KEY (tenant_id, project) REFERENCES projects ON DELETE SET NULL (project)",
                        "INSERT INTO stickers VALUES ('acme', 1), ('globex', 1)");
        assertThat(host.offboarding().build().erase(ACME).isErased()).isTrue();
        assertThat(host.strings("SELECT stickers::text FROM stickers")).containsExactly("(globex,1)");
    }

    @Test
    void aRowOfAnotherTenantThatRefersToOneIsAnErrorAndStays() throws SQLException {
        host.database()
                .asOwner(
                        "ALTER TABLE plain ADD UNIQUE (id)",
                        "CREATE TABLE stickers (tenant_id text, plain_id bigint CONSTRAINT sticks REFERENCES plain (id))");
        host.database()
                .asSuperuser("INSERT INTO stickers SELECT 'globex', min(id) FROM plain WHERE tenant_id = 'acme'");

        assertThatThrownBy(() -> host.offboarding().rounds(2).build().erase(ACME))
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("\"public\".\"plain\"")
                .hasMessageContaining("sticks");
        assertThat(host.strings("SELECT count(*) FROM stickers")).containsExactly("1");
    }

    @Test
    void tenantsOfNumbersAreComparedAsNumbers() throws SQLException {
        host.database()
                .asOwner(
                        "CREATE TABLE numbered (tenant_id bigint)",
                        "CREATE TABLE identified (tenant_id uuid)",
                        "INSERT INTO numbered VALUES (1), (2), (11)",
                        "INSERT INTO identified VALUES ('6b1f1c36-0000-4000-8000-00000000000a'), ('6b1f1c36-0000-4000-8000-00000000000b')");
        TenantOffboarding offboarding = host.offboarding().build();

        assertThat(offboarding.erase(TenantId.of("1")).isErased()).isTrue();
        assertThat(offboarding
                        .erase(TenantId.of("6b1f1c36-0000-4000-8000-00000000000a"))
                        .isErased())
                .isTrue();
        assertThat(offboarding.erase(ACME).isErased()).isTrue();
        assertThat(offboarding.erase(TenantId.of("9223372036854775808")).isErased())
                .isTrue();

        assertThat(host.strings("SELECT tenant_id FROM numbered ORDER BY 1")).containsExactly("2", "11");
        assertThat(host.strings("SELECT tenant_id FROM identified"))
                .containsExactly("6b1f1c36-0000-4000-8000-00000000000b");
        for (String alias : List.of(
                "02",
                "0x2",
                "0b1",
                "1_1",
                "6B1F1C36-0000-4000-8000-00000000000B",
                "6b1f1c36000040008000-00000000000b")) {
            assertThatThrownBy(() -> offboarding.erase(TenantId.of(alias)))
                    .as(alias)
                    .hasMessageContaining("another spelling");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"int", "char(10)", "jsonb", "text[]"})
    void aTypeThatCannotBeComparedIsNamed(String type) {
        host.database().asOwner("CREATE TABLE oddly_typed (tenant_id " + type + ")");

        assertThatThrownBy(() -> host.offboarding().build().prove(ACME))
                .hasMessageContaining("public.oddly_typed has type");
    }

    @Test
    void aColumnThatTakesDifferentIdsForEqualIsRefused() {
        host.database()
                .asOwner(
                        "CREATE COLLATION blind (provider = icu, locale = 'und-u-ks-level2', deterministic = false)",
                        "CREATE TABLE blind (tenant_id text COLLATE blind)",
                        "INSERT INTO blind VALUES ('ACME')");

        assertThatThrownBy(() -> host.offboarding().build().erase(ACME))
                .hasMessageContaining("takes different texts for equal");
    }

    @Test
    void copiesInMaterializedViewsAreCounted() throws SQLException {
        host.database()
                .asOwner(
                        "CREATE MATERIALIZED VIEW copied AS SELECT tenant_id, body FROM plain",
                        "CREATE MATERIALIZED VIEW unmade AS SELECT tenant_id, body FROM plain WITH NO DATA");

        ErasureProof proof = host.offboarding().build().erase(ACME);

        assertThat(proof.isErased()).isFalse();
        assertThat(proof.rowsLeft())
                .containsEntry("\"public\".\"copied\"", 25L)
                .containsEntry("\"public\".\"unmade\"", 0L);
        host.database().asOwner("REFRESH MATERIALIZED VIEW copied");
        assertThat(host.offboarding().build().prove(ACME).isErased()).isTrue();
    }

    @Test
    void aLongChainIsLoosenedInBatches() throws SQLException {
        host.database()
                .asSuperuser("INSERT INTO links SELECT 'acme', n, nullif(n - 1, 99) FROM generate_series(100, 3000) n");
        List<OffboardingProgress> told = new ArrayList<>();

        assertThat(host.offboarding()
                        .batchSize(100)
                        .progress(told::add)
                        .build()
                        .erase(ACME)
                        .isErased())
                .isTrue();

        assertThat(told).filteredOn(step -> step.table().contains("links")).hasSizeLessThan(200);
        assertThat(told)
                .filteredOn(step -> step.step() == OffboardingProgress.Step.LOOSENED)
                .isNotEmpty();
    }

    @Test
    void rowsThatReferToThemselvesGoInBatches() throws SQLException {
        host.database()
                .asOwner(
                        "CREATE TABLE roots (tenant_id text NOT NULL, id int, parent int NOT NULL, PRIMARY KEY (tenant_id, id),"
                                + " FOREIGN KEY (tenant_id, parent) REFERENCES roots)",
                        "INSERT INTO roots SELECT 'acme', n, n FROM generate_series(1, 20) n");
        List<OffboardingProgress> told = new ArrayList<>();

        assertThat(host.offboarding()
                        .batchSize(5)
                        .progress(told::add)
                        .build()
                        .erase(ACME)
                        .isErased())
                .isTrue();

        assertThat(told)
                .filteredOn(step -> step.table().contains("roots"))
                .hasSize(4)
                .allMatch(step -> step.rows() == 5);
    }

    @Test
    void aTableThatIsLockedIsWaitedForNoLongerThanWasSaid() throws Exception {
        try (var holder = host.database().ownerConnection()) {
            holder.setAutoCommit(false);
            holder.createStatement().execute("LOCK TABLE plain IN ACCESS EXCLUSIVE MODE");

            assertThatThrownBy(() -> host.offboarding()
                            .rounds(2)
                            .lockTimeout(Duration.ofMillis(50))
                            .build()
                            .erase(ACME))
                    .isInstanceOfSatisfying(
                            SQLException.class,
                            failure -> assertThat(failure.getSQLState()).isEqualTo("55P03"));
        }
        assertThat(host.offboarding().build().erase(ACME).isErased()).isTrue();
    }

    @Test
    void aListenerThatFailsStopsNothing() throws SQLException {
        assertThat(host.offboarding()
                        .progress(step -> {
                            throw new IllegalStateException("of the listener");
                        })
                        .build()
                        .erase(ACME)
                        .isErased())
                .isTrue();
    }

    @Test
    void anInterruptEndsItAndAnotherCallGoesOn() throws SQLException {
        TenantOffboarding interrupted = host.offboarding()
                .batchSize(5)
                .progress(step -> Thread.currentThread().interrupt())
                .build();

        assertThatThrownBy(() -> interrupted.erase(ACME)).hasMessageContaining("interrupted");
        assertThat(Thread.interrupted()).isTrue();
        assertThat(host.rowsOf("acme")).isNotEmpty();
        assertThat(host.offboarding().build().erase(ACME).isErased()).isTrue();
    }

    @Test
    void badSettingsAreNamedAllAtOnce() {
        assertThatThrownBy(() -> host.offboarding()
                        .tenantColumn(" ")
                        .batchSize(0)
                        .rounds(0)
                        .statementTimeout(Duration.ofNanos(1))
                        .lockTimeout(Duration.ofDays(2))
                        .build())
                .isInstanceOfSatisfying(
                        TenancyConfigException.class,
                        fault -> assertThat(fault.faults()).hasSize(5));
    }
}
