package dev.tenancy.frameworks;

import static dev.tenancy.frameworks.JooqProjects.DETAILS;
import static dev.tenancy.frameworks.JooqProjects.DUE;
import static dev.tenancy.frameworks.JooqProjects.ID;
import static dev.tenancy.frameworks.JooqProjects.NAME;
import static dev.tenancy.frameworks.JooqProjects.PROJECTS;
import static dev.tenancy.frameworks.JooqProjects.REFERENCE;
import static dev.tenancy.frameworks.JooqProjects.TAGS;
import static dev.tenancy.frameworks.JooqProjects.TENANT_ID;
import static dev.tenancy.frameworks.JooqProjects.VERSION;
import static dev.tenancy.frameworks.JooqProjects.insert;
import static dev.tenancy.frameworks.JooqProjects.names;
import static dev.tenancy.frameworks.Tenants.A;
import static dev.tenancy.frameworks.Tenants.B;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.jooq.impl.DSL.function;

import dev.tenancy.TenantContext;
import java.sql.CallableStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jooq.Cursor;
import org.jooq.DSLContext;
import org.jooq.JSONB;
import org.jooq.Record;
import org.jooq.SQLDialect;
import org.jooq.conf.Settings;
import org.jooq.exception.DataAccessException;
import org.jooq.impl.DSL;
import org.jooq.impl.SQLDataType;
import org.junit.jupiter.api.Test;

/** What jOOQ does, it does for the current tenant. */
class JooqIT extends FrameworkIT {
    private final DSLContext jooq = DSL.using(source, SQLDialect.POSTGRES);

    JooqIT(Setup setup) {
        super(setup);
    }

    @Test
    void eachTenantReadsItsOwnRows() {
        assertThat(TenantContext.call(A, () -> names(jooq))).containsExactly("of A");
        assertThat(TenantContext.call(B, () -> names(jooq))).containsExactly("of B");
        assertThat(names(DSL.using(source.withoutTenant(), SQLDialect.POSTGRES)))
                .isEmpty();
    }

    @Test
    void withoutATenantThereIsNoConnection() {
        assertThat(catchThrowableOfType(DataAccessException.class, () -> names(jooq))
                        .sqlState())
                .isEqualTo("28000");
        assertState("28000", () -> jooq.transaction(inside -> insert(inside.dsl(), "of nobody")));
    }

    @Test
    void aStatementOutsideATransactionIsStoredIfThePoolIsInAutoCommit() throws SQLException {
        TenantContext.run(B, () -> insert(jooq, "by B"));

        assertThat(database.projects())
                .isEqualTo(
                        setup.autoCommit()
                                ? List.of("tenant-a: of A", "tenant-b: of B", "tenant-b: by B")
                                : List.of("tenant-a: of A", "tenant-b: of B"));
    }

    @Test
    void whatAStatementReturnsIsTheTenantsRow() throws SQLException {
        TenantContext.run(
                B,
                () -> jooq.transaction(inside -> {
                    DSLContext dsl = inside.dsl();
                    Long generated = dsl.insertInto(PROJECTS, NAME)
                            .values("returned")
                            .returningResult(ID)
                            .fetchSingle(ID);
                    assertThat(generated).isEqualTo(3);
                    assertThat(dsl.update(PROJECTS)
                                    .set(NAME, NAME.concat("!"))
                                    .returningResult(NAME)
                                    .fetch(NAME))
                            .containsExactlyInAnyOrder("of B!", "returned!");
                    assertThat(dsl.insertInto(PROJECTS, ID, NAME)
                                    .values(3L, "merged")
                                    .onConflict(TENANT_ID, ID)
                                    .doUpdate()
                                    .set(NAME, "merged")
                                    .execute())
                            .isEqualTo(1);
                    assertThat(dsl.deleteFrom(PROJECTS)
                                    .where(ID.eq(1L))
                                    .returningResult(ID)
                                    .fetch())
                            .as("A's row, deleted")
                            .isEmpty();
                }));

        assertThat(database.projects()).containsExactly("tenant-a: of A", "tenant-b: of B!", "tenant-b: merged");
    }

    @Test
    void batchesAreStoredForTheTenantAndReadBackLazilyByItAlone() throws SQLException {
        TenantContext.run(
                B,
                () -> jooq.transaction(inside -> {
                    DSLContext dsl = inside.dsl();
                    dsl.batch(dsl.insertInto(PROJECTS, NAME).values((String) null))
                            .bind(IntStream.range(0, 100)
                                    .mapToObj(number -> new Object[] {"batch " + number})
                                    .toArray(Object[][]::new))
                            .execute();
                    dsl.batch(
                                    dsl.insertInto(PROJECTS, NAME).values("inlined 1"),
                                    dsl.insertInto(PROJECTS, NAME).values("inlined 2"))
                            .execute();
                }));

        assertThat(database.projects().stream().filter(project -> project.startsWith("tenant-b: ")))
                .hasSize(103);
        assertThat(TenantContext.call(B, this::countedLazily)).isEqualTo(103);
        assertThat(TenantContext.call(A, this::countedLazily)).isEqualTo(1);
    }

