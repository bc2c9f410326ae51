package dev.tenancy.jdbc.poison;

import static dev.tenancy.jdbc.poison.Poison.commit;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.List;

/** What B does in the ordinary course of its business, and what has to come of it. */
enum Task {
    READ {
        @Override
        void work(Connection connection, HostWork host) throws SQLException {
            assertThat(Rows.of(connection, SELECT)).isEqualTo(host.notesOfB());
        }
    },
    ASK_WHAT_TRANSACTION {
        @Override
        void work(Connection connection, HostWork host) throws SQLException {
            assertThat(Rows.of(
                            connection,
                            "SELECT concat(current_setting('transaction_isolation'),"
                                    + " ', read-only ', current_setting('transaction_read_only'),"
                                    + " ', deferrable ', current_setting('transaction_deferrable'))"))
                    .containsExactly("read committed, read-only off, deferrable off");
        }
    },
    FAIL_AND_GO_ON {
        @Override
        void work(Connection connection, HostWork host) throws SQLException {
            assertThatThrownBy(() -> Rows.of(connection, "SELECT 1 / length('')"))
                    .isInstanceOfSatisfying(
                            SQLException.class,
                            failure -> assertThat(failure.getSQLState()).isEqualTo("22012"));
            if (!connection.getAutoCommit()) {
                connection.rollback();
            }
            WRITE.work(connection, host);
        }
    },
    WRITE {
        @Override
        void work(Connection connection, HostWork host) throws SQLException {
            assertThat(Rows.changed(connection, INSERT, "draft")).isOne();
            assertThat(Rows.changed(connection, UPDATE, "note " + host.next(), "draft"))
                    .isOne();
            assertThat(Rows.of(connection, FIND, "of A")).isEmpty();
            host.added();
        }
    },
    ROLL_BACK_AND_GO_ON {
        @Override
        void work(Connection connection, HostWork host) throws SQLException {
            boolean autoCommit = connection.getAutoCommit();
            connection.setAutoCommit(false);
            assertThat(Rows.changed(connection, INSERT, "undone")).isOne();
            connection.rollback();
            assertThat(Rows.of(connection, SELECT)).isEqualTo(host.notesOfB());
            assertThat(Rows.changed(connection, INSERT, "note " + host.next())).isOne();
            connection.commit();
            host.added();
            connection.setAutoCommit(autoCommit);
        }
    },
    SAVE_AND_GO_BACK {
        @Override
        void work(Connection connection, HostWork host) throws SQLException {
            boolean autoCommit = connection.getAutoCommit();
            connection.setAutoCommit(false);
            Savepoint savepoint = connection.setSavepoint();
            assertThat(Rows.changed(connection, INSERT, "undone")).isOne();
            connection.rollback(savepoint);
            assertThat(Rows.changed(connection, INSERT, "note " + host.next())).isOne();
            assertThat(Rows.of(connection, FIND, "undone")).isEmpty();
            connection.commit();
            host.added();
            connection.setAutoCommit(autoCommit);
        }
    },
    BATCH {
        @Override
        void work(Connection connection, HostWork host) throws SQLException {
            try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
                for (int i = 0; i < 2; i++) {
                    insert.setString(1, "note " + host.next());
                    insert.addBatch();
                    host.added();
                }
                assertThat(insert.executeBatch()).containsExactly(1, 1);
            }
        }
    },
    CALL_FUNCTIONS {
        @Override
        void work(Connection connection, HostWork host) throws SQLException {
            assertThat(Rows.of(connection, "SELECT notes_like(?)", "%"))
                    .containsExactly(String.valueOf(host.notesOfB().size()));
            assertThat(Rows.of(connection, "SELECT labelled(?)", "a label")).containsExactly("a label");
        }
    },
    ASK_FOR_TYPES {
        @Override
        void work(Connection connection, HostWork host) throws SQLException {
            try (PreparedStatement echo = connection.prepareStatement("SELECT (?::mood[])[1]::text")) {
                echo.setArray(1, connection.createArrayOf("mood", new String[] {"glad"}));
                assertThat(Rows.strings(echo)).containsExactly("glad");
            }
        }
    },
    ASK_FOR_METADATA {
        @Override
        void work(Connection connection, HostWork host) throws SQLException {
            try (ResultSet columns = connection.getMetaData().getColumns(null, "public", "notes", "body")) {
                assertThat(columns.next()).isTrue();
                assertThat(columns.getString("TYPE_NAME")).isEqualTo("text");
            }
            try (PreparedStatement find = connection.prepareStatement(FIND)) {
                assertThat(find.getMetaData().getColumnName(1)).isEqualTo("body");
                assertThat(find.getParameterMetaData().getParameterTypeName(1)).isEqualTo("text");
            }
        }
    },
    READ_IN_PARTS {
        @Override
        void work(Connection connection, HostWork host) throws SQLException {
            boolean autoCommit = connection.getAutoCommit();
            connection.setAutoCommit(false);
            try (PreparedStatement select = connection.prepareStatement(SELECT)) {
                select.setFetchSize(1);
                assertThat(Rows.strings(select)).isEqualTo(host.notesOfB());
            }
            connection.commit();
            connection.setAutoCommit(autoCommit);
        }
    },
    WRITE_TEXTS {
        @Override
        void work(Connection connection, HostWork host) throws SQLException {
            try (Statement statement = connection.createStatement();
                    ResultSet rows = statement.executeQuery(
                            "SELECT body || '\\' FROM notes WHERE body = 'of B' AND '\\' <> ';' -- \\'?")) {
                assertThat(Rows.strings(rows)).containsExactly("of B\\");
            }
        }
    },
    GET_KEYS {
        @Override
        void work(Connection connection, HostWork host) throws SQLException {
            try (PreparedStatement insert = connection.prepareStatement(INSERT, new String[] {"id"})) {
                insert.setString(1, "note " + host.next());
                assertThat(insert.executeUpdate()).isOne();
                try (ResultSet keys = insert.getGeneratedKeys()) {
                    assertThat(Rows.strings(keys)).hasSize(1);
                }
            }
            host.added();
        }
    },
    DRAW {
        @Override
        void work(Connection connection, HostWork host) throws SQLException {
            for (String random : Rows.of(connection, "SELECT random() FROM generate_series(1, 3)")) {
                assertThat(host.isPredictable(Double.parseDouble(random))).isFalse();
            }
        }
    };

    private static final String SELECT = "SELECT body FROM notes ORDER BY body";
    private static final String FIND = "SELECT body FROM notes WHERE body = ?";
    private static final String INSERT = "INSERT INTO notes (body) VALUES (?)";
    private static final String UPDATE = "UPDATE notes SET body = ? WHERE body = ?";
    private static final String DELETE = "DELETE FROM notes WHERE body = ?";

    abstract void work(Connection connection, HostWork host) throws SQLException;

    /** Works, and commits. */
    final void done(Connection connection, HostWork host) throws SQLException {
        work(connection, host);
        commit(connection);
    }

    /** What is executed every day; leaves no row. */
    static void everyDay(Connection connection) throws SQLException {
        Rows.of(connection, SELECT);
        Rows.changed(connection, INSERT, "passing");
        Rows.changed(connection, UPDATE, "passed", "passing");
        Rows.changed(connection, DELETE, "passed");
        assertThat(Rows.of(connection, FIND, "of B")).isEqualTo(List.of("of B"));
        Rows.of(connection, "SELECT notes_like(?)", "%");
        Rows.of(connection, "SELECT labelled(?)", "a label");
        commit(connection);
    }
}
