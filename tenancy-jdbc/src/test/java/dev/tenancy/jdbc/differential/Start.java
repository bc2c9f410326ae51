package dev.tenancy.jdbc.differential;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** What a connection did before: the binding has to come with the next statement, or is there already. */
enum Start {
    NEW(true, false),
    USED(true, true),
    NEW_TRANSACTION(false, false),
    IN_TRANSACTION(false, true);

    private final boolean autoCommit;
    private final boolean query;

    Start(boolean autoCommit, boolean query) {
        this.autoCommit = autoCommit;
        this.query = query;
    }

    boolean autoCommit() {
        return autoCommit;
    }

    void of(Connection connection) throws SQLException {
        connection.setAutoCommit(autoCommit);
        if (query) {
            try (Statement statement = connection.createStatement();
                    ResultSet rows = statement.executeQuery("SELECT count(*) FROM things")) {
                rows.next();
            }
        }
    }
}
