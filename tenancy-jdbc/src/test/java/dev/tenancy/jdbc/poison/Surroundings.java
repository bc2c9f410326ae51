package dev.tenancy.jdbc.poison;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Everything about a session that somebody else could have changed. */
record Surroundings(Map<String, String> seen) {
    private static final List<String> QUESTIONS = List.of(
            "current_user",
            "session_user",
            "current_setting('role')",
            "current_schemas(true)",
            "coalesce(current_setting('host.customer', true), '')",
            "pg_my_temp_schema()",
            "(SELECT count(*) FROM pg_listening_channels())",
            "(SELECT count(*) FROM pg_cursors WHERE is_holdable)",
            "(SELECT count(*) FROM pg_prepared_statements WHERE from_sql)",
            "(SELECT count(*) FROM pg_locks WHERE pid = pg_backend_pid() AND locktype = 'advisory')");

    static Surroundings of(Connection connection) throws SQLException {
        Map<String, String> seen = new TreeMap<>();
        try (PreparedStatement select = connection.prepareStatement("SELECT name, setting FROM pg_settings");
                ResultSet rows = select.executeQuery()) {
            while (rows.next()) {
                seen.put(rows.getString(1), String.valueOf(rows.getString(2)));
            }
        }
        for (String question : QUESTIONS) {
            seen.put(question, Rows.of(connection, "SELECT " + question).get(0));
        }
        seen.put("own tickets", stateOf(connection, "SELECT currval('tickets')"));
        if (!connection.getAutoCommit()) {
            connection.rollback();
        }
        seen.put("autoCommit", String.valueOf(connection.getAutoCommit()));
        seen.put("readOnly", String.valueOf(connection.isReadOnly()));
        seen.put("isolation", String.valueOf(connection.getTransactionIsolation()));
        seen.put("holdability", String.valueOf(connection.getHoldability()));
        seen.put("network timeout", String.valueOf(connection.getNetworkTimeout()));
        seen.put("type map", String.valueOf(connection.getTypeMap()));
        seen.put("schema", String.valueOf(connection.getSchema()));
        seen.put("client info", String.valueOf(connection.getClientInfo("ApplicationName")));
        if (!connection.getAutoCommit()) {
            connection.rollback();
        }
        return new Surroundings(seen);
    }

    private static String stateOf(Connection connection, String sql) {
        try {
            return Rows.of(connection, sql).get(0);
        } catch (SQLException failure) {
            return failure.getSQLState();
        }
    }

    /** What is not as it was before. */
    List<String> changedSince(Surroundings before) {
        return seen.entrySet().stream()
                .filter(now -> !now.getValue().equals(before.seen.get(now.getKey())))
                .map(now -> now + " instead of " + before.seen.get(now.getKey()))
                .toList();
    }
}
