package dev.tenancy.frameworks;

import static dev.tenancy.frameworks.Tenants.A;
import static dev.tenancy.frameworks.Tenants.B;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenancy.TenantContext;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.dao.QueryTimeoutException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.TransactionStatus;
import org.springframework.transaction.TransactionSystemException;
import org.springframework.transaction.TransactionTimedOutException;
import org.springframework.transaction.support.TransactionTemplate;

/** A transaction of Spring's is one tenant's, whatever it goes through. */
class SpringTransactionIT extends FrameworkIT {
    private final JdbcTemplate jdbc = new JdbcTemplate(source);
    private final DataSourceTransactionManager manager = new JdbcTransactionManager(source);
    private final TransactionTemplate transaction = new TransactionTemplate(manager);

    SpringTransactionIT(Setup setup) {
        super(setup);
    }

    @Test
    void severalStatementsAreStoredTogetherForTheTenant() throws SQLException {
        TenantContext.run(
                B,
                () -> transaction.executeWithoutResult(status -> {
                    insert("second of B");
                    insert("third of B");
                    assertThat(names()).containsExactly("of B", "second of B", "third of B");
                }));

        assertThat(database.projects())
                .containsExactly("tenant-a: of A", "tenant-b: of B", "tenant-b: second of B", "tenant-b: third of B");
        assertThat(TenantContext.call(A, this::names)).containsExactly("of A");
    }

    @Test
    void afterARollbackNothingIsStoredAndTheNextTransactionIsTheTenantsToo() throws SQLException {
        TenantContext.run(B, () -> {
            assertThatThrownBy(() -> transaction.executeWithoutResult(status -> {
                        insert("lost");
                        throw new IllegalStateException("expected");
                    }))
                    .hasMessage("expected");
            transaction.executeWithoutResult(status -> {
                insert("lost too");
                status.setRollbackOnly();
            });
            transaction.executeWithoutResult(status -> insert("kept"));
        });

        assertThat(database.projects()).containsExactly("tenant-a: of A", "tenant-b: of B", "tenant-b: kept");
    }

    @Test
    void aNestedTransactionIsUndoneAloneAndTheOuterOneGoesOnForTheTenant() throws SQLException {
        TransactionTemplate nested = propagating(TransactionDefinition.PROPAGATION_NESTED);
        TenantContext.run(
                B,
                () -> transaction.executeWithoutResult(outer -> {
                    nested.executeWithoutResult(inner -> {
                        insert("lost");
                        inner.setRollbackOnly();
                    });
                    assertThatThrownBy(() -> nested.executeWithoutResult(inner -> insert("of B")))
                            .isInstanceOf(DuplicateKeyException.class);
                    assertThat(names()).containsExactly("of B");
                    nested.executeWithoutResult(inner -> insert("kept"));
                    Object savepoint = outer.createSavepoint();
                    insert("lost as well");
                    outer.rollbackToSavepoint(savepoint);
                    insert("kept too");
                }));

        assertThat(database.projects())
                .containsExactly("tenant-a: of A", "tenant-b: of B", "tenant-b: kept", "tenant-b: kept too");
    }

