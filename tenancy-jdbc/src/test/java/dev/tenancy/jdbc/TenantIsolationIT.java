package dev.tenancy.jdbc;

import static dev.tenancy.jdbc.NotesDatabase.insert;
import static dev.tenancy.jdbc.NotesDatabase.store;
import static dev.tenancy.jdbc.NotesDatabase.visibleOn;
import static dev.tenancy.jdbc.NotesDatabase.visibleTo;
import static dev.tenancy.jdbc.Tenants.A;
import static dev.tenancy.jdbc.Tenants.B;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import dev.tenancy.TenantContext;
import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.sql.Types;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Whatever a tenant does on the only connection of a pool, the next one is on its own. */
@ParameterizedClass(name = "{0}, autoCommit={1}")
@CsvSource({"SESSION,true", "SESSION,false", "TRANSACTION,true", "TRANSACTION,false"})
class TenantIsolationIT {

    private final Way way;
    private final boolean autoCommit;

    @AutoClose
    private NotesDatabase notes;

    private HikariDataSource pool;
    private TenantDataSource source;

    TenantIsolationIT(Way way, boolean autoCommit) {
        this.way = way;
        this.autoCommit = autoCommit;
    }

    @BeforeEach
    void storeOneNoteOfEach() throws SQLException {
        notes = new NotesDatabase();
        pool = notes.poolOfOne(autoCommit);
        source = NotesDatabase.withANoteOfEach(pool, way.binding());
    }

    @AfterEach
    void close() {
        source.close();
    }

    /** How a tenant may leave its connection. */
    enum Leaving {
        AFTER_COMMIT {
            @Override
            void leave(Connection connection) throws SQLException {
                connection.setAutoCommit(false);
                visibleOn(connection);
                connection.commit();
            }
        },
        AFTER_ROLLBACK {
            @Override
            void leave(Connection connection) throws SQLException {
                connection.setAutoCommit(false);
                insert(connection, "rolled back");
                connection.rollback();
            }
        },
        WITHOUT_COMMIT {
            @Override
            void leave(Connection connection) throws SQLException {
                connection.setAutoCommit(false);
                insert(connection, "never committed");
            }
        },
        AFTER_ROLLBACK_TO_SAVEPOINT {
            @Override
            void leave(Connection connection) throws SQLException {
                connection.setAutoCommit(false);
                Savepoint savepoint = connection.setSavepoint();
                insert(connection, "rolled back to the savepoint");
                connection.rollback(savepoint);
            }
        },
        AFTER_AN_ERROR {
            @Override
            void leave(Connection connection) {
                assertThatThrownBy(() -> execute(connection, "SELECT 1 / 0")).isInstanceOf(SQLException.class);
            }
        },
        AFTER_AN_ERROR_IN_A_TRANSACTION {
            @Override
            void leave(Connection connection) throws SQLException {
                connection.setAutoCommit(false);
                insert(connection, "lost with the error");
                assertThatThrownBy(() -> execute(connection, "SELECT 1 / 0")).isInstanceOf(SQLException.class);
            }
        },
        AFTER_A_STATEMENT_TIMEOUT {
            @Override
            void leave(Connection connection) throws SQLException {
                try (Statement statement = connection.createStatement()) {
                    statement.execute("SET statement_timeout = 50");
                    assertThatThrownBy(() -> statement.execute("SELECT pg_sleep(60)"))
                            .isInstanceOf(SQLException.class)
                            .extracting(failure -> ((SQLException) failure).getSQLState())
                            .isEqualTo("57014");
                }
            }
        },
        WITH_A_TRANSACTION_BEGUN_IN_SQL {
            @Override
            void leave(Connection connection) throws SQLException {
                execute(connection, "BEGIN");
                insert(connection, "in a transaction that the driver did not begin");
            }
        },
        WITH_A_FAILED_TRANSACTION_BEGUN_IN_SQL {
            @Override
            void leave(Connection connection) throws SQLException {
                execute(connection, "BEGIN");
                assertThatThrownBy(() -> execute(connection, "SELECT 1 / 0")).isInstanceOf(SQLException.class);
            }
        },
        WITH_THE_SETTING_CHANGED_BY_HAND {
            @Override
            void leave(Connection connection) throws SQLException {
                execute(connection, "SET tenancy.tenant_id = 'tenant-a'");
                if (!connection.getAutoCommit()) {
                    connection.commit();
                }
            }
        },
        ABORTED {
            @Override
            void leave(Connection connection) throws SQLException {
                insert(connection, "before the abort, and in autocommit stored");
                connection.abort(Runnable::run);
            }
        };

        abstract void leave(Connection connection) throws SQLException;
    }

