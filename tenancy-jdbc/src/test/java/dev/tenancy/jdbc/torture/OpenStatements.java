package dev.tenancy.jdbc.torture;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/** A connection, and the statements that are open on it. */
abstract class OpenStatements {
    final Connection connection;
    final RandomGenerator random;
    private final Map<String, PreparedStatement> kept = new HashMap<>();
    private final List<Statement> made = new ArrayList<>();

    OpenStatements(Connection connection, RandomGenerator random) {
        this.connection = connection;
        this.random = random;
    }

    /** A statement that is closed after the step. */
    Statement statement() throws SQLException {
        return closedLater(connection.createStatement());
    }

    PreparedStatement prepared(String sql) throws SQLException {
        return closedLater(connection.prepareStatement(sql));
    }

    /** The same statement as the last time, which has seen other transactions. */
    PreparedStatement kept(String sql) throws SQLException {
        PreparedStatement statement = kept.get(sql);
        if (statement == null) {
            statement = connection.prepareStatement(sql);
            kept.put(sql, statement);
        }
        return statement;
    }

    <S extends Statement> S closedLater(S statement) {
        made.add(statement);
        return statement;
    }

    /** Closes what the step made; sometimes it is left to the close of the connection. */
    void stepEnded() throws SQLException {
        if (random.nextInt(4) > 0) {
            for (Statement statement : made) {
                statement.close();
            }
        }
        made.clear();
    }
}