    @Test
    void aTransactionMayBeginWithASavepoint() throws SQLException {
        TenantContext.run(
                B,
                () -> transaction.executeWithoutResult(status -> {
                    Object savepoint = status.createSavepoint();
                    assertThat(names()).containsExactly("of B");
                    status.rollbackToSavepoint(savepoint);
                    insert("kept");
                }));

        assertThat(database.projects()).containsExactly("tenant-a: of A", "tenant-b: of B", "tenant-b: kept");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aReadOnlyTransactionReadsTheTenantsRowsAndWritesNone(boolean bySql) throws SQLException {
        manager.setEnforceReadOnly(bySql);
        TransactionTemplate readOnly = new TransactionTemplate(manager);
        readOnly.setReadOnly(true);
        TenantContext.run(B, () -> {
            readOnly.executeWithoutResult(status -> assertThat(names()).containsExactly("of B"));
            assertState("25006", () -> readOnly.executeWithoutResult(status -> insert("refused")));
            transaction.executeWithoutResult(status -> insert("written afterwards"));
        });

        assertThat(database.projects())
                .containsExactly("tenant-a: of A", "tenant-b: of B", "tenant-b: written afterwards");
    }

    @Test
    void theIsolationLevelIsThatOfTheTransactionAndRestoredAfterwards() {
        TransactionTemplate serializable = new TransactionTemplate(manager);
        serializable.setIsolationLevel(TransactionDefinition.ISOLATION_SERIALIZABLE);
        TenantContext.run(
                A,
                () -> serializable.executeWithoutResult(status -> {
                    assertThat(names()).containsExactly("of A");
                    assertThat(isolation()).isEqualTo("serializable");
                }));

        TenantContext.run(
                B,
                () -> transaction.executeWithoutResult(status -> {
                    assertThat(isolation()).isEqualTo("read committed");
                    assertThat(names()).containsExactly("of B");
                }));
    }

    @Test
    void aTransactionThatTimesOutIsRolledBackAndTheNextOneIsTheTenants() throws SQLException {
        TransactionTemplate impatient = new TransactionTemplate(manager);
        impatient.setTimeout(1);
        TenantContext.run(B, () -> {
            assertThatThrownBy(() -> impatient.executeWithoutResult(status -> {
                        insert("lost");
                        jdbc.execute("SELECT pg_sleep(60)");
                    }))
                    .isInstanceOfAny(QueryTimeoutException.class, TransactionTimedOutException.class);
            transaction.executeWithoutResult(status -> insert("kept"));
        });

        assertThat(database.projects()).containsExactly("tenant-a: of A", "tenant-b: of B", "tenant-b: kept");
    }

    @Test
    void withoutATenantNoTransactionBegins() {
        assertState("28000", () -> transaction.executeWithoutResult(status -> insert("of nobody")));
    }

    @Test
    void whatAnotherTenantDoesInATransactionIsRefusedAndTheTransactionIsUndone() throws SQLException {
        TenantContext.run(
                A,
                () -> assertState(
                        "28000",
                        () -> transaction.executeWithoutResult(status -> {
                            insert("by A");
                            TenantContext.run(B, () -> insert("by B, in A's transaction"));
                        })));

        assertThat(database.projects()).containsExactly("tenant-a: of A", "tenant-b: of B");
    }

    @Test
    void aTransactionThatAnotherTenantWasRefusedInIsStillItsOwnersToCommit() throws SQLException {
        TenantContext.run(
                A,
                () -> transaction.executeWithoutResult(status -> {
                    TenantContext.run(B, () -> assertState("28000", () -> insert("by B, in A's transaction")));
                    TenantContext.run(B, () -> assertState("28000", this::names));
                    insert("by A");
                }));

        assertThat(database.projects()).containsExactly("tenant-a: of A", "tenant-a: by A", "tenant-b: of B");
    }

    @Test
    void aTransactionOfItsOwnThatAnotherTenantBeginsMeanwhileIsItsOwn() throws SQLException {
        pool.setMaximumPoolSize(2);
        TransactionTemplate own = propagating(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
        TenantContext.run(
                A,
                () -> transaction.executeWithoutResult(outer -> {
                    insert("by A, before");
                    TenantContext.run(
                            B,
                            () -> own.executeWithoutResult(inner -> {
                                assertThat(names()).containsExactly("of B");
                                insert("by B");
                            }));
                    insert("by A, after");
                    outer.setRollbackOnly();
                }));

        assertThat(database.projects()).containsExactly("tenant-a: of A", "tenant-b: of B", "tenant-b: by B");
    }

    @Test
    void aTransactionIsNotCommittedByAnotherTenant() throws SQLException {
        TransactionStatus begun = TenantContext.call(A, () -> {
            TransactionStatus status = manager.getTransaction(TransactionDefinition.withDefaults());
            insert("by A");
            return status;
        });

        TenantContext.run(
                B,
                () -> assertThatThrownBy(() -> manager.commit(begun)).isInstanceOf(TransactionSystemException.class));

        assertThat(database.projects()).containsExactly("tenant-a: of A", "tenant-b: of B");
        assertThat(TenantContext.call(B, this::names)).containsExactly("of B");
    }

    @Test
    void aTransactionMayBeRolledBackByAnybody() throws SQLException {
        TransactionStatus begun = TenantContext.call(A, () -> {
            TransactionStatus status = manager.getTransaction(TransactionDefinition.withDefaults());
            insert("by A");
            return status;
        });

        TenantContext.run(B, () -> manager.rollback(begun));

        assertThat(database.projects()).containsExactly("tenant-a: of A", "tenant-b: of B");
        assertThat(TenantContext.call(B, this::names)).containsExactly("of B");
    }

    @Test
    void allCodeOfATransactionHasTheOneConnection() {
        TenantContext.run(
                B,
                () -> transaction.executeWithoutResult(status -> {
                    Connection first = DataSourceUtils.getConnection(source);
                    Connection second = DataSourceUtils.getConnection(source);
                    assertThat(second).isSameAs(first);
                    assertThat(DataSourceUtils.isConnectionTransactional(first, source))
                            .isTrue();
                    DataSourceUtils.releaseConnection(second, source);
                    DataSourceUtils.releaseConnection(first, source);
                    assertThat(names()).containsExactly("of B");
                }));
    }

    private TransactionTemplate propagating(int behaviour) {
        TransactionTemplate template = new TransactionTemplate(manager);
        template.setPropagationBehavior(behaviour);
        return template;
    }

    private List<String> names() {
        return jdbc.queryForList("SELECT name FROM projects ORDER BY id", String.class);
    }

    private String isolation() {
        return jdbc.queryForList("SHOW transaction_isolation", String.class).get(0);
    }

    private void insert(String name) {
        jdbc.update("INSERT INTO projects (name) VALUES (?)", name);
    }
}