    /** By a cursor, which the driver uses in a transaction only. */
    private int countedLazily() {
        return jooq.transactionResult(inside -> {
            int count = 0;
            try (Cursor<?> cursor =
                    inside.dsl().select(NAME).from(PROJECTS).fetchSize(10).fetchLazy()) {
                while (cursor.hasNext()) {
                    count += cursor.fetchNext(7).size();
                }
            }
            return count;
        });
    }

    @Test
    void typesOfPostgresAreParametersAndResults() {
        UUID reference = UUID.randomUUID();
        OffsetDateTime due = OffsetDateTime.of(2026, 5, 6, 7, 8, 9, 0, ZoneOffset.UTC);
        TenantContext.run(
                B,
                () -> jooq.transaction(inside -> inside.dsl()
                        .update(PROJECTS)
                        .set(REFERENCE, reference)
                        .set(TAGS, new String[] {"x", "y"})
                        .set(DETAILS, JSONB.valueOf("{\"size\": 7}"))
                        .set(DUE, due)
                        .execute()));

        Record read = TenantContext.call(
                B,
                () -> jooq.select(REFERENCE, TAGS, DETAILS, DUE)
                        .from(PROJECTS)
                        .where(REFERENCE.eq(reference), TAGS.contains(new String[] {"y"}), DUE.eq(due))
                        .fetchSingle());
        assertThat(read.get(REFERENCE)).isEqualTo(reference);
        assertThat(read.get(TAGS)).containsExactly("x", "y");
        assertThat(read.get(DETAILS)).isEqualTo(JSONB.valueOf("{\"size\": 7}"));
        assertThat(read.get(DUE).toInstant()).isEqualTo(due.toInstant());
        assertThat(TenantContext.call(A, () -> jooq.fetchCount(PROJECTS, REFERENCE.isNotNull())))
                .isZero();
    }

    @Test
    void functionsAndProceduresWorkOnTheTenantsRows() throws SQLException {
        TenantContext.run(
                B,
                () -> jooq.transaction(inside -> {
                    DSLContext dsl = inside.dsl();
                    insert(dsl, "second of B");
                    assertThat(dsl.select(function("project_count", SQLDataType.BIGINT))
                                    .fetchSingle()
                                    .value1())
                            .isEqualTo(2);
                    dsl.connection(connection -> {
                        try (CallableStatement call = connection.prepareCall("{? = call project_count()}")) {
                            call.registerOutParameter(1, Types.BIGINT);
                            call.execute();
                            assertThat(call.getLong(1)).isEqualTo(2);
                        }
                    });
                    dsl.execute("CALL rename_projects({0})", DSL.val("renamed "));
                }));

        assertThat(database.projects())
                .containsExactly("tenant-a: of A", "tenant-b: renamed of B", "tenant-b: renamed second of B");
    }

    @Test
    void aVersionThatAnotherTransactionRaisedIsNoticed() {
        TenantContext.run(
                B,
                () -> jooq.transaction(inside -> {
                    assertThat(renamedIfVersion(inside.dsl(), 0)).isEqualTo(1);
                    assertThat(renamedIfVersion(inside.dsl(), 0)).isZero();
                    assertThat(renamedIfVersion(inside.dsl(), 1)).isEqualTo(1);
                }));
    }

    private static int renamedIfVersion(DSLContext dsl, int version) {
        return dsl.update(PROJECTS)
                .set(NAME, "renamed")
                .set(VERSION, version + 1)
                .where(VERSION.eq(version))
                .execute();
    }

    @Test
    void aLazyResultEndsWithTheTenantWhoAskedForIt() {
        TenantContext.run(
                A,
                () -> jooq.transaction(inside -> {
                    try (Cursor<?> cursor =
                            inside.dsl().select(NAME).from(PROJECTS).fetchLazy()) {
                        TenantContext.run(B, () -> assertState("28000", cursor::fetchNext));
                    }
                }));
    }

    @Test
    void aStatementThatTimesOutLeavesTheConnectionUsable() {
        DSLContext impatient = DSL.using(source, SQLDialect.POSTGRES, new Settings().withQueryTimeout(1));
        TenantContext.run(B, () -> {
            assertState("57014", () -> impatient.fetch("SELECT pg_sleep(60)"));
            assertThat(names(impatient)).containsExactly("of B");
        });
    }
}
