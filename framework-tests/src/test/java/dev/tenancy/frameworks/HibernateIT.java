package dev.tenancy.frameworks;

import static dev.tenancy.frameworks.Hibernate.names;
import static dev.tenancy.frameworks.Tenants.A;
import static dev.tenancy.frameworks.Tenants.B;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenancy.TenantContext;
import jakarta.persistence.OptimisticLockException;
import jakarta.persistence.ParameterMode;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.hibernate.LockMode;
import org.hibernate.ScrollMode;
import org.hibernate.ScrollableResults;
import org.hibernate.Session;
import org.hibernate.SessionFactory;
import org.hibernate.query.SelectionQuery;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What Hibernate does, it does for the current tenant. */
class HibernateIT extends FrameworkIT {
    private final SessionFactory factory = Hibernate.unaware(source, setup).createEntityManagerFactory();

    HibernateIT(Setup setup) {
        super(setup);
    }

    @AfterEach
    void close() {
        factory.close();
    }

    @Test
    void eachTenantFindsItsOwnEntities() {
        TenantContext.run(
                A,
                () -> factory.inTransaction(session -> {
                    assertThat(names(session)).containsExactly("of A");
                    assertThat(session.find(Project.class, 1L)).isNotNull();
                    assertThat(session.find(Project.class, 2L)).isNull();
                }));
        TenantContext.run(
                B,
                () -> factory.inTransaction(session -> {
                    assertThat(names(session)).containsExactly("of B");
                    assertThat(session.find(Project.class, 1L)).isNull();
                    assertThat(session.find(Project.class, 2L, LockMode.PESSIMISTIC_WRITE))
                            .isNotNull();
                }));
    }

    @Test
    void entitiesWithGeneratedKeysAreStoredInBatchesForTheTenant() throws SQLException {
        TenantContext.run(
                B,
                () -> factory.inTransaction(session -> {
                    Project project = new Project("persisted");
                    IntStream.range(0, 100).forEach(number -> project.add("task " + number));
                    session.persist(project);
                    assertThat(project.id).isEqualTo(3);
                }));
        TenantContext.run(
                B,
                () -> factory.inStatelessTransaction(session -> session.insertMultiple(List.of(
                        new Task(session.get(Project.class, 3L), "stateless 1"),
                        new Task(session.get(Project.class, 3L), "stateless 2")))));

        assertThat(database.projects()).containsExactly("tenant-a: of A", "tenant-b: of B", "tenant-b: persisted");
        assertThat(database.tasks()).hasSize(102).allMatch(task -> task.startsWith("tenant-b: "));
        assertThat(TenantContext.call(A, () -> factory.fromTransaction(this::taskCount)))
                .isZero();
    }

    private long taskCount(Session session) {
        return session.createSelectionQuery("select count(*) from Task", Long.class)
                .getSingleResult();
    }

    @Test
    void whatIsLoadedLazilyIsTheTenants() {
        TenantContext.run(B, () -> {
            factory.inTransaction(session -> session.find(Project.class, 2L).add("lazily loaded"));
            factory.inTransaction(session -> {
                Project project = session.find(Project.class, 2L);
                assertThat(project.titles()).containsExactly("lazily loaded");
            });
            factory.inTransaction(session -> {
                Project project = session.find(Project.class, 2L);
                TenantContext.run(A, () -> assertState("28000", () -> project.titles()));
            });
        });
    }

    @Test
    void aChangeOfWhatSomebodyElseChangedIsRefused() throws SQLException {
        TenantContext.run(B, () -> {
            try (Session slow = factory.openSession()) {
                Project project = slow.find(Project.class, 2L);
                factory.inTransaction(session -> session.find(Project.class, 2L).name = "changed first");
                project.name = "changed later";
                slow.beginTransaction();
                assertThatThrownBy(slow::flush).isInstanceOf(OptimisticLockException.class);
                slow.getTransaction().rollback();
            }
            factory.inTransaction(session -> session.find(Project.class, 2L).name += " and again");
        });

        assertThat(database.projects()).containsExactly("tenant-a: of A", "tenant-b: changed first and again");
    }

    @Test
    void resultsAreStreamedToTheirTenantAlone() {
        TenantContext.run(
                B,
                () -> factory.inTransaction(session ->
                        IntStream.range(0, 100).forEach(number -> session.persist(new Project("project " + number)))));

        for (Function<SelectionQuery<Project>, Long> reading :
                List.<Function<SelectionQuery<Project>, Long>>of(HibernateIT::streamed, HibernateIT::scrolled)) {
            assertThat(TenantContext.call(B, () -> read(reading))).isEqualTo(101);
            assertThat(TenantContext.call(A, () -> read(reading))).isEqualTo(1);
        }
    }

