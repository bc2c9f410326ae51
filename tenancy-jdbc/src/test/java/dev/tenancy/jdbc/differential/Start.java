package dev.tenancy.jdbc.differential;

import dev.tenancy.jdbc.Way;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

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

    /** A session that is bound for good does not care what was done before. */
    List<Way> waysThatMayDiffer() {
        return query ? List.of(Way.TRANSACTION) : List.of(Way.values());
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
