package dev.tenancy.frameworks;

import static dev.tenancy.frameworks.JooqProjects.NAME;
import static dev.tenancy.frameworks.JooqProjects.PROJECTS;
import static dev.tenancy.frameworks.JooqProjects.PROJECT_ID;
import static dev.tenancy.frameworks.JooqProjects.TASKS;
import static dev.tenancy.frameworks.JooqProjects.TENANT_ID;
import static dev.tenancy.frameworks.JooqProjects.TITLE;
import static dev.tenancy.frameworks.JooqProjects.insert;
import static dev.tenancy.frameworks.JooqProjects.names;
import static dev.tenancy.frameworks.Tenants.A;
import static dev.tenancy.frameworks.Tenants.B;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tenancy.TenantContext;
import dev.tenancy.jdbc.TenantConnection;
import java.sql.SQLException;
import org.jooq.DSLContext;
import org.jooq.SQLDialect;
import org.jooq.exception.IntegrityConstraintViolationException;
import org.jooq.impl.DSL;
import org.jooq.impl.DataSourceConnectionProvider;
import org.jooq.impl.DefaultConfiguration;
import org.jooq.impl.ThreadLocalTransactionProvider;
import org.junit.jupiter.api.Test;

/** A transaction of jOOQ's is one tenant's, whatever it goes through. */
class JooqTransactionIT extends FrameworkIT {
    private final DSLContext jooq = DSL.using(source, SQLDialect.POSTGRES);

    JooqTransactionIT(Setup setup) {
        super(setup);
    }

    @Test
    void anErrorUndoesTheTransactionAndTheNextOneIsTheTenants() throws SQLException {
        TenantContext.run(B, () -> {
            IntegrityConstraintViolationException duplicate = catchThrowableOfType(
                    IntegrityConstraintViolationException.class,
                    () -> jooq.transaction(inside -> {
                        insert(inside.dsl(), "lost");
                        insert(inside.dsl(), "of B");
                    }));
            assertThat(duplicate.sqlState()).isEqualTo("23505");
            assertThatThrownBy(() -> jooq.transaction(inside -> inside.dsl()
                            .insertInto(TASKS, PROJECT_ID, TITLE)
                            .values(1L, "planted")
                            .execute()))
                    .as("a reference to a project of A")
                    .isInstanceOf(IntegrityConstraintViolationException.class);
            assertState(
                    "42501",
                    () -> jooq.transaction(inside -> inside.dsl()
                            .insertInto(PROJECTS, TENANT_ID, NAME)
                            .values("tenant-a", "planted")
                            .execute()));
            jooq.transaction(inside -> insert(inside.dsl(), "of A"));
        });

        assertThat(database.projects()).containsExactly("tenant-a: of A", "tenant-b: of B", "tenant-b: of A");
        assertThat(database.tasks()).isEmpty();
    }

    @Test
    void aNestedTransactionIsUndoneAloneAndTheOuterOneGoesOnForTheTenant() throws SQLException {
        TenantContext.run(
                B,
                () -> jooq.transaction(outer -> {
                    assertThatThrownBy(() -> outer.dsl().transaction(inner -> {
                                insert(inner.dsl(), "lost");
                                insert(inner.dsl(), "of B");
                            }))
                            .isInstanceOf(IntegrityConstraintViolationException.class);
                    assertThat(names(outer.dsl())).containsExactly("of B");
                    outer.dsl().transaction(inner -> insert(inner.dsl(), "kept"));
                    insert(outer.dsl(), "kept too");
                }));

        assertThat(database.projects())
                .containsExactly("tenant-a: of A", "tenant-b: of B", "tenant-b: kept", "tenant-b: kept too");
    }

    @Test
    void aTransactionMaySetItsIsolationOrAccessModeFirst() {
        TenantContext.run(B, () -> {
            jooq.transaction(inside -> {
                inside.dsl().execute("SET TRANSACTION ISOLATION LEVEL SERIALIZABLE");
                assertThat(names(inside.dsl())).containsExactly("of B");
                assertThat(inside.dsl().fetchValue("SHOW transaction_isolation"))
                        .isEqualTo("serializable");
            });
            assertState(
                    "25006",
                    () -> jooq.transaction(inside -> {
                        inside.dsl().execute("SET TRANSACTION READ ONLY");
                        assertThat(names(inside.dsl())).containsExactly("of B");
                        insert(inside.dsl(), "refused");
                    }));
        });
    }

    @Test
    void whatAnotherTenantDoesInATransactionIsRefusedAndTheTransactionIsUndone() throws SQLException {
        TenantContext.run(
                A,
                () -> assertState(
                        "28000",
                        () -> jooq.transaction(inside -> {
                            insert(inside.dsl(), "by A");
                            TenantContext.run(B, () -> insert(inside.dsl(), "by B, in A's transaction"));
                        })));

        assertThat(database.projects()).containsExactly("tenant-a: of A", "tenant-b: of B");
    }

    @Test
    void aTransactionOfTheThreadIsOneTenants() throws SQLException {
        DSLContext threadBound = DSL.using(new DefaultConfiguration()
                .set(SQLDialect.POSTGRES)
                .set(new ThreadLocalTransactionProvider(new DataSourceConnectionProvider(source))));
        TenantContext.run(
                A,
                () -> threadBound.transaction(() -> {
                    insert(threadBound, "by A");
                    threadBound.connection(connection -> assertThat(
                                    connection.unwrap(TenantConnection.class).identity())
                            .contains(A));
                    TenantContext.run(B, () -> assertState("28000", () -> insert(threadBound, "by B")));
                }));

        assertThat(database.projects()).containsExactly("tenant-a: of A", "tenant-a: by A", "tenant-b: of B");
        assertThat(TenantContext.call(B, () -> names(threadBound))).containsExactly("of B");
    }
}
