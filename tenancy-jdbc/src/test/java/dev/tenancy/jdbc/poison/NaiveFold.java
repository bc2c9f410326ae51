package dev.tenancy.jdbc.poison;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/** The binding in front of the statement, in one text, and nothing more: what one would do first. */
final class NaiveFold {
    private static final String BIND = "SELECT set_config('tenancy.tenant_id', ?, true);";

    private NaiveFold() {}

    /** Sets what a statement needs, with so many parameters before its own. */
    @FunctionalInterface
    interface Parameters {
        void set(PreparedStatement statement, int before) throws SQLException;
    }

    static PreparedStatement prepare(Connection connection, String tenant, String sql) throws SQLException {
        PreparedStatement statement = connection.prepareStatement(BIND + sql);
        statement.setString(1, tenant);
        return statement;
    }

    /** What the last statement of the text finds. */
    static List<String> found(Connection connection, String tenant, String sql, Parameters parameters)
            throws SQLException {
        try (PreparedStatement statement = prepare(connection, tenant, sql)) {
            parameters.set(statement, 1);
            statement.execute();
            return last(statement);
        }
    }

    /** The rows of the last result that has some. */
    static List<String> last(Statement statement) throws SQLException {
        List<String> last = List.of();
        boolean more = true;
        while (more) {
            try (ResultSet rows = statement.getResultSet()) {
                if (rows != null) {
                    last = Rows.strings(rows);
                }
            }
            more = statement.getMoreResults() || statement.getUpdateCount() >= 0;
        }
        return last;
    }
}
