package dev.tenancy.frameworks;

import static dev.tenancy.frameworks.Tenants.A;
import static dev.tenancy.frameworks.Tenants.B;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenancy.TenantContext;
import dev.tenancy.jdbc.TenantConnection;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.jdbc.datasource.LazyConnectionDataSourceProxy;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.annotation.EnableTransactionManagement;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionTemplate;

/** What Spring puts around a DataSource keeps tenants apart as the DataSource does. */
class SpringDataSourcesIT extends FrameworkIT {

    SpringDataSourcesIT(Setup setup) {
        super(setup);
    }

    @Test
    void transactionalMethodsAreTheCurrentTenants() throws SQLException {
        try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext()) {
            context.registerBean(JdbcTemplate.class, () -> new JdbcTemplate(source));
            context.registerBean(PlatformTransactionManager.class, () -> new JdbcTransactionManager(source));
            context.register(Projects.class, TransactionManagement.class);
            context.refresh();
            Projects projects = context.getBean(Projects.class);

            TenantContext.run(B, () -> {
                projects.add("added");
                assertThatThrownBy(() -> projects.addAndFail("lost")).hasMessage("expected");
                assertThat(projects.names()).containsExactly("of B", "added");
                assertState("25006", () -> projects.addReadOnly("refused"));
            });
            assertThat(TenantContext.call(A, projects::names)).containsExactly("of A");
            assertState("28000", projects::names);
        }

        assertThat(database.projects()).containsExactly("tenant-a: of A", "tenant-b: of B", "tenant-b: added");
    }

    @EnableTransactionManagement(proxyTargetClass = true)
    static class TransactionManagement {}

    /** A bean of a host. */
    @Transactional
    static class Projects {
        private final JdbcTemplate jdbc;

        Projects(JdbcTemplate jdbc) {
            this.jdbc = jdbc;
        }

        void add(String name) {
            jdbc.update("INSERT INTO projects (name) VALUES (?)", name);
        }

        void addAndFail(String name) {
            add(name);
            throw new IllegalStateException("expected");
        }

        @Transactional(readOnly = true)
        void addReadOnly(String name) {
            add(name);
        }

        @Transactional(readOnly = true)
        List<String> names() {
            return jdbc.queryForList("SELECT name FROM projects ORDER BY id", String.class);
        }
    }

    @Test
    void aTransactionAwareProxyTakesPartInTheTenantsTransaction() throws SQLException {
        TransactionAwareDataSourceProxy aware = new TransactionAwareDataSourceProxy(source);
        TransactionTemplate transaction = new TransactionTemplate(new JdbcTransactionManager(source));

        TenantContext.run(
                B,
                () -> transaction.executeWithoutResult(status -> {
                    try (Connection connection = aware.getConnection()) {
                        insert(connection, "lost with the transaction");
                        assertThat(connection.unwrap(TenantConnection.class).identity())
                                .contains(B);
                        TenantContext.run(A, () -> assertState("28000", connection::createStatement));
                    } catch (SQLException failure) {
                        throw new IllegalStateException(failure);
                    }
                    status.setRollbackOnly();
                }));

        assertThat(database.projects()).containsExactly("tenant-a: of A", "tenant-b: of B");
        assertThat(TenantContext.call(A, () -> names(aware))).containsExactly("of A");
        assertState("28000", () -> names(aware));
    }

    @Test
    void aSingleConnectionServesTheTenantItWasBorrowedForAndNobodyElse() throws SQLException {
        Connection ofA = TenantContext.call(A, source::getConnection);
        SingleConnectionDataSource single = new SingleConnectionDataSource(ofA, true);
        try {
            assertThat(TenantContext.call(A, () -> names(single))).containsExactly("of A");
            TenantContext.run(B, () -> assertState("28000", () -> names(single)));
        } finally {
            single.destroy();
        }
        assertThat(ofA.isClosed()).isTrue();
    }

    @Test
    void aLazyConnectionIsThatOfTheTenantWhoUsesItFirst() throws SQLException {
        LazyConnectionDataSourceProxy lazy = new LazyConnectionDataSourceProxy(source);

        Connection connection = lazy.getConnection();
        TenantContext.run(B, () -> {
            insert(connection, "by B");
            TenantContext.run(A, () -> assertState("28000", () -> insert(connection, "by A")));
            if (!connection.getAutoCommit()) {
                connection.commit();
            }
        });
        connection.close();

        assertThat(database.projects()).containsExactly("tenant-a: of A", "tenant-b: of B", "tenant-b: by B");
    }

    @Test
    void aLazyTransactionIsOneTenantsAndNeedsNoConnectionUntilThen() throws SQLException {
        LazyConnectionDataSourceProxy lazy = new LazyConnectionDataSourceProxy(source);
        TransactionTemplate readOnly = new TransactionTemplate(new JdbcTransactionManager(lazy));
        readOnly.setReadOnly(true);
        TransactionTemplate transaction = new TransactionTemplate(new JdbcTransactionManager(lazy));
        JdbcTemplate jdbc = new JdbcTemplate(lazy);

        TenantContext.run(
                A,
                () -> transaction.executeWithoutResult(
                        status -> assertThat(pool.getHikariPoolMXBean().getActiveConnections())
                                .isZero()));
        assertState("28000", () -> transaction.executeWithoutResult(status -> names(lazy)));
        TenantContext.run(A, () -> {
            assertState(
                    "28000",
                    () -> transaction.executeWithoutResult(status -> {
                        assertThat(names(lazy)).containsExactly("of A");
                        TenantContext.run(B, () -> jdbc.update("INSERT INTO projects (name) VALUES ('by B')"));
                    }));
            readOnly.executeWithoutResult(status -> assertThat(names(lazy)).containsExactly("of A"));
            assertState("25006", () -> readOnly.executeWithoutResult(status -> jdbc.update("DELETE FROM projects")));
        });
        TenantContext.run(
                B,
                () -> transaction.executeWithoutResult(
                        status -> jdbc.update("INSERT INTO projects (name) VALUES ('by B')")));

        assertThat(database.projects()).containsExactly("tenant-a: of A", "tenant-b: of B", "tenant-b: by B");
    }

    @Test
    void aConnectionBorrowedOutsideATransactionIsGivenBackWhenItIsReleased() {
        TenantContext.run(B, () -> {
            Connection connection = DataSourceUtils.getConnection(source);
            assertThat(pool.getHikariPoolMXBean().getActiveConnections()).isEqualTo(1);
            DataSourceUtils.releaseConnection(connection, source);
            assertThat(pool.getHikariPoolMXBean().getActiveConnections()).isZero();
        });
    }

    private static List<String> names(DataSource from) {
        return new JdbcTemplate(from).queryForList("SELECT name FROM projects ORDER BY id", String.class);
    }

    private static void insert(Connection connection, String name) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("INSERT INTO projects (name) VALUES (?)")) {
            statement.setString(1, name);
            statement.executeUpdate();
        }
    }
}
