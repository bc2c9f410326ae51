package dev.tenancy.example.benchmarks.roundtrips;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/** What an application does between borrowing a connection, in autocommit, and giving it back. */
enum Work {
    /** Reads one row. */
    ONE_STATEMENT {
        @Override
        void run(Connection connection, Table table, long id) throws SQLException {
            read(connection, table, id);
        }
    },
    /** Reads a row, changes it and reads it again, in one transaction. */
    THREE_IN_A_TRANSACTION {
        @Override
        void run(Connection connection, Table table, long id) throws SQLException {
            connection.setAutoCommit(false);
            read(connection, table, id);
            try (PreparedStatement update = connection.prepareStatement(table.update())) {
                change(update, id);
                expect(1, update.executeUpdate());
            }
            read(connection, table, id);
            connection.commit();
            connection.setAutoCommit(true);
        }
    },
    /** Changes ten rows in one batch. */
    BATCH {
        @Override
        void run(Connection connection, Table table, long id) throws SQLException {
            try (PreparedStatement update = connection.prepareStatement(table.update())) {
                for (int row = 0; row < BATCH_SIZE; row++) {
                    change(update, id + row);
                    update.addBatch();
                }
                for (int changed : update.executeBatch()) {
                    expect(1, changed);
                }
            }
        }
    },
    /** Adds a row, and asks which key it got. */
    GENERATED_KEYS {
        @Override
        void run(Connection connection, Table table, long id) throws SQLException {
            try (PreparedStatement insert = connection.prepareStatement(table.insert(), new String[] {"id"})) {
                insert.setString(1, "added");
                expect(1, insert.executeUpdate());
                try (ResultSet keys = insert.getGeneratedKeys()) {
                    expect(1, keys.next() ? 1 : 0);
                }
            }
        }
    };

    private static final int BATCH_SIZE = 10;

    /**
     * Does it.
     *
     * @param id a note of the tenant; nine more follow it
     * @throws IllegalStateException if the tenant's rows are not there: then something else was measured
     */
    abstract void run(Connection connection, Table table, long id) throws SQLException;

    private static void read(Connection connection, Table table, long id) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(table.select())) {
            select.setLong(1, id);
            try (ResultSet row = select.executeQuery()) {
                expect(1, row.next() ? 1 : 0);
            }
        }
    }

    private static void change(PreparedStatement update, long id) throws SQLException {
        update.setString(1, "changed");
        update.setLong(2, id);
    }

    private static void expect(int rows, int found) {
        if (rows != found) {
            throw new IllegalStateException(found + " rows where " + rows + " should be");
        }
    }
}
