package dev.tenancy.frameworks;

import static dev.tenancy.frameworks.Hibernate.names;
import static dev.tenancy.frameworks.Tenants.A;
import static dev.tenancy.frameworks.Tenants.B;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenancy.TenantContext;
import dev.tenancy.jdbc.TenantConnection;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Savepoint;
import org.hibernate.Session;
import org.hibernate.SessionFactory;
import org.hibernate.exception.AuthException;
import org.hibernate.exception.ConstraintViolationException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A transaction of Hibernate's is one tenant's, whatever it goes through. */
class HibernateTransactionIT extends FrameworkIT {
    private final SessionFactory factory = Hibernate.unaware(source, setup).createEntityManagerFactory();

    HibernateTransactionIT(Setup setup) {
        super(setup);
    }

    @AfterEach
    void close() {
        factory.close();
    }

    @Test
    void withoutATenantThereIsNoConnection() {
        assertState("28000", () -> factory.inSession(Hibernate::names));
        assertState("28000", () -> factory.inTransaction(session -> session.persist(new Project("of nobody"))));
    }

    @Test
    void afterARollbackNothingIsStoredAndTheNextTransactionIsTheTenantsToo() throws SQLException {
        TenantContext.run(B, () -> {
            try (Session session = factory.openSession()) {
                session.beginTransaction();
                session.persist(new Project("lost"));
                session.flush();
                assertThat(names(session)).containsExactly("of B", "lost");
                session.getTransaction().rollback();
                session.clear();

                session.beginTransaction();
                assertThat(names(session)).containsExactly("of B");
                session.persist(new Project("kept"));
                session.getTransaction().commit();
            }
        });

        assertThat(database.projects()).containsExactly("tenant-a: of A", "tenant-b: of B", "tenant-b: kept");
    }

    @Test
    void whatIsReadOutsideATransactionIsTheTenants() {
        TenantContext.run(
                A,
                () -> factory.inSession(
                        session -> assertThat(session.find(Project.class, 1L)).isNotNull()));
        TenantContext.run(
                B,
                () -> factory.inSession(session -> {
                    assertThat(session.find(Project.class, 1L)).isNull();
                    assertThat(names(session)).containsExactly("of B");
                    assertThat(session.find(Project.class, 2L).titles()).isEmpty();
                }));
    }

    @Test
    void aSavepointIsRolledBackToAndTheTransactionGoesOnForTheTenant() throws SQLException {
        TenantContext.run(
                B,
                () -> factory.inTransaction(session -> {
                    Savepoint savepoint = session.doReturningWork(Connection::setSavepoint);
                    session.persist(new Project("lost"));
                    session.flush();
                    session.doWork(connection -> connection.rollback(savepoint));
                    session.clear();
                    assertThat(names(session)).containsExactly("of B");
                    session.persist(new Project("kept"));
                }));

        assertThat(database.projects()).containsExactly("tenant-a: of A", "tenant-b: of B", "tenant-b: kept");
    }

    @Test
    void errorsOfTheDatabaseAreTranslatedAndTheNextTransactionIsTheTenants() throws SQLException {
        TenantContext.run(B, () -> {
            assertThatThrownBy(() -> factory.inTransaction(session -> session.persist(new Project("of B"))))
                    .isInstanceOf(ConstraintViolationException.class);
            assertThatThrownBy(() -> factory.inTransaction(session -> {
                        Project ofA = session.getReference(Project.class, 1L);
                        session.persist(new Task(ofA, "planted"));
                        session.flush();
                    }))
                    .as("a reference to a project of A")
                    .isInstanceOf(ConstraintViolationException.class);
            assertThatThrownBy(() -> factory.inTransaction(session -> session.createNativeMutationQuery(
                                    "insert into projects (tenant_id, name) values ('tenant-a', 'planted')")
                            .executeUpdate()))
                    .isInstanceOf(AuthException.class);
            factory.inTransaction(session -> session.persist(new Project("of A")));
        });

        assertThat(database.projects()).containsExactly("tenant-a: of A", "tenant-b: of B", "tenant-b: of A");
        assertThat(database.tasks()).isEmpty();
    }

    @Test
    void aReadOnlySessionReadsTheTenantsRowsAndWritesNone() {
        TenantContext.run(B, () -> {
            try (Session session = factory.withOptions().readOnly(true).openSession()) {
                session.beginTransaction();
                assertThat(names(session)).containsExactly("of B");
                session.doWork(connection -> {
                    assertThat(connection.isReadOnly()).isTrue();
                    try (PreparedStatement delete = connection.prepareStatement("DELETE FROM projects")) {
                        assertState("25006", delete::executeUpdate);
                    }
                });
                session.getTransaction().rollback();
            }
            factory.inTransaction(session -> assertThat(
                            session.createMutationQuery("delete from Project").executeUpdate())
                    .isEqualTo(1));
        });
    }

    @Test
    void anIsolationLevelIsThatOfTheTransaction() {
        TenantContext.run(
                B,
                () -> factory.inTransaction(session -> {
                    session.createNativeMutationQuery("set transaction isolation level serializable")
                            .executeUpdate();
                    assertThat(names(session)).containsExactly("of B");
                    assertThat(session.createNativeQuery("show transaction_isolation", String.class)
                                    .getSingleResult())
                            .isEqualTo("serializable");
                }));
    }

    @Test
    void whatAnotherTenantDoesInATransactionIsRefusedAndTheTransactionIsUndone() throws SQLException {
        TenantContext.run(
                A,
                () -> assertState(
                        "28000",
                        () -> factory.inTransaction(session -> {
                            session.persist(new Project("by A"));
                            session.flush();
                            TenantContext.run(B, () -> session.persist(new Project("by B, in A's transaction")));
                        })));

        assertThat(database.projects()).containsExactly("tenant-a: of A", "tenant-b: of B");
    }

    @Test
    void aTransactionIsNotCommittedByAnotherTenant() throws SQLException {
        try (Session session = factory.openSession()) {
            TenantContext.run(A, () -> {
                session.beginTransaction();
                session.persist(new Project("by A"));
                session.flush();
            });
            TenantContext.run(B, () -> assertState("28000", session.getTransaction()::commit));
        }

        assertThat(database.projects()).containsExactly("tenant-a: of A", "tenant-b: of B");
    }

    @Test
    void theConnectionOfASessionKnowsItsTenant() {
        TenantContext.run(
                B,
                () -> factory.inTransaction(session -> session.doWork(connection -> assertThat(
                                connection.unwrap(TenantConnection.class).identity())
                        .contains(B))));
    }
}
