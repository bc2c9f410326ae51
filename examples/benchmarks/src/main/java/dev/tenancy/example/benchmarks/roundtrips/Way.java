package dev.tenancy.example.benchmarks.roundtrips;

import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;

/** A way in which a connection gets to know its tenant. */
interface Way {
    /** What it is called in a report. */
    String label();

    /** Where its notes are. */
    default Table table() {
        return Table.NOTES;
    }

    /** Connections of {@code pool} for the tenant that is current. */
    Borrowing over(DataSource pool);

    /** Borrows connections, and gives them back. */
    @FunctionalInterface
    interface Borrowing {
        Connection borrow() throws SQLException;

        default void giveBack(Connection connection) throws SQLException {
            connection.close();
        }
    }
}