    private long read(Function<SelectionQuery<Project>, Long> reading) {
        return factory.fromTransaction(session -> reading.apply(
                session.createSelectionQuery("from Project", Project.class).setFetchSize(10)));
    }

    private static long streamed(SelectionQuery<Project> query) {
        try (Stream<Project> projects = query.getResultStream()) {
            return projects.count();
        }
    }

    private static long scrolled(SelectionQuery<Project> query) {
        long count = 0;
        try (ScrollableResults<Project> projects = query.scroll(ScrollMode.FORWARD_ONLY)) {
            while (projects.next()) {
                assertThat(projects.get().name).isNotEmpty();
                count++;
            }
        }
        return count;
    }

    @Test
    void typesOfPostgresAreAttributesAndParameters() {
        UUID reference = UUID.randomUUID();
        OffsetDateTime due = OffsetDateTime.of(2026, 5, 6, 7, 8, 9, 0, ZoneOffset.UTC);
        TenantContext.run(
                B,
                () -> factory.inTransaction(session -> {
                    Project project = session.find(Project.class, 2L);
                    project.reference = reference;
                    project.tags = new String[] {"x", "y"};
                    project.details = Map.of("size", 7);
                    project.due = due;
                }));

        Project read = TenantContext.call(
                B,
                () -> factory.fromTransaction(session -> {
                    assertThat(session.createMutationQuery(
                                            "update Project set tags = :tags where reference = :reference")
                                    .setParameter("tags", new String[] {"z"})
                                    .setParameter("reference", reference)
                                    .executeUpdate())
                            .isEqualTo(1);
                    return session.createSelectionQuery("from Project where due = :due", Project.class)
                            .setParameter("due", due)
                            .getSingleResult();
                }));
        assertThat(read.tags).containsExactly("z");
        assertThat(read.reference).isEqualTo(reference);
        assertThat(read.details).isEqualTo(Map.of("size", 7));
        TenantContext.run(
                A,
                () -> factory.inTransaction(session -> assertThat(
                                session.createSelectionQuery("from Project where reference is not null", Project.class)
                                        .getResultList())
                        .isEmpty()));
    }

    @Test
    void functionsAndProceduresWorkOnTheTenantsRows() throws SQLException {
        TenantContext.run(
                B,
                () -> factory.inTransaction(session -> {
                    assertThat(session.createSelectionQuery("select function('project_count')", Long.class)
                                    .getSingleResult())
                            .isEqualTo(1);
                    session.createStoredProcedureQuery("rename_projects")
                            .registerStoredProcedureParameter(1, String.class, ParameterMode.IN)
                            .setParameter(1, "renamed ")
                            .execute();
                }));

        assertThat(database.projects()).containsExactly("tenant-a: of A", "tenant-b: renamed of B");
    }

    @Test
    void bulkStatementsTouchTheTenantsRowsOnly() throws SQLException {
        TenantContext.run(
                B,
                () -> factory.inTransaction(session -> {
                    assertThat(session.createMutationQuery("update versioned Project set name = name || '!'")
                                    .executeUpdate())
                            .isEqualTo(1);
                    assertThat(session.createMutationQuery("insert into Project (name) select name || '!' from Project")
                                    .executeUpdate())
                            .isEqualTo(1);
                    assertThat(session.createMutationQuery("delete from Project where name = 'of B!'")
                                    .executeUpdate())
                            .isEqualTo(1);
                }));

        assertThat(database.projects()).containsExactly("tenant-a: of A", "tenant-b: of B!!");
    }

    @Test
    void anUpsertChangesTheTenantsRowOnly() throws SQLException {
        TenantContext.run(
                B,
                () -> factory.inStatelessTransaction(session -> {
                    Project project = session.get(Project.class, 2L);
                    project.name = "upserted";
                    session.upsert(project);
                }));

        assertThat(database.projects()).containsExactly("tenant-a: of A", "tenant-b: upserted");
    }

    @Test
    void aStatementThatTimesOutLeavesTheConnectionUsable() {
        TenantContext.run(B, () -> {
            assertState(
                    "57014",
                    () -> factory.inTransaction(
                            session -> session.createNativeQuery("select pg_sleep(60)", Object.class)
                                    .setTimeout(1)
                                    .getResultList()));
            assertThat(factory.fromTransaction(Hibernate::names)).containsExactly("of B");
        });
    }
}
