package dev.tenancy.jdbc.poison;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Reads rows of one column. */
final class Rows {
    private Rows() {}

    /** What a prepared statement finds, its parameters set. */
    static List<String> strings(PreparedStatement select) throws SQLException {
        try (ResultSet rows = select.executeQuery()) {
            return strings(rows);
        }
    }

    /** What is left of these rows. */
    static List<String> strings(ResultSet rows) throws SQLException {
        List<String> found = new ArrayList<>();
        while (rows.next()) {
            found.add(String.valueOf(rows.getString(1)));
        }
        return found;
    }

    /** What a text finds with these parameters. */
    static List<String> of(Connection connection, String sql, String... parameters) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            set(select, parameters);
            return strings(select);
        }
    }

    /** How many rows a text changes with these parameters. */
    static int changed(Connection connection, String sql, String... parameters) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(sql)) {
            set(update, parameters);
            return update.executeUpdate();
        }
    }

    private static void set(PreparedStatement statement, String... parameters) throws SQLException {
        for (int i = 0; i < parameters.length; i++) {
            statement.setString(i + 1, parameters[i]);
        }
    }
}