    @ParameterizedTest
    @EnumSource
    void theNextTenantSeesAndWritesItsOwnRowsOnly(Leaving leaving) throws SQLException {
        TenantContext.run(A, () -> {
            try (Connection connection = source.getConnection()) {
                leaving.leave(connection);
            }
        });

        TenantContext.run(B, () -> {
            try (Connection connection = source.getConnection()) {
                assertThat(visibleOn(connection)).containsExactly("of B");
                connection.setAutoCommit(false);
                visibleOn(connection);
                connection.rollback();
                assertThat(visibleOn(connection)).as("after a rollback").containsExactly("of B");
                Savepoint savepoint = connection.setSavepoint();
                insert(connection, "second of B");
                connection.rollback(savepoint);
                insert(connection, "third of B");
                connection.commit();
            }
        });

        assertThat(visibleTo(source, B)).containsExactly("of B", "third of B");
        assertThat(visibleTo(source, A)).contains("of A").noneMatch(note -> note.contains("of B"));
    }

    @ParameterizedTest
    @EnumSource
    void nobodySeesOrWritesAnythingAfterwards(Leaving leaving) throws SQLException {
        TenantContext.run(A, () -> {
            try (Connection connection = source.getConnection()) {
                leaving.leave(connection);
            }
        });

        try (Connection raw = pool.getConnection()) {
            assertThat(visibleOn(raw)).as("on the pool itself").isEmpty();
        }
        try (Connection nobody = source.withoutTenant().getConnection()) {
            assertThat(visibleOn(nobody)).isEmpty();
            assertThatThrownBy(() -> insert(nobody, "of nobody")).isInstanceOf(SQLException.class);
        }
    }

    @Test
    void uncommittedWorkIsNotStored() throws SQLException {
        for (Leaving leaving : List.of(Leaving.WITHOUT_COMMIT, Leaving.WITH_A_TRANSACTION_BEGUN_IN_SQL)) {
            TenantContext.run(A, () -> {
                try (Connection connection = source.getConnection()) {
                    leaving.leave(connection);
                }
            });
        }

        assertThat(visibleTo(source, A)).containsExactly("of A");
    }

    @Test
    void batchesAndCallsAreTheTenantsAndPartOfItsTransaction() throws SQLException {
        TenantContext.run(A, () -> {
            try (Connection connection = source.getConnection()) {
                connection.setAutoCommit(false);
                insert(connection, "before the batch");
                try (PreparedStatement batch = connection.prepareStatement("INSERT INTO notes (body) VALUES (?)");
                        Statement texts = connection.createStatement();
                        CallableStatement call =
                                connection.prepareCall("{? = call pg_catalog.current_setting(?, true)}")) {
                    batch.setString(1, "in a batch");
                    batch.addBatch();
                    assertThat(batch.executeBatch()).containsExactly(1);
                    texts.addBatch("INSERT INTO notes (body) VALUES ('in a batch of texts')");
                    assertThat(texts.executeBatch()).containsExactly(1);
                    call.registerOutParameter(1, Types.VARCHAR);
                    call.setString(2, TenantBinding.SETTING);
                    call.execute();
                    assertThat(call.getString(1)).isEqualTo(A.tenantId().value());
                }
                assertThat(visibleOn(connection)).hasSize(4);
                connection.rollback();
                assertThat(visibleOn(connection)).containsExactly("of A");
            }
        });

        assertThat(visibleTo(source, A)).containsExactly("of A");
        assertThat(visibleTo(source, B)).containsExactly("of B");
    }

    @Test
    void sqlThatNamesAnotherTenantFindsAndChangesNothing() throws SQLException {
        TenantContext.run(A, () -> {
            try (Connection connection = source.getConnection();
                    Statement statement = connection.createStatement()) {
                assertThat(statement.executeUpdate("UPDATE notes SET body = 'taken' WHERE tenant_id = 'tenant-b'"))
                        .isZero();
                assertThat(statement.executeUpdate("DELETE FROM notes WHERE tenant_id = 'tenant-b'"))
                        .isZero();
                assertThatThrownBy(() -> statement.executeUpdate(
                                "INSERT INTO notes (tenant_id, body) VALUES ('tenant-b', 'planted')"))
                        .isInstanceOf(SQLException.class)
                        .extracting(failure -> ((SQLException) failure).getSQLState())
                        .isEqualTo("42501");
            }
        });

        assertThat(visibleTo(source, B)).containsExactly("of B");
    }

    @Test
    void aRowCannotBeHandedToAnotherTenant() throws SQLException {
        TenantContext.run(A, () -> {
            try (Connection connection = source.getConnection();
                    Statement statement = connection.createStatement()) {
                assertThatThrownBy(() -> statement.executeUpdate("UPDATE notes SET tenant_id = 'tenant-b'"))
                        .isInstanceOf(SQLException.class);
            }
        });

        assertThat(visibleTo(source, B)).containsExactly("of B");
    }

    @Test
    void aValueTakenByAnotherTenantIsFree() throws SQLException {
        store(source, B, "of A");

        assertThat(visibleTo(source, B)).containsExactly("of A", "of B");
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
